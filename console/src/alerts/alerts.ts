import { unnamed } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { askedFor } from "../store/acts.ts";
import { board, fits, me } from "../store/board.ts";
import { presence } from "../store/link.ts";
import { notices, sounds, type Alert } from "../store/prefs.ts";
import { openChat } from "../store/route.ts";
import { current, pane } from "../store/view.ts";
import type { LogEvent, QueueItem } from "../wire/frames.ts";
import { ring } from "./sound.ts";

/** inFocus reports whether the agent is looking at this very chat: then nothing rings. */
const inFocus = (id: string) => current.value === id && !document.hidden && document.hasFocus();

let lastRing = 0;

function tell(kind: Alert, id: string, title: string, body: string): void {
  if (inFocus(id) || presence.value === "offline") return;
  // A burst rings once.
  if (sounds.value[kind] && Date.now() - lastRing > 1500) {
    lastRing = Date.now();
    ring(kind);
  }
  if (!notices.value[kind] || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const n = new Notification(title, { body, tag: `${kind}-${id}` });
  n.onclick = () => {
    window.focus();
    openChat(id);
    pane.value = "chat";
    n.close();
  };
}

/** The last seq of each of my chats when it became mine: what was said by then was told with the chat itself. */
const begun = new Map<string, number>();

/** boardAlerts tells of chats that began to wait and that fit me, and of those that were given to me. */
export function boardAlerts(before: ReadonlyMap<string, QueueItem>, after: ReadonlyMap<string, QueueItem>, first: boolean): void {
  if (first) return;
  const id = me.value?.id;
  for (const [key, item] of after) {
    const was = before.get(key);
    if (was === item) continue;
    const name = () => item.visitor.name || unnamed(item.visitor.id);
    const mine = item.owner === "agent" && item.agent?.id === id;
    const became = mine && !(was?.owner === "agent" && was.agent?.id === id);
    if (became) begun.set(key, item.last_seq);
    if (item.owner === "queue" && was?.owner !== "queue" && fits(item, me.value)) {
      tell("waiting", key, t("alert.waits", { name: name() }), [named("severity", item.severity || ""), named("reason", item.reason)].filter(Boolean).join(" · "));
    } else if (became && !askedFor(key)) {
      tell("given", key, t("alert.is_yours", { name: name() }), item.last_text ?? "");
    }
    // Near its due time: mine, or one that I could take.
    const concerns = item.owner === "agent" ? mine : fits(item, me.value);
    if (item.warned && !was?.warned && was && concerns) tell("due", key, t("alert.is_due", { name: name() }), item.last_text ?? "");
  }
}

/** History read on a reconnect is no news. */
const recent = (e: LogEvent) => Date.now() - Date.parse(e.at) < 60_000;

/** eventAlerts tells of what visitors write in my chats. */
export function eventAlerts(conversation: string, fresh: LogEvent[], name: string): void {
  const since = begun.get(conversation) ?? 0;
  const said = fresh.findLast((e) => (e.kind === "message" || e.kind === "file") && e.role === "visitor" && e.seq > since);
  if (said && recent(said)) tell("message", conversation, name, said.text ?? String(said["file_name"] ?? ""));
  const whisper = fresh.findLast((e) => e.kind === "note" && e["whisper"] === true && e["sender"] !== me.value?.id);
  if (whisper && recent(whisper)) tell("whisper", conversation, t("alert.whispers", { name: whisper.name ?? "" }), whisper.text ?? "");
  // What was promised, and the time that somebody who left a message was told: of my own clock the board tells.
  const own = Date.parse(board.value.get(conversation)?.due_at ?? "");
  const near = (e: LogEvent) => e.kind === "promise" || (e.kind === "clock" && e.seq > since && Date.parse(String(e["due_at"])) !== own);
  const due = fresh.findLast((e) => e["state"] === "warned" && near(e));
  if (due && recent(due)) tell("due", conversation, t("alert.is_due", { name }), due.text ?? "");
}
