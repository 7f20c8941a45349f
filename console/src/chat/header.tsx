import { languageName } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { release, returnToBot } from "../store/acts.ts";
import { isSupervisor } from "../store/board.ts";
import { chat, visitorOf } from "../store/chats.ts";
import { go } from "../store/route.ts";
import { pane, show } from "../store/view.ts";
import { aria, keyOf, shown } from "../desk/shortcuts.ts";
import { Avatar, SeverityChip } from "../ui/chips.tsx";
import { Shortcut } from "../ui/shortcut.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { Due, Since } from "../ui/ticker.tsx";
import type { Facing } from "./facing.ts";

/** ChatHeader says who this is and how it stands, and holds what can be done with the chat. */
export function ChatHeader({ facing: f }: { facing: Facing }) {
  const visitor = visitorOf(chat(f.id));
  const item = f.item;
  const open = f.owner !== "closed" && f.owner !== undefined;
  const mayClose = open && (f.mine || isSupervisor.value);
  return (
    <header class="chat-head">
      <button type="button" class="button ghost square back" aria-label={t("chat.back")} onClick={() => { pane.value = "list"; go("#/queue"); }}>
        <span class="flip"><Icon name="right" /></span>
      </button>
      <Avatar name={f.name} size={34} />
      <div class="chat-who">
        <h2 dir="auto">
          <span class="chat-name" title={f.name}>{f.name}</span>
          {visitor.verified && <span class="verified" title={t("visitor.verified")}><Icon name="check" size={12} /><span class="sr-only">{t("visitor.verified")}</span></span>}
        </h2>
        <p class="chat-state">
          <SeverityChip severity={item?.severity} />
          {f.language && <span>{languageName(f.language)}</span>}
          {item?.topic && <span>{named("topic", item.topic)}</span>}
          {item && item.owner !== "agent" && item.requested_at && <span class="chat-wait"><Icon name="clock" size={12} /> <Since at={item.requested_at} label={t("queue.waits")} /></span>}
          {item?.due_at && <Due at={item.due_at} />}
        </p>
      </div>
      <div class="chat-acts">
        <button type="button" class="button ghost square side-toggle" aria-label={t("desk.brief")} title={t("desk.brief")} aria-pressed={pane.value === "side"} onClick={() => (pane.value = pane.value === "side" ? "chat" : "side")}>
          <Icon name="brief" />
        </button>
        {f.mine && (
          <button type="button" class="button act-transfer" aria-keyshortcuts={aria("transfer")} onClick={() => show({ kind: "transfer", id: f.id })}>
            <Icon name="transfer" size={14} />
            <span class="act-text">{t("chat.transfer")}</span> <Shortcut of="transfer" />
          </button>
        )}
        {mayClose && (
          <button type="button" class="button act-close" aria-keyshortcuts={aria("close")} onClick={() => show({ kind: "close", id: f.id })}>
            <Icon name="check" size={14} />
            <span class="act-text">{t("chat.close")}</span> <Shortcut of="close" />
          </button>
        )}
        {(f.mine || (open && f.owner === "queue")) && (
          <Menu
            label={t("chat.more")}
            class="button ghost square"
            place="below-end"
            button={<Icon name="more" />}
            items={[
              { key: "up", label: t("chat.escalate"), hint: shown(keyOf("escalate")), lead: <Icon name="up" size={14} />, onPick: () => show({ kind: "escalate", id: f.id }) },
              ...(f.mine
                ? [
                    { key: "offer", label: t("chat.offer"), hint: shown(keyOf("offer")), lead: <Icon name="gift" size={14} />, onPick: () => show({ kind: "offer", id: f.id }) },
                    { key: "promise", label: t("chat.promise"), hint: shown(keyOf("promise")), lead: <Icon name="promise" size={14} />, onPick: () => show({ kind: "promise", id: f.id }) },
                    { key: "call", label: t("chat.call"), lead: <Icon name="phone" size={14} />, onPick: () => show({ kind: "promise", id: f.id, call: true }) },
                    { key: "complaint", label: t("chat.complaint"), lead: <Icon name="brief" size={14} />, onPick: () => show({ kind: "complaint", id: f.id }) },
                    { key: "bot", label: t("chat.return"), lead: <Icon name="bot" size={14} />, onPick: () => void returnToBot(f.id) },
                    { key: "release", label: t("chat.release"), lead: <Icon name="inbox" size={14} />, onPick: () => void release(f.id) },
                  ]
                : []),
            ]}
          />
        )}
      </div>
    </header>
  );
}
