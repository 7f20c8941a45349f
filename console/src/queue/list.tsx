import { useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { acceptNext } from "../store/acts.ts";
import { boardKnown, colleagues, isSupervisor, longestSince, mine, nextForMe, others, waiting } from "../store/board.ts";
import { aria, keyOf, shown } from "../desk/shortcuts.ts";
import { startSearch } from "../desk/keys.ts";
import { pickedNow, show } from "../store/view.ts";
import { Icon } from "../ui/icon.tsx";
import { Shortcut } from "../ui/shortcut.tsx";
import { Since } from "../ui/ticker.tsx";
import { HeldRow } from "./held.tsx";
import { BulkBar } from "./bulk.tsx";
import { PresencePicker } from "./presence.tsx";
import { WaitingRow } from "./row.tsx";
import { VirtualList } from "./virtual.tsx";
import "./queue.css";

export const ROW_HEIGHT = 82;

/** QueuePane is the left column: who I am, what is mine, what waits. */
export function QueuePane() {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <section class="pane pane-list" aria-label={t("queue.title")}>
      <header class="list-head">
        <PresencePicker />
        <button type="button" class="button ghost here" aria-label={t("team.here", { count: here() })} title={t("team.title")} onClick={() => show({ kind: "team" })}>
          <Icon name="team" />
          <span class="count" aria-hidden="true">{here()}</span>
        </button>
        <button type="button" class="button ghost square" aria-label={t("search.title")} title={`${t("search.title")} (${shown(keyOf("search"))})`} aria-keyshortcuts={aria("search")} onClick={startSearch}>
          <Icon name="search" />
        </button>
      </header>
      {pickedNow.value.length > 0 ? <BulkBar /> : <AcceptBar />}
      <div class="list-scroll" ref={scroller}>
        <Mine />
        <h2 class="list-title">
          {t("queue.waiting")} <span class="count">{waiting.value.length}</span>
        </h2>
        {boardKnown.value && waiting.value.length === 0 && <p class="list-empty">{t("queue.empty")}</p>}
        {!boardKnown.value && <Skeleton />}
        <VirtualList
          label={t("queue.waiting")}
          items={waiting.value}
          rowHeight={ROW_HEIGHT}
          scroller={scroller}
          keyOf={(i) => i.conversation}
          row={(i) => <WaitingRow item={i} />}
        />
        {isSupervisor.value && others.value.length > 0 && <Others />}
      </div>
    </section>
  );
}

/** here counts who takes chats now, oneself included. */
const here = () => colleagues.value.filter((c) => c.state === "online" || c.state === "busy").length;

function AcceptBar() {
  const next = nextForMe.value;
  const many = waiting.value.length;
  return (
    <div class="accept-bar">
      <button type="button" class="button primary accept-next" disabled={!next} onClick={() => void acceptNext()} aria-keyshortcuts={aria("accept")}>
        {t("queue.accept_next")}
        <span class="count">{many}</span>
        <Shortcut of="accept" />
      </button>
      {longestSince.value > 0 && (
        <span class="longest">
          <Icon name="clock" size={12} />
          {t("queue.longest")} <Since at={longestSince.value} />
        </span>
      )}
    </div>
  );
}

function Mine() {
  return (
    <>
      <h2 class="list-title">
        {t("queue.mine")} <span class="count">{mine.value.length}</span>
      </h2>
      {mine.value.length === 0 && <p class="list-empty">{t("queue.mine_empty")}</p>}
      <ul class="held" aria-label={t("queue.mine")}>
        {mine.value.map((i) => (
          <HeldRow key={i.conversation} item={i} />
        ))}
      </ul>
    </>
  );
}

function Others() {
  return (
    <>
      <h2 class="list-title">
        {t("queue.others")} <span class="count">{others.value.length}</span>
      </h2>
      <ul class="held" aria-label={t("queue.others")}>
        {others.value.map((i) => (
          <HeldRow key={i.conversation} item={i} holder />
        ))}
      </ul>
    </>
  );
}

function Skeleton() {
  return (
    <div class="skeletons" aria-hidden="true">
      <div class="skeleton" />
      <div class="skeleton" />
      <div class="skeleton" />
    </div>
  );
}
