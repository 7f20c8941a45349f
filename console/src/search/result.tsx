import { fullTime, shortDate, unnamed } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { causeOf } from "../store/board.ts";
import { openChat } from "../store/route.ts";
import { current, jumpTo, pane } from "../store/view.ts";
import { LanguageChip } from "../ui/chips.tsx";
import { pieces, type Hit } from "./store.ts";

const SPEAKERS = { visitor: "", bot: "chat.bot", agent: "chat.agent", system: "chat.system" } as const;

/** Result is one conversation that was found: who, when, the words with what was looked for, and what became of it. */
export function Result({ hit }: { hit: Hit }) {
  const c = hit.conversation;
  const at = hit.at ?? c.created_at ?? "";
  const speaker = SPEAKERS[hit.role ?? "visitor"];
  const text = hit.text ?? c.last_text ?? "";
  const open = () => {
    openChat(c.id);
    pane.value = "chat";
    if (hit.seq) jumpTo(c.id, hit.seq);
  };
  return (
    <li>
      <button type="button" class={`hit${current.value === c.id ? " row-open" : ""}`} data-row={c.id} aria-current={current.value === c.id ? "true" : undefined} onClick={open} onKeyDown={walk}>
        <span class="row-top">
          <strong class="row-name" dir="auto">{hit.customer || unnamed(c.visitor)}</strong>
          <LanguageChip code={c.language} />
          <time class="hit-when" dateTime={at} title={at && fullTime(at)}>{at && shortDate(at)}</time>
        </span>
        <span class="hit-text" dir="auto">
          {speaker && hit.kind === "message" && <span class="quiet">{t(speaker)}: </span>}
          {hit.kind === "note" && <span class="quiet">{t("composer.note")}: </span>}
          {pieces(text, hit.marks ?? []).map((p, i) => (p.marked ? <mark key={i}>{p.text}</mark> : p.text))}
        </span>
        <span class="row-meta">
          <span class="row-reason">
            {[named("owner", c.owner), c.agent_name, c.cause && causeOf(c.cause), c.outcome && named("outcome", c.outcome), !c.cause && named("topic", c.topic)].filter(Boolean).join(" · ")}
          </span>
        </span>
      </button>
    </li>
  );
}

/** walk moves up and down the results; above the first is the field. */
function walk(e: KeyboardEvent): void {
  if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
  e.preventDefault();
  const li = (e.currentTarget as HTMLElement).closest("li");
  const to = e.key === "ArrowDown" ? li?.nextElementSibling : li?.previousElementSibling;
  const next = to?.querySelector("button") ?? (e.key === "ArrowUp" ? document.getElementById("search-words") : null);
  next?.focus();
}
