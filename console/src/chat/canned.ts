import { signal } from "@preact/signals";
import { board, me } from "../store/board.ts";
import { chat, visitorOf } from "../store/chats.ts";
import { stored } from "../store/prefs.ts";
import { rest } from "../wire/rest.ts";
import type { CannedReply } from "../wire/records.ts";

/** One ready reply in the language of a conversation, found by its short name or its words. */
export interface Canned {
  id: string;
  key: string;
  title: string;
  text: string;
}

const shelf = signal<CannedReply[]>([]);
let asked = 0;
/** An admin's change reaches agents within that time, in milliseconds. */
const FRESH = 60_000;

/** loadCanned fetches the ready replies that the admins keep. What was there before stays when that fails. */
export async function loadCanned(): Promise<void> {
  if (Date.now() - asked < FRESH) return;
  asked = Date.now();
  try {
    shelf.value = await rest.canned();
  } catch {
    asked = 0;
  }
}

/** How often this agent has used each: what one uses comes first. */
const used = stored<Record<string, number>>("canned-used", {});
export const noteUse = (id: string) => (used.value = { ...used.value, [id]: (used.value[id] ?? 0) + 1 });

/** cannedReplies gives them in the conversation's language, in English where one has no words in it. */
export function cannedReplies(language: string): Canned[] {
  const code = language.slice(0, 2);
  const all = shelf.value.flatMap((r) => {
    const text = r.texts[language] ?? r.texts[code] ?? r.texts["en"];
    return text ? [{ id: r.id, ...text }] : [];
  });
  return all.sort((a, b) => (used.value[b.id] ?? 0) - (used.value[a.id] ?? 0));
}

/** cannedRank ranks a reply for what was typed after the slash: 0 means no. */
export function cannedRank(c: Canned, typed: string): number {
  const want = typed.toLowerCase();
  if (!want) return 1;
  if (c.key.startsWith(want)) return 3;
  if (c.title.toLowerCase().includes(want)) return 2;
  return c.text.toLowerCase().includes(want) ? 1 : 0;
}

/** fill puts what is known into a reply; a variable that is not known takes its comma and blank with it. */
export function fill(text: string, conversation: string): string {
  const c = chat(conversation);
  const fact = (name: string) => c.brief.value?.facts?.find((f) => f.name === name)?.value ?? "";
  const known: Record<string, string> = {
    name: visitorOf(c).name || board.value.get(conversation)?.visitor.name || "", agent: me.value?.name ?? "", order: fact("order_number"),
    product: fact("product"), email: visitorOf(c).email, site: c.detail.value?.site ?? "",
  };
  return text.replace(/([,，]?[^\S\n]*)\{([a-z]+)\}/g, (_, lead: string, name: string) => (known[name] ? lead + known[name] : ""));
}
