import { languageName } from "../../i18n/format.ts";
import { named } from "../../i18n/index.ts";
import type { PolicyField, PolicyTables } from "../../wire/policies.ts";
import { w, wordOr } from "./words.ts";

/** The tables that languages and topics have of their own. */
export type Own = "languages" | "topics";

/** signalAt describes the threshold of a signal. */
export const signalAt = (s: PolicyTables["signals"][number]): PolicyField => ({ key: `signals.${s.key}.at`, kind: "probability", unit: "probability", min: 0, max: s.max, help: "", sweep: true });

/** ownField describes a value that a language or a topic has of its own. */
export const ownField = (f: PolicyField, table: Own, row: string): PolicyField => ({ ...f, key: `${table}.${row}.${f.key}` });

/** tableFields lists the numbers of the tables. */
export function tableFields(t: PolicyTables): PolicyField[] {
  const own = (table: Own, rows: readonly string[]) => rows.flatMap((row) => t.override.map((f) => ownField(f, table, row)));
  return [...t.signals.map(signalAt), ...own("languages", t.languages), ...own("topics", t.topics)];
}

/** rowName puts the row of a table into words. */
export function rowName(table: string, row: string): string {
  if (table === "languages") return languageName(row);
  return named(table.slice(0, -1), row); // signals.angry is named signal.angry
}

/** pathName puts the path of a value into words: "Topic Order status: Answers from". */
export function pathName(path: string): string {
  const [table = "", row, key] = path.split(".");
  if (row === undefined) return wordOr(`f.${path}`, path.replaceAll("_", " "));
  const what = key === undefined ? "" : `: ${columnName(table, key)}`;
  return `${wordOr(`table.${table}`, table)} “${rowName(table, row)}”${what}`;
}

/** columnName puts the key of a value in a table into words. */
export const columnName = (table: string, key: string): string => wordOr(table === "signals" ? `s.${key}` : `f.${key}`, key.replaceAll("_", " "));

/** skillWord names a skill, or says that the topic decides. */
export const skillWord = (skill: string | null | undefined): string => (skill ? named("skill", skill) : w("skill_by_topic"));
