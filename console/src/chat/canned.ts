import { me } from "../store/board.ts";

/** One ready reply, found by its short name or its words. */
export interface Canned {
  key: string;
  title: string;
  text: string;
}

let shelf: Record<string, Canned[]> | undefined;

/** cannedReplies gives the ready replies in the conversation's language, English where there are none. */
export async function cannedReplies(language: string): Promise<Canned[]> {
  shelf ??= (await import("./canned.json", { with: { type: "json" } })).default as Record<string, Canned[]>;
  return shelf[language.slice(0, 2)] ?? shelf["en"] ?? [];
}

/** fits ranks a reply for what was typed after the slash: 0 means no. */
export function cannedRank(c: Canned, typed: string): number {
  const want = typed.toLowerCase();
  if (!want) return 1;
  if (c.key.startsWith(want)) return 3;
  if (c.title.toLowerCase().includes(want)) return 2;
  return c.text.toLowerCase().includes(want) ? 1 : 0;
}

/** fill puts the names into a reply; a name that is not known takes its comma and blank with it. */
export function fill(text: string, visitor: string): string {
  return text
    .replace(/([,，]?\s*)\{name\}/g, (_, lead: string) => (visitor ? lead + visitor : ""))
    .replaceAll("{agent}", me.value?.name ?? "");
}
