import { signal } from "@preact/signals";
import { rest } from "../wire/rest.ts";

/** Words that pour oil on the fire, folded for comparison, with the words as they are shown. */
const phrases = signal<{ folded: string; shown: string }[]>([]);
let asked = false;

/** fold makes "CALM  down" and "Önnek kellett" comparable: no case, no accents, one blank. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’‘`]/g, "'").replace(/\s+/g, " ").trim();
}

/** flatten gathers every text of a list, or of lists by language. */
export function flatten(data: unknown): string[] {
  if (typeof data === "string") return [data];
  if (Array.isArray(data)) return data.flatMap(flatten);
  if (typeof data === "object" && data !== null) return Object.values(data).flatMap(flatten);
  return [];
}

/** loadTone fetches the server's list of forbidden words, or the built-in one where the server has none. */
export async function loadTone(): Promise<void> {
  if (asked) return;
  asked = true;
  const builtIn = flatten((await import("./forbidden.json", { with: { type: "json" } })).default);
  let all = builtIn;
  try {
    const given = flatten(await rest.forbidden()).filter((s) => s.length > 2 && /\p{L}/u.test(s));
    if (given.length > 0) all = given;
  } catch {
    // The built-in list serves.
  }
  phrases.value = all.map((shown) => ({ folded: fold(shown), shown }));
}

/** harsh gives the forbidden words found in a text, as they stand in the list. Whole words only, where a script has them. */
export function harsh(text: string): string[] {
  const folded = fold(text);
  if (!folded) return [];
  return phrases.value.filter((p) => found(folded, p.folded)).map((p) => p.shown);
}

function found(text: string, phrase: string): boolean {
  const at = text.indexOf(phrase);
  if (at < 0) return false;
  const letter = /[\p{L}\p{N}]/u;
  const han = /\p{Script=Han}/u.test(phrase);
  const before = text[at - 1] ?? " ";
  return han || !letter.test(before);
}
