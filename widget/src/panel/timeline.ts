import type { Asked, Data, Frame, QuickReply, Role } from "./frames.ts";
import type { Key } from "./locale.ts";
import type { Mail } from "./store.ts";

/** One thing in the message list: somebody's words, or a line about what happened. */
export interface Item {
  /** The client's id where there is one, so that a message stays the same element from writing to delivery. */
  key: string;
  /** 0: not stored yet. */
  seq: number;
  at: number;
  role: Role;
  /** Words; "" for a line that has a key instead. */
  text: string;
  name: string;
  line?: Key;
  /** What the line says: a time instead of the name. */
  due?: number;
  replies?: QuickReply[];
  /** The fact that it asks for. */
  asks?: Asked | undefined;
  refused?: boolean;
  /** The whole event, where there is more to show than words: a file, an offer, a promise. */
  more?: Data;
}

const lines: Record<string, Key> = {
  handoff_claimed: "joined",
  handoff_transferred: "passed",
  handoff_escalated: "escalated",
  handoff_released: "released",
  returned_to_bot: "returned",
  left_message: "left",
  closed: "ended",
};

/** The seq of what is stored, who knows where: last, until the server tells. */
const unplaced = Number.MAX_SAFE_INTEGER;

/** What the visitor sees of a conversation, in order, each message once. */
export class Timeline {
  #items = new Map<string, Item>();
  /** Places that the server told before this tab heard that another had it stored. */
  #places = new Map<string, number>();
  /** Last seq that came from the server: what a new connection resumes after. */
  seq = 0;
  /** When that was, as the server wrote it: it tells the server whether its log is still the same. */
  declare at?: string | undefined;
  /** Something in it has more to show than words: an address, a file. */
  rich = false;

  clear(): void {
    this.#items.clear();
    this.#places.clear();
    this.seq = 0;
    this.rich = false;
  }

  /** Takes an event in. False: it was there already. */
  add({ seq, data }: Frame): boolean {
    if (seq > this.seq) {
      this.at = data.at;
      this.seq = seq;
    }
    const key = data.kind === "message" && data.role === "visitor" && data.id ? data.id : String(seq);
    const known = this.#items.has(key);
    for (const item of itemsOf(data, seq, key)) {
      this.rich ||= !!(item.more || item.line || item.asks) || /:\/\/|@/.test(item.text);
      // What becomes of an offer or a promise stands where it was made.
      const old = item.more && this.#items.get(item.key);
      this.#items.set(item.key, old ? { ...old, more: data } : item);
    }
    return !known;
  }

  /** One's own message was stored. Does not move `seq`: events before it may still be on their way. */
  stored(mail: Mail, seq = this.#places.get(mail.id) ?? unplaced): void {
    if (!this.#items.get(mail.id)?.seq) this.#items.set(mail.id, { ...ofMail(mail), seq });
  }

  /** Where a message stands that another tab said was stored, or is about to say. */
  place(id: string, seq: number): void {
    const item = this.#items.get(id);
    if (!item) this.#places.set(id, seq);
    else if (item.seq === unplaced) item.seq = seq;
  }

  /** Everything, with unsent messages last. */
  all(unsent: Mail[]): Item[] {
    const sent = [...this.#items.values()].sort((a, b) => a.seq - b.seq);
    return [...sent, ...unsent.filter((mail) => !this.#items.has(mail.id)).map(ofMail)];
  }

  /** How many words of the other side came after a seq. */
  after(seq: number): number {
    let count = 0;
    for (const item of this.#items.values()) if (item.seq > seq && item.text && item.role !== "visitor") count++;
    return count;
  }
}

function ofMail(mail: Mail): Item {
  return { key: mail.id, seq: 0, at: mail.at, role: "visitor", text: mail.text, name: "", refused: mail.refused !== undefined };
}

function itemsOf(data: Data, seq: number, key: string): Item[] {
  const item: Item = {
    key,
    seq,
    at: Date.parse(data.at ?? "") || Date.now(),
    role: data.role ?? "system",
    text: data.text ?? "",
    name: data.name ?? data.to_name ?? "",
  };
  switch (data.kind) {
    case "message":
      return [{ ...item, replies: data.quick_replies ?? [], asks: data.asks }];
    case "offer":
    case "promise":
      return [{ ...item, key: data.kind + ":" + data.id, role: "agent", more: data }];
    case "file":
      return [{ ...item, text: "📎 " + data.file_name, more: data }];
    case "handoff_transferred":
      if (!item.name) return [];
  }
  const line = lines[data.kind ?? ""];
  if (!line) return [];
  const note: Item = { ...item, key: key + ":line", role: "system", text: "", line };
  if (data.kind !== "left_message") return [note];
  const notes = data.due_at ? [note, { ...note, key: key + ":by", line: "by" as Key, due: Date.parse(data.due_at) }] : [note];
  return item.text ? [{ ...item, role: "visitor" }, ...notes] : notes;
}
