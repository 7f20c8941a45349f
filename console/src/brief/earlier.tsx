import { shortDate } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { causeOf } from "../store/board.ts";
import { chat } from "../store/chats.ts";
import { openChat } from "../store/route.ts";

/** Earlier lists the visitor's other conversations, newest first. */
export function Earlier({ id }: { id: string }) {
  const earlier = chat(id).earlier.value;
  if (!earlier) return null;
  return (
    <section class="card">
      <h2>
        {t("earlier.title")} <span class="count">{earlier.length}</span>
      </h2>
      {earlier.length === 0 && <p class="quiet">{t("earlier.none")}</p>}
      <ul class="earlier">
        {earlier.map((p) => (
          <li key={p.id}>
            <button type="button" class="jump" onClick={() => openChat(p.id)}>
              <time dateTime={p.created_at}>{shortDate(p.created_at)}</time>
              <span class="earlier-what">
                {p.cause ? causeOf(p.cause) : p.topic ? named("topic", p.topic) : t("earlier.untold")}
                {p.last_text && <span class="quiet" dir="auto">{p.last_text}</span>}
              </span>
              <span class={`tag outcome-${p.outcome || p.owner}`}>{p.outcome ? named("outcome", p.outcome) : named("owner", p.owner)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
