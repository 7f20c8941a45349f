import { pagesFor } from "../admin/pages.ts";
import { LANGUAGES, speak, t, type Language } from "../i18n/index.ts";
import { keyOf, shown, type Action } from "../desk/shortcuts.ts";
import { startAttach, startSearch } from "../desk/keys.ts";
import { accept, acceptNext, release, returnToBot, signOut } from "../store/acts.ts";
import { focusEdit } from "../brief/focus.ts";
import { askSuggestion, canSuggest } from "../store/suggest.ts";
import { edit } from "../store/amend.ts";
import { board, isSupervisor, me, mine, others, waiting } from "../store/board.ts";
import { chat } from "../store/chats.ts";
import { heldByMe, setPresence } from "../store/link.ts";
import { briefView, language, sendKey, singleKeys, theme } from "../store/prefs.ts";
import { go, openChat } from "../store/route.ts";
import { current, pane, show } from "../store/view.ts";
import type { IconName } from "../ui/icon.tsx";
import { visitorName } from "../queue/row.tsx";

/** One thing the palette can do. */
export interface Entry {
  key: string;
  title: string;
  /** further words to find it by, shown small */
  also?: string;
  keys?: string;
  icon: IconName;
  run(): void;
}

const keysOf = (action: Action) => ({ keys: shown(keyOf(action)) });

/** entries gives everything that can be done here and now, nearest first. */
export function entries(): Entry[] {
  return [...here(), ...chats(), ...everywhere(), ...settings()];
}

function here(): Entry[] {
  const id = current.value;
  const item = board.value.get(id);
  const out: Entry[] = [];
  if (item?.owner === "queue" || item?.owner === "ticket") {
    out.push({ key: "accept", title: t("queue.accept_name", { name: visitorName(item) }), ...keysOf("accept"), icon: "check", run: () => void accept(id) });
  }
  if (id && heldByMe(id)) {
    out.push(
      ...(canSuggest.value ? [{ key: "suggest", title: t("keys.suggest"), ...keysOf("suggest"), icon: "spark" as const, run: () => void askSuggestion(id, chat(id).log.last) }] : []),
      ...(chat(id).detail.value?.limits?.file ? [{ key: "attach", title: t("keys.attach"), ...keysOf("attach"), icon: "clip" as const, run: startAttach }] : []),
      { key: "transfer", title: t("chat.transfer"), ...keysOf("transfer"), icon: "transfer", run: () => show({ kind: "transfer", id }) },
      { key: "escalate", title: t("chat.escalate"), ...keysOf("escalate"), icon: "up", run: () => show({ kind: "escalate", id }) },
      { key: "close", title: t("chat.close"), ...keysOf("close"), icon: "check", run: () => show({ kind: "close", id }) },
      { key: "offer", title: t("chat.offer"), ...keysOf("offer"), icon: "gift", run: () => show({ kind: "offer", id }) },
      { key: "promise", title: t("chat.promise"), ...keysOf("promise"), icon: "promise", run: () => show({ kind: "promise", id }) },
      { key: "call", title: t("chat.call"), icon: "phone", run: () => show({ kind: "promise", id, call: true }) },
      { key: "complaint", title: t("chat.complaint"), icon: "brief", run: () => show({ kind: "complaint", id }) },
      { key: "correct", title: t("keys.correct"), ...keysOf("correct"), icon: "pencil", run: () => (pane.value = "side", briefView.value = "facts", focusEdit("")) },
      { key: "sort", title: t("keys.sort"), ...keysOf("sort"), icon: "tag", run: () => (pane.value = "side", edit(id, "sort")) },
      { key: "return", title: t("chat.return"), icon: "bot", run: () => void returnToBot(id) },
      { key: "release", title: t("chat.release"), icon: "inbox", run: () => void release(id) },
    );
  }
  return out;
}

function chats(): Entry[] {
  const all = [...mine.value, ...waiting.value.slice(0, 200), ...(isSupervisor.value ? others.value : [])];
  return all.map((i) => ({
    key: `c${i.conversation}`,
    title: visitorName(i),
    also: i.last_text ?? "",
    icon: i.owner === "agent" ? "chat" : "inbox",
    run: () => {
      openChat(i.conversation);
      pane.value = "chat";
    },
  }));
}

function everywhere(): Entry[] {
  return [
    { key: "next", title: t("queue.accept_next"), ...keysOf("accept"), icon: "inbox", run: () => void acceptNext() },
    { key: "online", title: t("presence.online"), also: t("palette.presence"), icon: "user", run: () => setPresence("online") },
    { key: "busy", title: t("presence.busy"), also: t("palette.presence"), icon: "user", run: () => setPresence("busy") },
    { key: "wrapping", title: t("presence.wrapping_up"), also: t("palette.presence"), icon: "user", run: () => setPresence("wrapping_up") },
    { key: "away", title: t("presence.away"), also: t("palette.presence"), icon: "user", run: () => setPresence("away") },
    { key: "offline", title: t("presence.offline"), also: t("palette.presence"), icon: "user", run: () => setPresence("offline") },
    ...pagesFor(me.value).map((p): Entry => ({ key: `admin ${p.path}`, title: t(p.title), also: t("admin.title"), icon: p.icon, run: () => go(`#/admin/${p.path}`) })),
    { key: "search", title: t("search.title"), ...keysOf("search"), icon: "search", run: startSearch },
    { key: "team", title: t("team.title"), icon: "team", run: () => show({ kind: "team" }) },
    ...(isSupervisor.value ? [{ key: "wall", title: t("wall.title"), icon: "wall" as const, run: () => go("#/wall") }] : []),
    { key: "settings", title: t("settings.title"), icon: "gear", run: () => show({ kind: "settings" }) },
    { key: "help", title: t("help.title"), ...keysOf("help"), icon: "help", run: () => show({ kind: "help" }) },
    { key: "out", title: t("presence.sign_out"), icon: "out", run: () => void signOut() },
  ];
}

function settings(): Entry[] {
  const speaks = Object.entries(LANGUAGES).map(([code, name]): Entry => ({
    key: `lang${code}`,
    title: name,
    also: t("settings.language"),
    icon: "globe",
    run: () => {
      language.value = code;
      void speak(code as Language);
    },
  }));
  return [
    { key: "light", title: t("settings.to_light"), also: t("settings.theme"), icon: "sun", run: () => (theme.value = "light") },
    { key: "dark", title: t("settings.to_dark"), also: t("settings.theme"), icon: "moon", run: () => (theme.value = "dark") },
    { key: "send", title: sendKey.value === "enter" ? t("settings.send_ctrl") : t("settings.send_enter"), also: t("settings.send"), icon: "send", run: () => (sendKey.value = sendKey.value === "enter" ? "ctrl" : "enter") },
    { key: "single", title: singleKeys.value ? t("palette.keys_off") : t("palette.keys_on"), icon: "gear", run: () => (singleKeys.value = !singleKeys.value) },
    ...speaks,
  ];
}
