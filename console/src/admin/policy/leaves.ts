import type { Policy } from "../../wire/policies.ts";

/** A single value of a policy; null where it is not there. */
export type Leaf = number | boolean | string | null;

/** The tables, whose rows are not there unless they hold something. */
const SPARSE = new Set(["languages", "topics"]);

/** leafOf gives the value at a path, keys joined by dots; a table leaves out nought, no and "". */
export function leafOf(p: Policy | undefined, path: string): Leaf {
  let at: unknown = p;
  for (const key of path.split(".")) at = (at as Record<string, unknown> | undefined)?.[key];
  return path.includes(".") ? ((at || null) as Leaf) : ((at ?? null) as Leaf);
}

/** withLeaves gives a policy with some values changed; rows of a table that become empty go. */
export function withLeaves(p: Policy, leaves: Readonly<Record<string, Leaf>>): Policy {
  const out = structuredClone(p) as Record<string, unknown>;
  for (const [path, v] of Object.entries(leaves)) {
    const [table = "", row, key] = path.split(".");
    if (row === undefined || key === undefined) {
      out[table] = v;
      continue;
    }
    const rows = (out[table] ??= {}) as Record<string, Record<string, unknown>>;
    const values = (rows[row] ??= {});
    if (v === null) delete values[key];
    else values[key] = v;
    if (SPARSE.has(table) && Object.keys(values).length === 0) delete rows[row];
  }
  return out;
}

/** rowsOf lists the rows of a table, by name. */
export const rowsOf = (p: Policy | undefined, table: string): string[] => Object.keys((p?.[table] ?? {}) as object).sort();
