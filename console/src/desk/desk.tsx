import { useEffect } from "preact/hooks";
import { useSignalEffect } from "@preact/signals";
import { ChatPane } from "../chat/pane.tsx";
import { SidePane } from "../brief/side.tsx";
import { t } from "../i18n/index.ts";
import { QueuePane } from "../queue/list.tsx";
import { unreadTotal } from "../store/chats.ts";
import { waiting } from "../store/board.ts";
import { current, listed, pane } from "../store/view.ts";
import { lazy } from "../ui/lazy.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { follow } from "./follow.ts";
import { keys } from "./keys.ts";
import { LineState } from "./line.tsx";
import { Overlays } from "./overlays.tsx";
import { Rail } from "./rail.tsx";
import { showBadge } from "./badge.ts";
import "./desk.css";

const SearchPane = lazy(() => import("../search/pane.tsx"));

/** Desk is the agent's working day: queue, conversation, brief. */
export function Desk() {
  useEffect(() => {
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
  useSignalEffect(follow);
  useSignalEffect(() => showBadge(unreadTotal.value));
  return (
    <main class="desk" data-pane={pane.value} data-open={current.value ? "yes" : "no"}>
      <h1 class="sr-only">{t("app.title")}</h1>
      <Rail />
      <LineState />
      {listed.value === "search" ? <SearchPane /> : <QueuePane />}
      <ChatPane />
      <SidePane />
      <Tabs />
      <Overlays />
    </main>
  );
}

/** Tabs choose the pane where only one fits. */
function Tabs() {
  const tab = (name: "list" | "chat" | "side", icon: IconName, text: string, count: number) => (
    <button type="button" class="tab" aria-pressed={pane.value === name} onClick={() => (pane.value = name)}>
      <Icon name={icon} size={18} />
      {text}
      {count > 0 && <span class="badge">{count}</span>}
    </button>
  );
  return (
    <nav class="tabs" aria-label={t("desk.panes")}>
      {tab("list", "inbox", t("desk.list"), waiting.value.length)}
      {tab("chat", "chat", t("desk.chat"), unreadTotal.value)}
      {tab("side", "brief", t("desk.brief"), 0)}
    </nav>
  );
}
