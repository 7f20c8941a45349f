import { signal } from "@preact/signals";
import { loadBrief } from "./chats.ts";
import { request } from "./link.ts";

/** The line of a brief that is being put right: `matter`, the name of a fact, `+` for a new one, or `sort` for how it is sorted. */
export const editing = signal<{ conversation: string; field: string } | undefined>(undefined);

export const edit = (conversation: string, field: string) => (editing.value = { conversation, field });
export const stopEditing = () => (editing.value = undefined);

/** correct puts one line right; an empty text takes a fact out. It throws Refused. */
export async function correct(conversation: string, field: string, text: string): Promise<void> {
  await request("correct", { conversation, field, ...(text ? { text } : {}) });
  await loadBrief(conversation);
}

export interface Sorting {
  severity?: string;
  skill?: string;
  topic?: string;
}

/** reclassify sorts a conversation anew; what is left out stays. It throws Refused. */
export const reclassify = (conversation: string, to: Sorting) => request("reclassify", { conversation, ...to });
