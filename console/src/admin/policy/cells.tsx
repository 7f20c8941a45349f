import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { PolicyField } from "../../wire/policies.ts";
import { leafOf, type Leaf } from "./leaves.ts";
import { active, changes, draft, live, refusal, refusedAt, setField, setLeaves, valueOf } from "./store.ts";
import { columnName, pathName } from "./tables.ts";
import { number, w, wordOr } from "./words.ts";

/** differs reports whether any value of a row is changed. */
export const differs = (row: string): boolean => Object.keys(changes.value).some((path) => path.startsWith(`${row}.`));

/** undo takes back all that was changed in a row. */
export function undo(row: string): void {
  const paths = Object.keys(changes.value).filter((path) => path.startsWith(`${row}.`));
  setLeaves(Object.fromEntries(paths.map((path) => [path, leafOf(live.value?.data, path)])));
}

/** wrong gives the id of what is said of a refused value, undefined where it is in order. */
const wrong = (path: string): string | undefined => (refusedAt.value === path ? `policy-wrong-${path}` : undefined);

function Wrong({ path }: { path: string }) {
  const id = wrong(path);
  return id ? <p class="field-error policy-wrong" id={id}>{refusal.value}</p> : null;
}

/** Grid is one table of the policy: rows by what they are about; on a narrow screen each row is a card. */
export function Grid({ table, columns, children }: { table: string; columns: readonly string[]; children: ComponentChildren }) {
  return (
    <table class={`policy-grid policy-grid-${table}`} aria-labelledby={`policy-${table}`}>
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col">{c}</th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** GridRow is a row: its name and what it means, its cells, and the way back. */
export function GridRow({ row, name, hint, children, last }: { row: string; name: string; hint?: string; children: ComponentChildren; last?: ComponentChildren }) {
  const changed = differs(row);
  const touch = (e: Event) => {
    const at = (e.target as HTMLElement).closest<HTMLElement>("[data-path]")?.dataset["path"];
    if (at) active.value = at;
  };
  return (
    <tr data-row={row} class={changed ? "policy-row-changed" : ""} onFocusIn={touch} onInput={touch}>
      <th scope="row">
        <span dir="auto">{name}</span>
        {hint && <small>{hint}</small>}
      </th>
      {children}
      <td class="policy-last">
        {changed && (
          <button type="button" class="button ghost small" onClick={() => undo(row)}>
            {w("undo_row")}
            <span class="sr-only">: {name}</span>
          </button>
        )}
        {last}
      </td>
    </tr>
  );
}

/** Cell holds one control, with its column's name for narrow screens. */
export function Cell({ path, children }: { path: string; children: ComponentChildren }) {
  const [table = "", , key = ""] = path.split(".");
  return (
    <td data-label={columnName(table, key)} data-path={path} class={path in changes.value ? "policy-cell-changed" : ""}>
      {children}
      <Wrong path={path} />
    </td>
  );
}

/** NumCell is a number of a table: empty where the general value holds, which stands in its place. */
export function NumCell({ f, general, disabled = false, slider = false }: { f: PolicyField; general: string; disabled?: boolean; slider?: boolean }) {
  const value = valueOf(draft.value, f.key);
  // While somebody types, "0" may be the beginning of "0.8", and is not yet what an empty field says.
  const typed = useSignal<string | undefined>(undefined);
  const step = f.kind === "probability" ? 0.01 : 1;
  const label = `${pathName(f.key)}, ${w("range", { min: number(f.min), max: number(f.max) })}`;
  return (
    <Cell path={f.key}>
      <span class="policy-cell">
        {slider && <input type="range" min={f.min} max={f.max} step={step} value={value} disabled={disabled} aria-label={w("slider", { name: pathName(f.key) })} onInput={(e) => setField(f, e.currentTarget.valueAsNumber)} />}
        <input
          id={`policy-${f.key}`}
          type="number"
          inputMode={f.kind === "count" ? "numeric" : "decimal"}
          min={f.min}
          max={f.max}
          step={step}
          value={typed.value ?? (value || "")}
          placeholder={general}
          title={`${wordOr(`unit.${f.unit}`, f.unit)}, ${w("range", { min: number(f.min), max: number(f.max) })}`}
          disabled={disabled}
          aria-label={label}
          aria-describedby={wrong(f.key)}
          aria-invalid={wrong(f.key) ? true : undefined}
          onInput={(e) => {
            typed.value = e.currentTarget.value;
            setField(f, e.currentTarget.value === "" ? 0 : e.currentTarget.valueAsNumber);
          }}
          onBlur={(e) => {
            typed.value = undefined;
            e.currentTarget.value = String(valueOf(draft.value, f.key) || "");
          }}
        />
      </span>
    </Cell>
  );
}

export interface PickCellProps {
  /** the value's path, which also names the cell */
  path: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  set(to: string): Readonly<Record<string, Leaf>>;
}

/** PickCell is one of a few. A value that is not among them is kept, and shown. */
export function PickCell({ path, value, options, set }: PickCellProps) {
  const known = options.some(([v]) => v === value);
  return (
    <Cell path={path}>
      <select
        id={`policy-${path}`}
        class="select"
        value={value}
        aria-label={pathName(path)}
        aria-describedby={wrong(path)}
        aria-invalid={wrong(path) ? true : undefined}
        onChange={(e) => setLeaves(set(e.currentTarget.value))}
      >
        {!known && <option value={value}>{value}</option>}
        {options.map(([v, label]) => (
          <option key={v} value={v}>{label}</option>
        ))}
      </select>
    </Cell>
  );
}
