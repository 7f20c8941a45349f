import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";
/** What may ring or raise a desktop notice. */
export type Alert = "waiting" | "message" | "given" | "whisper" | "due";
export const ALERTS: readonly Alert[] = ["waiting", "message", "given", "whisper", "due"];

const isPlain = (v: unknown): v is object => typeof v === "object" && v !== null && !Array.isArray(v);

/** stored gives a signal kept in localStorage under `ombud.<name>`; a forbidden storage only forgets. */
export function stored<T>(name: string, initial: T): Signal<T> {
  const key = `ombud.${name}`;
  let value = initial;
  try {
    const text = localStorage.getItem(key);
    if (text !== null) value = JSON.parse(text) as T;
    // A setting kept by an earlier version lacks what came since.
    if (isPlain(initial) && isPlain(value)) value = { ...initial, ...value };
  } catch {
    // An unreadable setting is the default.
  }
  const s = signal(value);
  let first = true;
  effect(() => {
    const text = JSON.stringify(s.value);
    if (first) {
      first = false;
      return;
    }
    try {
      localStorage.setItem(key, text);
    } catch {
      // See above.
    }
  });
  return s;
}

export const language = stored<string>("language", "");
export const theme = stored<Theme>("theme", "auto");
/** sendKey says which key sends: Enter (Shift+Enter breaks the line), or Ctrl/Cmd+Enter. */
export const sendKey = stored<"enter" | "ctrl">("send-key", "enter");
/** singleKeys switches the one-letter shortcuts (WCAG 2.1.4). */
export const singleKeys = stored("single-keys", true);
export const sounds = stored<Record<Alert, boolean>>("sounds", { waiting: true, message: true, given: true, whisper: true, due: true });
export const notices = stored<Record<Alert, boolean>>("notices", { waiting: false, message: false, given: false, whisper: false, due: false });

/** briefView says which brief one sees first where a model has worded it: its few sentences, or the facts that it has them from. */
export const briefView = stored<"short" | "facts">("brief-view", "short");

/** wrapUp is how many seconds an agent is left alone after a close, to write things down; 0 is none. */
export const wrapUp = stored("wrap-up", 0);

/** applyTheme keeps the root element's theme in step with the setting. */
export function applyTheme(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
  });
}
