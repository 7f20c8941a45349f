import { signal } from "@preact/signals";
import { rest } from "../wire/rest.ts";

/** Words that pour oil on the fire, folded for comparison, with the words as they are shown. */
const phrases = signal<{ folded: string; shown: string }[]>([]);
let asked = 0;
/** How long the phrases are taken for those of the running script, in milliseconds. */
const FRESH = 5 * 60_000;

/** fold makes "CALM  down!", "you should've" and "Önnek kellett" comparable: no case, accents or punctuation. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’‘`´]/g, "")
    .replace(/[^\p{L}\p{N}*]+/gu, " ")
    .trim();
}

/** loadTone fetches what the running script forbids, in all its languages: an agent may slip into any of them. */
export async function loadTone(): Promise<void> {
  if (Date.now() - asked < FRESH) return;
  asked = Date.now();
  try {
    const all = await rest.tone();
    phrases.value = Object.values(all).flat().map((shown) => ({ folded: fold(shown), shown }));
  } catch {
    asked = 0;
  }
}

/** harsh gives the forbidden words found in a text, as they stand in the list. */
export function harsh(text: string): string[] {
  const folded = fold(text);
  if (!folded) return [];
  return phrases.value.filter((p) => found(folded, p.folded)).map((p) => p.shown);
}

/** found looks for whole words; a trailing * takes words that begin so, and Chinese has no gaps to look for. */
function found(text: string, phrase: string): boolean {
  if (/\p{Script=Han}/u.test(phrase)) return text.includes(phrase);
  const open = phrase.endsWith("*");
  const padded = ` ${text}${open ? "" : " "}`;
  return padded.includes(` ${open ? phrase.slice(0, -1) : `${phrase} `}`);
}
