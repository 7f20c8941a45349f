import { named, t } from "../i18n/index.ts";
import { accept } from "../store/acts.ts";
import { fits, isSupervisor, me } from "../store/board.ts";
import { current, pane, pick, picked } from "../store/view.ts";
import { openChat } from "../store/route.ts";
import { unnamed } from "../i18n/format.ts";
import type { QueueItem } from "../wire/frames.ts";
import { LanguageChip, SeverityChip } from "../ui/chips.tsx";
import { Due, Since } from "../ui/ticker.tsx";

export const visitorName = (item: QueueItem) => item.visitor.name || unnamed(item.visitor.id);

/** LastWords is the last message in its own direction, with its speaker where it was not the visitor. */
export function LastWords({ item }: { item: QueueItem }) {
  const by = item.last_role === "bot" ? t("chat.bot") : item.last_role === "agent" ? t("chat.agent") : "";
  return (
    <>
      {by && item.last_text && <span>{by}:&nbsp;</span>}
      <span class="row-words" dir="auto">{item.last_text}</span>
    </>
  );
}

/** WaitingRow is one waiting conversation: who, how urgent, since when, what was said, why, and until when. */
export function WaitingRow({ item }: { item: QueueItem }) {
  const open = current.value === item.conversation;
  const mineToTake = fits(item, me.value);
  const name = visitorName(item);
  return (
    <div class={`row row-${item.severity || "none"}${open ? " row-open" : ""}${mineToTake ? "" : " row-unfit"}${isSupervisor.value ? " row-pickable" : ""}`}>
      {isSupervisor.value && (
        <input type="checkbox" class={picked.value.size > 0 ? "row-pick row-pick-on" : "row-pick"} tabIndex={picked.value.size > 0 ? 0 : -1} aria-label={t("bulk.pick", { name })} checked={picked.value.has(item.conversation)} onChange={() => pick(item.conversation)} />
      )}
      <button
        type="button"
        class="row-main"
        data-row={item.conversation}
        aria-current={open ? "true" : undefined}
        onClick={() => {
          openChat(item.conversation);
          pane.value = "chat";
        }}
      >
        <span class="row-top">
          <SeverityChip severity={item.severity} />
          <strong class="row-name" dir="auto">{name}</strong>
          <LanguageChip code={item.language} />
          <span class="tag" title={named("level", String(item.level))}>L{item.level}</span>
          {(item.handovers ?? 0) > 0 && <span class="tag tag-warn" title={t("queue.handovers")}>×{item.handovers}</span>}
          <span class="row-wait">{item.requested_at && <Since at={item.requested_at} label={t("queue.waits")} />}</span>
        </span>
        <span class="row-text"><LastWords item={item} /></span>
        <span class="row-meta">
          <span class="row-reason">
            {[item.owner === "ticket" ? t("queue.ticket") : named("reason", item.reason), named("skill", item.skill)].filter(Boolean).join(" · ")}
          </span>
        </span>
      </button>
      <span class="row-side">
        {item.due_at && <Due at={item.due_at} />}
        <button type="button" class="button small row-accept" disabled={!mineToTake} aria-label={t("queue.accept_name", { name })} onClick={() => void accept(item.conversation)}>
          {t("queue.accept")}
        </button>
      </span>
    </div>
  );
}
