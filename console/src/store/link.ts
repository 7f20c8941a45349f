import { batch, signal } from "@preact/signals";
import type { Acked, Incoming, LogEvent, Outgoing, PresenceState, Refusal } from "../wire/frames.ts";
import { Outbox, type Letter } from "../wire/outbox.ts";
import { rest } from "../wire/rest.ts";
import { Socket, type Phase } from "../wire/socket.ts";
import { board, causes, colleagues, mails, me, queueFrame } from "./board.ts";
import { canSuggest } from "./suggest.ts";
import { chat, knownChat, takeIn } from "./chats.ts";

/** The state of the line to the server, and when it is tried next. */
export const phase = signal<Phase>("stopped");
export const retryAt = signal(0);
/** What is on its way, refused letters included. */
export const letters = signal<readonly Letter[]>([]);
/** What colleagues see of me; told again after each reconnect. */
export const presence = signal<PresenceState>(kept());
/** When wrapping up ends by itself, in epoch milliseconds; 0: it does not. */
export const wrapsUntil = signal(0);

/** kept is the presence before a reload of this tab: who was away stays away. */
function kept(): PresenceState {
  const state = sessionStorage.getItem("ombud.presence") as PresenceState | null;
  return state && state !== "wrapping_up" ? state : "online";
}

/** A request that the server refused, or that got no answer (code `unavailable`). */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Where a request was stored, and in which conversation, where the server names one. */
export interface Done {
  seq: number;
  conversation: string;
}

const ACK_WITHIN = 10_000;
/** Presence is a lease: the server wants to hear it at least every 30 s. */
const RENEW_EVERY = 20_000;

interface Waiting {
  done(of: Done): void;
  refuse(r: Refusal): void;
  timer: ReturnType<typeof setTimeout>;
}

let socket: Socket | undefined;
let outbox: Outbox | undefined;
const asked = new Map<string, Waiting>();
const joined = new Set<string>();
const letterTimers = new Map<string, ReturnType<typeof setTimeout>>();
let onSignedOut: () => void = () => {};
let onEvents: (conversation: string, fresh: LogEvent[]) => void = () => {};
let onLetterFailed: (letter: Letter, r: Refusal) => void = () => {};

export function onLink(handlers: {
  signedOut: () => void;
  events: (conversation: string, fresh: LogEvent[]) => void;
  letterFailed: (letter: Letter, r: Refusal) => void;
}): void {
  onSignedOut = handlers.signedOut;
  onEvents = handlers.events;
  onLetterFailed = handlers.letterFailed;
}

/** connect opens the line for the signed-in user and brings what an earlier page left unsent. */
export function connect(user: string): void {
  disconnect();
  outbox = new Outbox(user, localStorage);
  letters.value = outbox.all();
  const { protocol, host } = location;
  socket = new Socket(`${protocol === "https:" ? "wss" : "ws"}://${host}/ws`, { frame: receive, phase: changePhase });
  socket.start();
}

export function disconnect(): void {
  socket?.stop();
  socket = undefined;
  joined.clear();
  for (const [id] of asked) settle(id, (w) => w.refuse({ code: "unavailable", temporary: true }));
}

export const nudge = () => socket?.nudge();
window.addEventListener("online", () => nudge());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) nudge();
});

function changePhase(p: Phase, until = 0): void {
  batch(() => {
    phase.value = p;
    retryAt.value = until;
  });
  if (p === "signin") onSignedOut();
  if (p === "waiting" || p === "refused") {
    for (const [id] of asked) settle(id, (w) => w.refuse({ code: "unavailable", temporary: true }));
    for (const t of letterTimers.values()) clearTimeout(t);
    letterTimers.clear();
  }
}

function receive(f: Incoming): void {
  // Browsers slow a hidden page's timers down to one a minute, but not its socket.
  if (f.type !== "welcome" && Date.now() - renewed > RENEW_EVERY) renew();
  switch (f.type) {
    case "welcome":
      return welcome(f.data);
    case "queue":
      return queueFrame(f.data);
    case "presence":
      colleagues.value = f.data.agents ?? [];
      return;
    case "event":
      return takeEvent({ ...f.data, seq: f.seq } as LogEvent);
    case "reset":
      return lost(f.data.conversation);
    case "ack":
      return acked(f.data, f.seq ?? 0);
    case "typing":
      return typing(f.data.conversation, f.data.role, f.data.name ?? "", f.data.on);
    case "read":
      if (f.data.role === "visitor") chat(f.data.conversation).seenByVisitor.value = f.seq;
      return;
    case "error":
      return refused(f.data);
  }
}

function welcome(data: Extract<Incoming, { type: "welcome" }>["data"]): void {
  batch(() => {
    me.value = data.user;
    canSuggest.value = data.suggest === true;
    mails.value = data.email !== false;
    if (data.causes) causes.value = data.causes;
    if (data.agents) colleagues.value = data.agents;
  });
  renew();
  for (const id of joined) send("open", { conversation: id, ...chat(id).log.mark });
  for (const l of outbox?.due() ?? []) post(l);
}

let renewed = 0;

function renew(): void {
  if (send("presence", { state: presence.value })) renewed = Date.now();
}

setInterval(() => {
  if (phase.value === "ready") renew();
}, RENEW_EVERY);

/** setPresence tells the colleagues at once whether this agent takes chats. */
export function setPresence(state: PresenceState, until = 0): void {
  batch(() => {
    presence.value = state;
    wrapsUntil.value = until;
  });
  sessionStorage.setItem("ombud.presence", state);
  clearTimeout(wrapping);
  if (until > 0) wrapping = setTimeout(() => setPresence("online"), until - Date.now());
  renew();
}

let wrapping: ReturnType<typeof setTimeout> | undefined;

function takeEvent(e: LogEvent): void {
  const fresh = takeIn(e.conversation, [e]);
  if (e.id) dropLetter(e.id);
  const c = knownChat(e.conversation);
  if (c && !c.loaded.value) c.loaded.value = true;
  if (c?.log.gap) healSoon(e.conversation);
  if (fresh.length) onEvents(e.conversation, fresh);
}

/** lost forgets a log of which the server has lost part: all that it has follows. */
function lost(conversation: string): void {
  const c = knownChat(conversation);
  c?.log.clear();
  if (c) c.events.value = c.log.events();
}

const healing = new Set<string>();

/** healSoon fills a gap over REST, should the missing events not come by themselves. */
function healSoon(id: string): void {
  if (healing.has(id)) return;
  healing.add(id);
  setTimeout(async () => {
    healing.delete(id);
    const c = chat(id);
    if (!c.log.gap) return;
    try {
      const fresh = takeIn(id, await rest.events(id, c.log.since));
      if (fresh.length) onEvents(id, fresh);
    } catch {
      // The next reconnect asks again from the same place.
    }
  }, 800);
}

function typing(conversation: string, role: string, name: string, on: boolean): void {
  const c = chat(conversation);
  // The far side may vanish without taking it back, so that each sign of typing runs out by itself.
  if (on) c.typing.value = { name, role, until: Date.now() + 7000 };
  else if (c.typing.value?.role === role) c.typing.value = undefined;
}

/** send writes a frame that wants no answer; it is lost while the line is down. */
export function send(type: string, data: Record<string, unknown>, seq?: number): boolean {
  const frame: Outgoing = seq === undefined ? { type, data } : { type, seq, data };
  return socket?.send(frame) ?? false;
}

/** request sends a command and resolves once the server has stored it; else it throws Refused. */
export function request(type: string, data: Record<string, unknown>): Promise<Done> {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const refuse = (r: Refusal) => reject(new Refused(r));
    if (!send(type, { ...data, id })) return refuse({ code: "unavailable", temporary: true });
    const timer = setTimeout(() => {
      settle(id, (w) => w.refuse({ code: "unavailable", temporary: true }));
      socket?.suspect();
    }, ACK_WITHIN);
    asked.set(id, { done: resolve, refuse, timer });
  });
}

function settle(id: string, how: (w: Waiting) => void): boolean {
  const w = asked.get(id);
  if (!w) return false;
  asked.delete(id);
  clearTimeout(w.timer);
  how(w);
  return true;
}

function acked({ id, conversation, at }: Acked, seq: number): void {
  if (!id) return;
  const wasCommand = settle(id, (w) => w.done({ seq, conversation: conversation ?? "" }));
  const letter = dropLetter(id);
  if (letter && seq > 0) takeEvent(eventOf(letter, seq, at ?? letter.at));
  // The event of one's own command may come to others only: its place in the log must not stay empty.
  if (wasCommand && conversation && seq > 0 && joined.has(conversation) && chat(conversation).log.last < seq) {
    setTimeout(() => void catchUp(conversation, seq), 400);
  }
}

async function catchUp(id: string, seq: number): Promise<void> {
  const c = chat(id);
  if (c.log.since >= seq) return;
  try {
    const fresh = takeIn(id, await rest.events(id, c.log.since));
    if (fresh.length) onEvents(id, fresh);
  } catch {
    // As above.
  }
}

function eventOf(l: Letter, seq: number, at: string): LogEvent {
  const name = me.value?.name ?? "";
  const sender = me.value?.id ?? "";
  const kind = l.kind === "say" ? "message" : "note";
  return { conversation: l.conversation, seq, kind, role: "agent", at, id: l.id, text: l.text, name, sender, ...(l.kind === "whisper" ? { whisper: true } : {}), ...(l.suggested ? { source: "suggestion" } : {}) };
}

function refused(r: Refusal): void {
  if (!r.id) return;
  if (settle(r.id, (w) => w.refuse(r))) return;
  const letter = outbox?.all().find((l) => l.id === r.id);
  if (!letter) return;
  clearTimeout(letterTimers.get(letter.id));
  if (r.temporary || r.code === "rate_limited") {
    letterTimers.set(letter.id, setTimeout(() => post(letter), Math.max(r.retry_ms ?? 0, 1500)));
    return;
  }
  outbox?.fail(letter.id, r.code);
  letters.value = outbox?.all() ?? [];
  onLetterFailed(letter, r);
}

function post(l: Letter): void {
  if (chat(l.conversation).log.has(l.id)) {
    dropLetter(l.id);
    return;
  }
  const whisper = l.kind === "whisper";
  if (!send(whisper ? "note" : l.kind, { id: l.id, conversation: l.conversation, text: l.text, ...(whisper ? { whisper } : {}), ...(l.suggested ? { suggested: true } : {}) })) return;
  clearTimeout(letterTimers.get(l.id));
  letterTimers.set(l.id, setTimeout(() => socket?.suspect(), ACK_WITHIN));
}

function dropLetter(id: string): Letter | undefined {
  clearTimeout(letterTimers.get(id));
  letterTimers.delete(id);
  const l = outbox?.take(id);
  if (l) letters.value = outbox?.all() ?? [];
  return l;
}

/** mail writes a message or a note: kept first, then sent, and sent again until it is stored. */
export function mail(kind: Letter["kind"], conversation: string, text: string, suggested = false): void {
  const l: Letter = { id: crypto.randomUUID(), conversation, kind, text, at: new Date().toISOString(), ...(suggested && { suggested }) };
  outbox?.add(l);
  letters.value = outbox?.all() ?? [];
  post(l);
}

export function retryLetter(id: string): void {
  const l = outbox?.retry(id);
  letters.value = outbox?.all() ?? [];
  if (l) post(l);
}

export function discardLetter(id: string): Letter | undefined {
  return dropLetter(id);
}

/** join follows a conversation's events from the last one known, now and after every reconnect. */
export function join(id: string): void {
  if (joined.has(id)) return;
  joined.add(id);
  send("open", { conversation: id, ...chat(id).log.mark });
}

export function leave(id: string): void {
  if (joined.delete(id)) send("leave", { conversation: id });
}

export const isJoined = (id: string) => joined.has(id);

/** heldByMe reports whether the board says that this agent holds the conversation. */
export const heldByMe = (id: string) => {
  const item = board.value.get(id);
  return item?.owner === "agent" && item.agent?.id === me.value?.id;
};
