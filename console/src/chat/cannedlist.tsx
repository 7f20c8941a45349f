import { useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { t } from "../i18n/index.ts";
import { write } from "../store/chats.ts";
import { cannedRank, cannedReplies, fill, type Canned } from "./canned.ts";

/** The ready replies of one composer: open after a slash at the start, narrowed by what follows it. */
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

export function useCanned(id: string, language: string, visitor: string, area: RefObject<HTMLTextAreaElement | null>): CannedState {
  const open = useSignal(false);
  const query = useSignal("");
  const at = useSignal(0);
  const all = useSignal<Canned[]>([]);
  const shown = useComputed(() =>
    all.value
      .map((c) => ({ c, rank: cannedRank(c, query.value) }))
      .filter((x) => x.rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .map((x) => x.c),
  );
  const load = async () => {
    all.value = await cannedReplies(language);
  };
  const pick = (c: Canned) => {
    write(id, { reply: fill(c.text, visitor) });
    open.value = false;
    requestAnimationFrame(() => {
      const el = area.current;
      el?.focus();
      el?.setSelectionRange(el.value.length, el.value.length);
    });
  };
  return {
    open, shown, at, pick,
    typed(value) {
      const m = /^\/(\S*)$/.exec(value);
      open.value = m !== null;
      query.value = m?.[1] ?? "";
      at.value = 0;
      if (m) void load();
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
      void load();
      area.current?.focus();
    },
    close() {
      open.value = false;
    },
    activeId: () => (shown.value[at.value] ? `canned-${at.value}` : undefined),
  };
}

/** CannedList shows the ready replies over the composer. */
export function CannedList({ canned, visitor }: { canned: CannedState; visitor: string }) {
  return (
    <div class="canned" id="canned" role="listbox" tabIndex={0} aria-label={t("composer.canned")}>
      {canned.shown.value.length === 0 && <p class="list-empty">{t("composer.no_canned")}</p>}
      {canned.shown.value.map((c, i) => (
        <div
          key={c.key}
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
          <span class="canned-text" dir="auto">{fill(c.text, visitor)}</span>
        </div>
      ))}
    </div>
  );
}
