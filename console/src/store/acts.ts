import { signal } from "@preact/signals";
import { t, type Key } from "../i18n/index.ts";
import type { Label } from "../wire/frames.ts";
import { delay } from "../wire/backoff.ts";
import { rest, RestError } from "../wire/rest.ts";
import { correct } from "./amend.ts";
import { board, me, resetBoard } from "./board.ts";
import { chat, forgetChats, markSeen } from "./chats.ts";
import { connect, disconnect, presence, Refused, request, send, setPresence } from "./link.ts";
import { wrapUp } from "./prefs.ts";
import { go, openChat } from "./route.ts";
import { toast } from "./toasts.ts";

const ERRORS: Record<string, Key> = {
  stale: "error.stale",
  forbidden: "error.forbidden",
  capacity: "error.capacity",
  closed: "error.closed",
  unavailable: "error.unavailable",
  rate_limited: "error.rate_limited",
  too_large: "error.too_large",
  not_found: "error.not_found",
};

/** What is wrong with a field of a command, as far as the agent can do something about it. */
const FIELDS: Record<string, Key> = { to: "error.to", worth: "error.worth", remedy: "error.worth", due_at: "error.past", level: "error.level" };

/** explain gives what to tell the agent about a refusal. */
export function explain(e: unknown): string {
  if (!(e instanceof Refused)) return t("error.other");
  const { code, agent, field } = e.refusal;
  if (code === "taken") return agent?.name ? t("error.taken_by", { name: agent.name }) : t("error.taken");
  const key = ERRORS[code] ?? FIELDS[field ?? ""];
  return key ? t(key) : t("error.other");
}

async function act(type: string, data: Record<string, unknown>): Promise<boolean> {
  try {
    await request(type, data);
    return true;
  } catch (e) {
    toast(explain(e), "warn");
    return false;
  }
}

/** The chats that I am asking for right now; "" while the server chooses one. */
const asking = new Set<string>();

/** askedFor reports whether a chat that becomes mine is one that I asked for: that is no news to me. */
export const askedFor = (id: string): boolean => asking.has(id) || asking.has("");

/** accept claims a waiting chat and opens it; if somebody was quicker, it says who. */
export async function accept(id: string): Promise<void> {
  asking.add(id);
  if (await act("claim", { conversation: id })) {
    openChat(id);
    setTimeout(() => document.getElementById("composer-text")?.focus(), 60);
  }
  asking.delete(id);
}

/** takeOver gives a supervisor a chat that the bot or a colleague holds. */
export async function takeOver(id: string): Promise<void> {
  asking.add(id);
  if (await act("take_over", { conversation: id })) setTimeout(() => document.getElementById("composer-text")?.focus(), 60);
  asking.delete(id);
}

/**
 * acceptNext has the server choose: the first in line that fits me, and what I let go of before only where nobody else could
 * take it. Nobody can be quicker, so that a burst of agents gets a chat each.
 */
export async function acceptNext(): Promise<void> {
  asking.add("");
  try {
    const { conversation } = await request("next", {});
    openChat(conversation);
    setTimeout(() => document.getElementById("composer-text")?.focus(), 60);
  } catch (e) {
    if (e instanceof Refused && e.refusal.code === "not_found") toast(t("queue.nothing_for_you"));
    else toast(explain(e), "warn");
  } finally {
    asking.delete("");
  }
}

export const release = (id: string) => act("release", { conversation: id });
export const returnToBot = (id: string) => act("return", { conversation: id });
export const setLabel = (id: string, label: Label) => act("label", { conversation: id, label });

/** confirmFact says that something inferred is so: the agent's word from then on. */
export async function confirmFact(id: string, field: string, text: string): Promise<void> {
  try {
    await correct(id, field, text);
  } catch (e) {
    toast(explain(e), "warn");
  }
}

export interface TransferTo {
  to?: string;
  skill?: string;
  level?: number;
  word?: string;
}
export const transfer = (id: string, to: TransferTo) => act("transfer", { conversation: id, ...to });
export const escalate = (id: string, level: number, reason: string) => act("escalate", { conversation: id, level, reason });

export interface CloseWith {
  cause: string;
  product?: string;
  outcome: string;
  label?: Label;
}
/** closeChat ends a chat. Afterwards the agent has the time to themselves that they chose for it. */
export async function closeChat(id: string, how: CloseWith): Promise<boolean> {
  const mine = board.value.get(id)?.agent?.id === me.value?.id;
  if (!(await act("close", { conversation: id, ...how }))) return false;
  if (mine && wrapUp.value > 0 && presence.value === "online") setPresence("wrapping_up", Date.now() + wrapUp.value * 1000);
  return true;
}

export interface OfferOf {
  remedy: string;
  worth?: number;
  currency?: string;
  text: string;
}
export const offer = (id: string, o: OfferOf) => act("offer", { conversation: id, ...o });
export const promise = (id: string, text: string, due: string) => act("promise", { conversation: id, text, due_at: due });
export const keepPromise = (id: string, which: string) => act("settle_promise", { conversation: id, promise: which, state: "kept" });
export const renewPromise = (id: string, which: string, due: string) => act("settle_promise", { conversation: id, promise: which, state: "renewed", due_at: due });
export const complain = (id: string) => act("complaint", { conversation: id });

/** quietly runs a command of many; the reason of a refusal comes back instead of a toast. */
export async function quietly(type: "transfer" | "close" | "claim", data: Record<string, unknown>): Promise<string> {
  try {
    await request(type, data);
    return "";
  } catch (e) {
    return explain(e);
  }
}

/** readAll marks what is on screen as read, here and at the server. */
export function readAll(id: string): void {
  const last = chat(id).log.last;
  if (last > 0 && markSeen(id, last) && board.value.get(id)?.agent?.id === me.value?.id) {
    send("read", { conversation: id }, last);
  }
}

/** enter brings a signed-in user to the desk. */
export async function enter(): Promise<void> {
  const user = await rest.me();
  me.value = user;
  connect(user.id);
}

/** Set while the first question, who is signed in, has no answer because the server cannot be reached. */
export const unreachable = signal(false);

/** begin enters if there is a session. A server that is away is waited for: it says nothing about the session. */
export async function begin(): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await enter();
      break;
    } catch (e) {
      if (!(e instanceof RestError) || (e.status > 0 && e.status < 500)) break;
    }
    unreachable.value = true;
    await new Promise((again) => setTimeout(again, delay(tries, Math.random())));
  }
  unreachable.value = false;
}

export async function signOut(): Promise<void> {
  await rest.signOut().catch(() => undefined);
  leaveDesk();
}

/** leaveDesk forgets everything of this user on the screen; unsent letters stay for the next sign-in. */
export function leaveDesk(): void {
  disconnect();
  resetBoard();
  forgetChats();
  me.value = undefined;
  go("#/queue", true);
}
