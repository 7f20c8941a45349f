import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { cursor } from "../store/view.ts";

export interface VirtualListProps<T> {
  label: string;
  items: readonly T[];
  /** the height of each row in pixels, the same for all */
  rowHeight: number;
  scroller: RefObject<HTMLElement | null>;
  keyOf(item: T): string;
  row(item: T): ComponentChildren;
}

/** How many rows beyond the visible ones are kept, so that a fast scroll shows no hole. */
const SPARE = 3;

/** VirtualList renders only the rows in sight: five hundred waiting cost no more than fifteen. */
export function VirtualList<T>({ label, items, rowHeight, scroller, keyOf, row }: VirtualListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const from = useSignal(0);
  const to = useSignal(16);
  const range = useComputed(() => [from.value, to.value] as const);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const measure = () => {
      const top = box.scrollTop - (list.current?.offsetTop ?? 0);
      from.value = Math.max(0, Math.floor(top / rowHeight) - SPARE);
      to.value = Math.max(1, Math.ceil((top + box.clientHeight) / rowHeight) + SPARE);
    };
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    box.addEventListener("scroll", measure, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", measure);
    };
  }, []);

  // Keyboard walking must reach rows that are not rendered yet.
  useSignalEffect(() => {
    const at = items.findIndex((i) => keyOf(i) === cursor.value);
    const box = scroller.current;
    if (at < 0 || !box || !list.current) return;
    const top = list.current.offsetTop + at * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top - rowHeight;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + 2 * rowHeight - box.clientHeight;
  });

  const [first, end] = range.value;
  const shown = items.slice(first, end);
  return (
    <ul ref={list} class="virtual" aria-label={label} style={{ height: `${items.length * rowHeight}px` }}>
      {shown.map((item, i) => (
        <li
          key={keyOf(item)}
          class="virtual-row"
          aria-setsize={items.length}
          aria-posinset={first + i + 1}
          style={{ height: `${rowHeight}px`, transform: `translateY(${(first + i) * rowHeight}px)` }}
        >
          {row(item)}
        </li>
      ))}
    </ul>
  );
}
