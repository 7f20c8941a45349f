import { useSignal } from "@preact/signals";
import { fullTime } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { policies, type PolicyChange, type PolicyVersion } from "../../wire/policies.ts";
import { Icon } from "../../ui/icon.tsx";
import { personName, whyNot } from "./outcome.tsx";
import { live, rollBack, versions } from "./store.ts";
import { number, w, wordOr } from "./words.ts";

/** History lists what was live when, why, and the way back. */
export function History() {
  const all = [...versions.value].sort((a, b) => b.version - a.version);
  return (
    <section class="policy-history" aria-labelledby="policy-history">
      <h2 id="policy-history">{w("history")}</h2>
      {all.length === 0 ? <p>{w("history_none")}</p> : (
        <ol>
          {all.map((v, i) => (
            <Version key={v.version} v={v} before={all[i + 1]?.version} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Version({ v, before }: { v: PolicyVersion; before: number | undefined }) {
  const busy = useSignal(false);
  const isLive = v.version === live.value?.version;
  const back = async () => {
    busy.value = true;
    try {
      const made = await rollBack(v.version, w("roll_reason", { version: v.version }));
      toast(w("rolled", { version: made, old: v.version }));
    } catch (err) {
      toast(whyNot(err), "error");
    }
    busy.value = false;
  };
  return (
    <li class="policy-version" data-version={v.version}>
      <div class="policy-head">
        <p>
          <strong>{w("version", { version: v.version })}</strong>{" "}
          {isLive && <span class="chip policy-live">{w("is_live")}</span>}{" "}
          <span class="quiet">{w("by", { name: personName(v.author), when: fullTime(v.at) })}</span>
        </p>
        {!isLive && me.value?.grade === "admin" && (
          <button type="button" class="button small" disabled={busy.value} onClick={() => void back()}>
            <Icon name="clock" />
            {w("roll_back", { version: v.version })}
          </button>
        )}
      </div>
      <p dir="auto">{v.reason}</p>
      {before === undefined ? <p class="quiet">{w("first")}</p> : <Differences from={before} to={v.version} />}
    </li>
  );
}

/** Differences fetches what one version changed when it is first opened. */
function Differences({ from, to }: { from: number; to: number }) {
  const list = useSignal<PolicyChange[] | undefined>(undefined);
  const failed = useSignal(false);
  const open = async (e: Event) => {
    if (!(e.currentTarget as HTMLDetailsElement).open || list.value) return;
    failed.value = false;
    try {
      list.value = await policies.diff(from, to);
    } catch {
      failed.value = true;
    }
  };
  return (
    <details onToggle={(e) => void open(e)}>
      <summary>{w("differences")}</summary>
      {failed.value && <p class="field-error">{t("error.unavailable")}</p>}
      {list.value?.length === 0 && <p>{w("equal")}</p>}
      <ul class="policy-diff">
        {list.value?.map((c) => (
          <li key={c.path}>
            {wordOr(`f.${c.path}`, c.path)}: {spelt(c.was)} <span aria-hidden="true">→</span>
            <span class="sr-only"> {w("becomes")} </span> <strong>{spelt(c.now)}</strong>
          </li>
        ))}
      </ul>
    </details>
  );
}

function spelt(v: unknown): string {
  if (v === null || v === undefined) return w("absent");
  if (typeof v === "number") return number(v);
  if (typeof v === "boolean") return w(v ? "on" : "off");
  return typeof v === "string" ? v : JSON.stringify(v);
}
