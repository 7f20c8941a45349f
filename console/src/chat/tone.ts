import { signal } from "@preact/signals";

/** Words that pour oil on the fire, folded for comparison, with the words as they are shown. */
const phrases = signal<{ folded: string; shown: string }[]>([]);
let asked = false;

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

/** loadTone fetches the forbidden words of all languages: an agent may slip into any of them. */
export async function loadTone(): Promise<void> {
  if (asked) return;
  asked = true;
  const all = (await import("./forbidden.json", { with: { type: "json" } })).default;
  phrases.value = Object.values(all).flat().map((shown) => ({ folded: fold(shown), shown }));
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
