import { stored } from "../store/prefs.ts";
import type { Key } from "../i18n/index.ts";

/** What a key can do on the desk, in the order of the help page. */
export const ACTIONS = [
  "next", "previous", "accept", "reply", "note", "canned", "suggest", "attach", "transfer", "escalate", "offer", "promise", "close",
  "correct", "sort", "early", "select", "search", "palette", "help",
] as const;
export type Action = (typeof ACTIONS)[number];

/** The keys until somebody chooses others. A single character is that letter or sign; `mod+` is Ctrl, or Cmd on a Mac. */
export const USUAL: Readonly<Record<Action, string>> = {
  next: "j", previous: "k", accept: "a", reply: "r", note: "n", canned: "/", suggest: "g", attach: "f", transfer: "t", escalate: "u", offer: "o", promise: "p", close: "e",
  correct: "b", sort: "c", early: "l", select: "x", search: "s", palette: "mod+k", help: "?",
};

export const ACTION_NAMES: Readonly<Record<Action, Key>> = {
  next: "keys.next", previous: "keys.previous", accept: "keys.accept", reply: "keys.reply", note: "keys.note", canned: "keys.canned", suggest: "keys.suggest", attach: "keys.attach",
  transfer: "keys.transfer", escalate: "chat.escalate", offer: "chat.offer", promise: "chat.promise", close: "keys.close", correct: "keys.correct", sort: "keys.sort", early: "keys.label",
  select: "keys.select", search: "search.title", palette: "keys.palette", help: "keys.help",
};

/** What each agent chose instead; "" switches an action's key off. */
const chosen = stored<Partial<Record<Action, string>>>("keys", {});

export const keyOf = (action: Action): string => chosen.value[action] ?? USUAL[action];
export const changed = (): boolean => Object.keys(chosen.value).length > 0;
export const usualKeys = () => (chosen.value = {});

/** bind gives an action a key; whichever had it loses it. It reports the one that lost it. */
export function bind(action: Action, key: string): Action | undefined {
  const loser = key ? ACTIONS.find((a) => a !== action && keyOf(a) === key) : undefined;
  chosen.value = { ...chosen.value, ...(loser ? { [loser]: "" } : {}), [action]: key };
  return loser;
}

/** pressed writes an event's key as it is kept, or "" for a key that can not be chosen. */
export function pressed(e: KeyboardEvent): string {
  if (e.altKey || [...e.key].length !== 1 || e.key === " ") return "";
  return (e.ctrlKey || e.metaKey ? "mod+" : "") + e.key.toLowerCase();
}

/** actionOf gives what a key press means. */
export const actionOf = (e: KeyboardEvent): Action | undefined => {
  const key = pressed(e);
  return key ? ACTIONS.find((a) => keyOf(a) === key) : undefined;
};

const mac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** shown writes a key for people. */
export const shown = (key: string): string => key.replace("mod+", mac ? "⌘ " : "Ctrl ").toUpperCase().replace("CTRL", "Ctrl");

/** aria writes an action's key as aria-keyshortcuts has it. */
export function aria(action: Action): string | undefined {
  const key = keyOf(action);
  return key ? key.replace("mod+", mac ? "Meta+" : "Control+").toUpperCase().replace("META", "Meta").replace("CONTROL", "Control") : undefined;
}
