import { useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { t } from "../i18n/index.ts";
import { chat, write } from "../store/chats.ts";
import { cannedRank, cannedReplies, fill, loadCanned, noteUse, type Canned } from "./canned.ts";

/** The ready replies of one composer: open after a slash that begins a word, narrowed by what follows it. */
export interface CannedState {
  open: Signal<boolean>;
  shown: ReadonlySignal<Canned[]>;
  at: Signal<number>;
  typed(value: string): void;
  keydown(e: KeyboardEvent): boolean;
  show(): void;
  close(): void;
  pick(c: Canned): void;
  activeId(): string | undefined;
}

/** A slash that begins a word, up to the caret. */
const SLASH = /(^|\s)\/(\S*)$/;

export function useCanned(id: string, language: string, area: RefObject<HTMLTextAreaElement | null>): CannedState {
  const open = useSignal(false);
  const query = useSignal("");
  const at = useSignal(0);
  const shown = useComputed(() =>
    cannedReplies(language)
      .map((c) => ({ c, rank: cannedRank(c, query.value) }))
      .filter((x) => x.rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .map((x) => x.c),
  );
  // The reply takes the place of the slash and what was typed after it; what stands around it stays.
  const pick = (c: Canned) => {
    const text = chat(id).draft.value.reply;
    const caret = area.current?.selectionStart ?? text.length;
    const before = text.slice(0, caret).replace(SLASH, "$1");
    const put = fill(c.text, id);
    write(id, { reply: before + put + text.slice(caret) });
    noteUse(c.id);
    open.value = false;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(before.length + put.length, before.length + put.length);
    });
  };
  return {
    open, shown, at, pick,
    typed(value) {
      const m = SLASH.exec(value.slice(0, area.current?.selectionStart ?? value.length));
      open.value = m !== null;
      query.value = m?.[2] ?? "";
      at.value = 0;
      if (m) void loadCanned();
    },
    keydown(e) {
      if (!open.value) return false;
      const many = shown.value.length;
      if (e.key === "ArrowDown") at.value = (at.value + 1) % Math.max(1, many);
      else if (e.key === "ArrowUp") at.value = (at.value - 1 + many) % Math.max(1, many);
      else if (e.key === "Escape") open.value = false;
      else if ((e.key === "Enter" || e.key === "Tab") && shown.value[at.value]) pick(shown.value[at.value] as Canned);
      else return false;
      e.preventDefault();
      e.stopPropagation();
      requestAnimationFrame(() => document.getElementById(`canned-${at.value}`)?.scrollIntoView({ block: "nearest" }));
      return true;
    },
    show() {
      query.value = "";
      at.value = 0;
      open.value = !open.value;
      void loadCanned();
      area.current?.focus();
    },
    close() {
      open.value = false;
    },
    activeId: () => (shown.value[at.value] ? `canned-${at.value}` : undefined),
  };
}

/** CannedList shows the ready replies over the composer. */
export function CannedList({ canned, id }: { canned: CannedState; id: string }) {
  return (
    <div class="canned" id="canned" role="listbox" tabIndex={0} aria-label={t("composer.canned")}>
      {canned.shown.value.length === 0 && <p class="list-empty">{t("composer.no_canned")}</p>}
      {canned.shown.value.map((c, i) => (
        <div
          key={c.id}
          id={`canned-${i}`}
          role="option"
          aria-selected={i === canned.at.value}
          class="canned-item"
          onMouseDown={(e) => {
            e.preventDefault();
            canned.pick(c);
          }}
        >
          <span class="canned-top">
            <b>{c.title}</b> <code>/{c.key}</code>
          </span>
          <span class="canned-text" dir="auto">{fill(c.text, id)}</span>
        </div>
      ))}
    </div>
  );
}
