import { t } from "../i18n/index.ts";
import { keepPromise } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import { jumpTo, show } from "../store/view.ts";
import type { LogEvent } from "../wire/frames.ts";
import { Due } from "../ui/ticker.tsx";

const str = (v: unknown) => (typeof v === "string" ? v : "");

/** openPromises gives what is promised and neither kept nor broken, each as it stands last, the next due first. */
export function openPromises(events: readonly LogEvent[]): LogEvent[] {
  const last = new Map<string, LogEvent>();
  for (const e of events) if (e.kind === "promise") last.set(e.id ?? "", e);
  return [...last.values()]
    .filter((e) => !["kept", "broken"].includes(str(e["state"])))
    .sort((a, b) => Date.parse(str(a["due_at"])) - Date.parse(str(b["due_at"])));
}

/** Promises lists what this customer was promised, with the time that is left; who holds the chat settles it here. */
export function Promises({ id, mine }: { id: string; mine: boolean }) {
  const open = openPromises(chat(id).events.value);
  if (open.length === 0) return null;
  return (
    <section class="card promises">
      <h2>{t("promise.open")}</h2>
      <ul>
        {open.map((e) => (
          <li key={e.id}>
            <button type="button" class="jump" title={t("brief.show")} onClick={() => jumpTo(id, e.seq)}>
              <span dir="auto">{e.text}</span>
            </button>
            <span class="promise-foot">
              {str(e["due_at"]) && <Due at={str(e["due_at"])} what="promise" />}
              {mine && (
                <>
                  <button type="button" class="button small" onClick={() => void keepPromise(id, e.id ?? "")}>{t("promise.kept")}</button>
                  <button type="button" class="button small" onClick={() => show({ kind: "promise", id, renew: e.id ?? "" })}>{t("promise.renew")}</button>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
