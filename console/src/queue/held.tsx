import { t } from "../i18n/index.ts";
import { chat } from "../store/chats.ts";
import { now } from "../store/clock.ts";
import { openChat } from "../store/route.ts";
import { current, pane } from "../store/view.ts";
import type { LogEvent, QueueItem } from "../wire/frames.ts";
import { Avatar, LanguageChip } from "../ui/chips.tsx";
import { Due } from "../ui/ticker.tsx";
import { LastWords, visitorName } from "./row.tsx";

/** newest gives the item with the transcript's last message where that is known: the board is told of handoffs, not of words. */
function newest(item: QueueItem, events: readonly LogEvent[]): QueueItem {
  const e = events.findLast((x) => x.kind === "message");
  if (!e || (events.at(-1)?.seq ?? 0) < item.last_seq) return item;
  return { ...item, last_text: typeof e["text"] === "string" ? e["text"] : "", last_role: e.role };
}

/** HeldRow is one chat in somebody's hands: mine with what is unread, another's with the name of who holds it. */
export function HeldRow({ item, holder = false }: { item: QueueItem; holder?: boolean }) {
  const c = chat(item.conversation);
  const open = current.value === item.conversation;
  const unread = holder ? 0 : c.unread.value;
  const typing = c.typing.value;
  const writes = typing?.role === "visitor" && typing.until > now.value;
  const draft = c.draft.value.reply.trim() !== "" && !open;
  const name = visitorName(item);
  return (
    <li>
      <button
        type="button"
        class={`held-row row-${item.severity || "none"}${open ? " row-open" : ""}${unread ? " held-unread" : ""}`}
        data-row={item.conversation}
        aria-current={open ? "true" : undefined}
        onClick={() => {
          openChat(item.conversation);
          pane.value = "chat";
        }}
      >
        <Avatar name={name} />
        <span class="held-body">
          <span class="row-top">
            <strong class="row-name" dir="auto">{name}</strong>
            <LanguageChip code={item.language} />
            {item.due_at && <Due at={item.due_at} />}
            {unread > 0 && (
              <span class="badge">
                {unread}
                <span class="sr-only"> {t("queue.unread")}</span>
              </span>
            )}
          </span>
          <span class="row-text">
            {holder && <span class="held-by">{item.agent?.name} ·&nbsp;</span>}
            {draft && <span class="held-draft">{t("queue.draft")}&nbsp;</span>}
            {writes ? <em>{t("chat.is_typing")}</em> : <LastWords item={newest(item, c.events.value)} />}
          </span>
        </span>
      </button>
    </li>
  );
}
