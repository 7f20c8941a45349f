import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { locale } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { parts } from "./words.ts";

export interface Column<T> {
  key: string;
  title: string;
  cell(row: T): ComponentChildren;
  /** what the column is sorted by; without it it is not */
  sort?(row: T): string | number;
  /** numbers stand at the end */
  end?: boolean;
}

export interface TableProps<T> {
  /** says what the table holds, for those who do not see it */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  id(row: T): string;
  /** stands in place of the table while there is nothing */
  empty: ComponentChildren;
  /** the words of a row to search in; without it there is no search box */
  search?(row: T): string;
  /** what a press on a row does; the first column becomes its button */
  open?(row: T): void;
  /** rows shown at once; default 50 */
  page?: number;
  /** more filters, beside the search box */
  filters?: ComponentChildren;
}

/** Table lists things: sorted by a column, filtered by words, page by page. On a narrow screen each row is a card. */
export function Table<T>(props: TableProps<T>) {
  const { columns, rows, search, filters, page = 50 } = props;
  const words = useSignal("");
  const by = useSignal<{ key: string; down: boolean } | undefined>(undefined);
  const at = useSignal(0);
  const found = search && words.value.trim() ? rows.filter((r) => matches(search(r), words.value)) : rows;
  const sorted = inOrder(found, columns.find((c) => c.key === by.value?.key)?.sort, by.value?.down === true);
  const pages = Math.max(1, Math.ceil(sorted.length / page));
  const here = Math.min(at.value, pages - 1);
  const sortBy = (key: string) => {
    by.value = by.value?.key === key ? (by.value.down ? undefined : { key, down: true }) : { key, down: false };
  };
  return (
    <div class="adm-list">
      {(filters || (search && (rows.length > 5 || words.value))) && (
        <div class="adm-filters">
          {search && <Search words={words.value} set={(v) => ((words.value = v), (at.value = 0))} />}
          {filters}
        </div>
      )}
      {rows.length === 0 ? props.empty : sorted.length === 0 ? <p class="adm-wait" role="status">{parts.w("none_found")}</p> : (
        <Body {...props} rows={sorted.slice(here * page, (here + 1) * page)} by={by.value} sortBy={sortBy} />
      )}
      {pages > 1 && <Pages here={here} pages={pages} total={sorted.length} go={(n) => (at.value = n)} />}
    </div>
  );
}

function matches(text: string, words: string): boolean {
  const low = text.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => low.includes(word));
}

function inOrder<T>(rows: readonly T[], sort: ((row: T) => string | number) | undefined, down: boolean): readonly T[] {
  if (!sort) return rows;
  const collator = new Intl.Collator(locale.value, { numeric: true });
  const keyed = rows.map((row) => ({ row, key: sort(row) }));
  keyed.sort((a, b) => (typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : collator.compare(String(a.key), String(b.key))));
  if (down) keyed.reverse();
  return keyed.map((k) => k.row);
}

/** Search is a box that filters while one types. */
export function Search({ words, set, label }: { words: string; set(words: string): void; label?: string }) {
  return (
    <label class="adm-search">
      <Icon name="search" />
      <span class="sr-only">{label ?? parts.w("search")}</span>
      <input type="search" placeholder={label ?? parts.w("search")} value={words} onInput={(e) => set(e.currentTarget.value)} />
    </label>
  );
}

interface BodyProps<T> extends TableProps<T> {
  by: { key: string; down: boolean } | undefined;
  sortBy(key: string): void;
}

function Body<T>({ caption, columns, rows, id, open, by, sortBy }: BodyProps<T>) {
  return (
    <div class="adm-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="adm-table">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" class={c.end ? "adm-end" : ""} aria-sort={by?.key === c.key ? (by.down ? "descending" : "ascending") : undefined}>
                {c.sort ? (
                  <button type="button" class="adm-sort" onClick={() => sortBy(c.key)}>
                    {c.title}
                    <span class={by?.key === c.key ? `adm-arrow adm-arrow-${by.down ? "down" : "up"}` : "adm-arrow"} aria-hidden="true" />
                  </button>
                ) : c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={id(row)} row={row} id={id(row)} columns={columns} open={open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row<T>({ row, id, columns, open }: { row: T; id: string; columns: readonly Column<T>[]; open: ((row: T) => void) | undefined }) {
  const press = (e: MouseEvent) => {
    if ((e.target as HTMLElement).closest("a, button, input, label, summary") || getSelection()?.toString()) return;
    open?.(row);
  };
  return (
    <tr data-id={id} class={open ? "adm-row adm-row-opens" : "adm-row"} onClick={open ? press : undefined}>
      {columns.map((c, i) => (
        <td key={c.key} data-label={c.title} class={c.end ? "adm-end" : ""}>
          {i === 0 && open ? (
            <button type="button" class="adm-open" onClick={() => open(row)}>
              {c.cell(row)}
            </button>
          ) : c.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function Pages({ here, pages, total, go }: { here: number; pages: number; total: number; go(n: number): void }) {
  return (
    <nav class="adm-pages" aria-label={parts.w("pages")}>
      <button type="button" class="button small" disabled={here === 0} onClick={() => go(here - 1)}>
        {parts.w("previous")}
      </button>
      <span role="status">{parts.w("page_of", { page: here + 1, pages, total })}</span>
      <button type="button" class="button small" disabled={here >= pages - 1} onClick={() => go(here + 1)}>
        {parts.w("next")}
      </button>
    </nav>
  );
}
