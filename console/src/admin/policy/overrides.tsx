import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { Grid, GridRow, NumCell, PickCell, undo } from "./cells.tsx";
import { leafOf, rowsOf } from "./leaves.ts";
import { active, added, draft, live, setLeaves, tables, valueOf } from "./store.ts";
import { columnName, ownField, rowName, type Own } from "./tables.ts";
import { number, w } from "./words.ts";

/** Overrides sets what a language or a topic has of its own; what stays empty is as in general. */
export function Overrides({ table }: { table: Own }) {
  const t = tables.value;
  if (!t) return null;
  const mine = added.value.filter((row) => row.startsWith(`${table}.`)).map((row) => row.slice(table.length + 1));
  const rows = [...new Set([...rowsOf(draft.value, table), ...mine])];
  const gone = rowsOf(live.value?.data, table).filter((row) => !rows.includes(row));
  const free = t[table].filter((row) => !rows.includes(row) && !gone.includes(row));
  return (
    <section class="policy-group" aria-labelledby={`policy-${table}`}>
      <h2 id={`policy-${table}`}>{w(`group.${table}`)}</h2>
      <p class="policy-about">{w(`lead.${table}`)}</p>
      {rows.length > 0 && (
        <Grid table={table} columns={[w(`table.${table}`), ...t.override.map((f) => columnName(table, f.key)), columnName(table, "skill")]}>
          {rows.map((row) => (
            <Row key={row} table={table} row={row} />
          ))}
        </Grid>
      )}
      {gone.map((row) => (
        <p key={row} class="policy-gone">
          <s>{rowName(table, row)}</s>
          <button type="button" class="button ghost small" onClick={() => undo(`${table}.${row}`)}>
            {w("undo_row")}
            <span class="sr-only">: {rowName(table, row)}</span>
          </button>
        </p>
      ))}
      {free.length > 0 && <Add key={free.join()} table={table} free={free} />}
    </section>
  );
}

function Row({ table, row }: { table: Own; row: string }) {
  const t = tables.value;
  const at = `${table}.${row}`;
  const general = (key: string) => (key === "level" ? "–" : number(valueOf(draft.value, key)));
  const remove = () => {
    const keys = [...(t?.override ?? []).map((f) => f.key), "skill"];
    setLeaves(Object.fromEntries(keys.map((key) => [`${at}.${key}`, null])));
    added.value = added.value.filter((x) => x !== at);
    document.getElementById(`policy-add-${table}`)?.focus();
  };
  return (
    <GridRow
      row={at}
      name={rowName(table, row)}
      last={
        <button type="button" class="button ghost square small" aria-label={w("remove_row", { name: rowName(table, row) })} title={w("remove_row", { name: rowName(table, row) })} onClick={remove}>
          <Icon name="close" size={14} />
        </button>
      }
    >
      {(t?.override ?? []).map((f) => (
        <NumCell key={f.key} f={ownField(f, table, row)} general={general(f.key)} />
      ))}
      <PickCell
        path={`${at}.skill`}
        value={String(leafOf(draft.value, `${at}.skill`) ?? "")}
        options={[["", w("skill_by_topic")], ...(t?.skills ?? []).map((s) => [s, named("skill", s)] as const)]}
        set={(v) => ({ [`${at}.skill`]: v || null })}
      />
    </GridRow>
  );
}

/** Add offers the languages or topics that have nothing of their own yet. */
function Add({ table, free }: { table: Own; free: readonly string[] }) {
  const chosen = useSignal(free[0] ?? "");
  const add = () => {
    added.value = [...added.value, `${table}.${chosen.value}`];
    const first = `${table}.${chosen.value}.answer_at`;
    active.value = first;
    requestAnimationFrame(() => document.getElementById(`policy-${first}`)?.focus());
  };
  return (
    <div class="policy-add">
      <select id={`policy-add-${table}`} class="select" aria-label={w(`add.${table}`)} value={chosen.value} onChange={(e) => (chosen.value = e.currentTarget.value)}>
        {free.map((row) => (
          <option key={row} value={row}>{rowName(table, row)}</option>
        ))}
      </select>
      <button type="button" class="button small" onClick={add}>
        <Icon name="plus" />
        {w(`add.${table}`)}
      </button>
    </div>
  );
}
