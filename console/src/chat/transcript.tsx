import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { clockTime, dayName } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { readAll } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import { now } from "../store/clock.ts";
import { letters } from "../store/link.ts";
import { target } from "../store/view.ts";
import { Icon } from "../ui/icon.tsx";
import { Bubble } from "./bubble.tsx";
import { markText } from "./marks.ts";
import { rowsOf, type Mark, type Row } from "./rows.ts";
import { TurnChip } from "./turn.tsx";

/** Transcript is the log of one conversation: it follows the end unless one has scrolled away from it. */
export function Transcript({ id, visitor }: { id: string; visitor: string }) {
  const c = chat(id);
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const below = useSignal(0);
  const flash = useSignal(0);
  const shown = useRef(0);
  const size = useRef("");
  const top = useRef(0);
  const toBottom = (el: Element) => {
    el.scrollTop = el.scrollHeight;
    top.current = el.scrollTop;
  };
  // What was unread when the chat was opened keeps its divider while one reads.
  const firstUnread = useRef(c.seen.value);
  const rows = useComputed(() => rowsOf(c.events.value, letters.value.filter((l) => l.conversation === id && !c.log.has(l.id))));

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    if (stuck.current) toBottom(el);
    else below.value++;
  }, [rows.value.length]);
  useEffect(() => {
    const read = () => {
      if (!document.hidden && document.hasFocus()) readAll(id);
    };
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [c.events.value]);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const stay = () => {
      if (stuck.current) toBottom(el);
      size.current = sizeOf(el);
    };
    const resized = new ResizeObserver(stay);
    resized.observe(el);
    // What a file looks like may come after its row.
    const filled = new MutationObserver(stay);
    filled.observe(el, { childList: true, subtree: true });
    return () => {
      resized.disconnect();
      filled.disconnect();
    };
  }, []);
  useSignalEffect(() => {
    const at = target.value;
    // The message may come later than the wish to see it: a chat that was found is only now being read.
    if (rows.value.length === 0 || !at || at.conversation !== id || at.nonce === shown.current) return;
    const el = box.current?.querySelector<HTMLElement>(`[data-seq="${at.seq}"]`);
    if (!el) return;
    shown.current = at.nonce;
    stuck.current = false;
    el.scrollIntoView({ block: "center" });
    flash.value = at.seq;
    setTimeout(() => (flash.value = 0), 1600);
  });

  const toEnd = () => {
    const el = box.current;
    stuck.current = true;
    below.value = 0;
    if (el) toBottom(el);
  };
  const typing = c.typing.value;
  const writes = typing && typing.until > now.value;
  const divider = unreadAt(rows.value, firstUnread.current);
  return (
    <div class="transcript-box">
      <div
        class="transcript"
        ref={box}
        role="log"
        aria-label={t("chat.transcript", { name: visitor })}
        aria-live={c.loaded.value ? "polite" : "off"}
        tabIndex={0}
        onScroll={(e) => {
          const el = e.currentTarget;
          // A scroll that a change of size brought along, as when the composer grows, is not the reader's. One upwards is: the browser
          // goes up by itself only as far as the new end, which counts as the end below.
          const broughtAlong = sizeOf(el) !== size.current && el.scrollTop >= top.current;
          size.current = sizeOf(el);
          top.current = el.scrollTop;
          if (broughtAlong) return;
          stuck.current = el.scrollHeight - el.scrollTop - el.clientHeight < 48;
          if (stuck.current) below.value = 0;
        }}
      >
        {rows.value.map((r, i) => (
          <>
            {i === divider && <div key="unread" class="unread-line"><span>{t("chat.new")}</span></div>}
            <RowView key={r.key} row={r} visitor={visitor} id={id} flash={r.row === "said" && r.seq > 0 && r.seq === flash.value} />
          </>
        ))}
      </div>
      <div class="typing" role="status">
        {writes && (
          <>
            <span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>
            {t("chat.typing", { name: typing.role === "visitor" ? visitor : typing.name })}
          </>
        )}
      </div>
      {below.value > 0 && (
        <button type="button" class="button to-end" onClick={toEnd}>
          <Icon name="down" size={12} />
          {t("chat.to_end")}
        </button>
      )}
    </div>
  );
}

const sizeOf = (el: Element) => `${el.clientHeight} ${el.scrollHeight}`;

/** unreadAt gives the index of the first row by the visitor that was not yet seen, or -1 if there is none or nothing before it. */
function unreadAt(rows: readonly Row[], seen: number): number {
  if (seen === 0) return -1;
  return rows.findIndex((r) => r.row === "said" && r.role === "visitor" && r.seq > seen);
}

function RowView({ row, visitor, id, flash }: { row: Row; visitor: string; id: string; flash: boolean }) {
  switch (row.row) {
    case "day":
      return <div class="day"><span>{dayName(row.at, now.value)}</span></div>;
    case "said":
      return <Bubble said={row} visitor={visitor} conversation={id} flash={flash} />;
    case "turn":
      return <TurnChip turn={row} />;
    case "mark":
      return <MarkLine mark={row} />;
  }
}

function MarkLine({ mark }: { mark: Mark }) {
  const m = markText(mark.event);
  return (
    <div class={`mark${m.tone ? ` mark-${m.tone}` : ""}`} data-seq={mark.seq}>
      <p>
        <Icon name={m.icon} size={13} />
        <span dir="auto">{m.text}</span>
        <time dateTime={mark.event.at}>{clockTime(mark.event.at)}</time>
      </p>
      {m.quote && <blockquote dir="auto">{m.quote}</blockquote>}
      {!!m.more?.length && (
        <ul class="mark-more">
          {m.more.map((line) => <li key={line} dir="auto">{line}</li>)}
        </ul>
      )}
    </div>
  );
}
