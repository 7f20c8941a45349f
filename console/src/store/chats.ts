import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { rest } from "../wire/rest.ts";
import type { LogEvent } from "../wire/frames.ts";
import type { Brief, ConversationDetail, PastConversation, VisitorRecord } from "../wire/records.ts";
import { mine } from "./board.ts";
import { Transcript } from "./transcript.ts";

/** What is being written, kept over a reload. */
export interface Draft {
  reply: string;
  note: string;
  mode: "reply" | "note";
  /** the reply began as a draft of the language model */
  suggested?: boolean;
}

/** One conversation that this console has looked into. */
export interface Chat {
  readonly id: string;
  readonly log: Transcript;
  readonly events: Signal<readonly LogEvent[]>;
  /** Who is writing on the other side, with the time after which it no longer counts. */
  readonly typing: Signal<{ name: string; role: string; until: number } | undefined>;
  /** The visitor has read up to here. */
  readonly seenByVisitor: Signal<number>;
  /** This agent has read up to here. */
  readonly seen: Signal<number>;
  readonly brief: Signal<Brief | undefined>;
  readonly detail: Signal<ConversationDetail | undefined>;
  readonly earlier: Signal<PastConversation[] | undefined>;
  /** Who the visitor is, by the server's record: what was signed and what was merely said. */
  readonly visitor: Signal<VisitorRecord | undefined>;
  readonly draft: Signal<Draft>;
  readonly unread: ReadonlySignal<number>;
  /** Set once the history has been asked for and come. */
  readonly loaded: Signal<boolean>;
}

const chats = new Map<string, Chat>();
const SEEN = "ombud.seen";

function seenShelf(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(SEEN) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

function draftOf(id: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(`ombud.draft.${id}`) ?? "null") as Draft | null;
    if (kept) return kept;
  } catch {
    // An unreadable draft is an empty one.
  }
  return { reply: "", note: "", mode: "reply" };
}

/** chat gives the record of one conversation, made on first use. */
export function chat(id: string): Chat {
  const known = chats.get(id);
  if (known) return known;
  const events = signal<readonly LogEvent[]>([]);
  const seen = signal(seenShelf()[id] ?? 0);
  const made: Chat = {
    id,
    log: new Transcript(),
    events,
    typing: signal(undefined),
    seenByVisitor: signal(0),
    seen,
    brief: signal(undefined),
    detail: signal(undefined),
    earlier: signal(undefined),
    visitor: signal(undefined),
    draft: signal(draftOf(id)),
    unread: computed(() => events.value.filter((e) => (e.kind === "message" || e.kind === "file") && e.role === "visitor" && e.seq > seen.value).length),
    loaded: signal(false),
  };
  chats.set(id, made);
  return made;
}

export function knownChat(id: string): Chat | undefined {
  return chats.get(id);
}

/** What changes the brief: another level may offer something else. */
const CHANGES_BRIEF = new Set(["brief", "handoff_requested", "promise", "handoff_escalated", "handoff_transferred", "reopened"]);

/** takeIn adds events to a chat and reports those that were new. */
export function takeIn(id: string, events: LogEvent[]): LogEvent[] {
  const c = chat(id);
  const fresh = c.log.add(events);
  if (fresh.length > 0) c.events.value = c.log.events();
  for (const e of fresh) {
    if (e.kind === "message" && c.typing.value?.role === e.role) c.typing.value = undefined;
    if (e.kind === "visitor_identified") void loadVisitor(id);
    if (CHANGES_BRIEF.has(e.kind)) void loadBrief(id);
  }
  return fresh;
}

/** markSeen remembers the last message looked at; it never goes back. */
export function markSeen(id: string, seq: number): boolean {
  const c = chat(id);
  if (seq <= c.seen.value) return false;
  c.seen.value = seq;
  try {
    const kept = Object.entries({ ...seenShelf(), [id]: seq }).slice(-200);
    localStorage.setItem(SEEN, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // Forgotten over a reload, no more.
  }
  return true;
}

/** write keeps a draft; an empty one is removed. */
export function write(id: string, change: Partial<Draft>): void {
  const c = chat(id);
  c.draft.value = { ...c.draft.value, ...change };
  try {
    const d = c.draft.value;
    if (d.reply || d.note || d.mode === "note") localStorage.setItem(`ombud.draft.${id}`, JSON.stringify(d));
    else localStorage.removeItem(`ombud.draft.${id}`);
  } catch {
    // Forgotten over a reload, no more.
  }
}

/** What the log and the brief tell of a visitor. */
export interface KnownVisitor {
  /** "" until the log or the record is there */
  id: string;
  name: string;
  email: string;
  verified: boolean;
  page: string;
}

/** visitorOf gathers it: what the site vouched for wins over what was said. */
export function visitorOf(c: Chat): KnownVisitor {
  const facts = c.brief.value?.facts ?? [];
  const fact = (name: string) => facts.find((f) => f.name === name)?.value ?? "";
  const out = { name: c.brief.value?.customer ?? "", email: fact("email"), verified: c.brief.value?.verified ?? false, page: "", id: "" };
  for (const e of c.events.value) {
    const str = (field: string) => (typeof e[field] === "string" ? e[field] : "");
    if (e.kind === "opened") [out.page, out.id] = [str("page"), str("visitor")];
    if (e.kind === "left_message" && !out.verified) out.email = str("email") || out.email;
    if (e.kind !== "visitor_identified") continue;
    out.name = str("name") || out.name;
    out.email = str("email") || out.email;
    out.verified = e["verified"] === true;
  }
  return out;
}

export async function loadBrief(id: string): Promise<void> {
  try {
    chat(id).brief.value = await rest.brief(id);
  } catch {
    // The transcript is the truth; a brief that cannot be had leaves its place empty.
  }
}

/** loadVisitor reads who this is, once it is known which visitor: before, loadSides is still on its way there. */
async function loadVisitor(id: string): Promise<void> {
  const c = chat(id);
  if (!c.detail.value) return;
  try {
    c.visitor.value = await rest.visitor(c.detail.value.visitor);
  } catch {
    // What was known before stays.
  }
}

/** loadSides fetches what stands beside the transcript: brief, visitor, earlier conversations. */
export async function loadSides(id: string): Promise<void> {
  const c = chat(id);
  const brief = loadBrief(id);
  try {
    const detail = await rest.conversation(id);
    c.detail.value = detail;
    void loadVisitor(id);
    c.earlier.value = (await rest.earlier(detail.visitor)).filter((p) => p.id !== id);
  } catch {
    c.earlier.value ??= [];
  }
  await brief;
}

/** Unread messages over all my chats: the title badge. */
export const unreadTotal = computed(() => mine.value.reduce((n, i) => n + chat(i.conversation).unread.value, 0));

/** forgetChats drops everything at sign-out. */
export function forgetChats(): void {
  chats.clear();
}
