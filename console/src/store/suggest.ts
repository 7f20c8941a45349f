import { signal } from "@preact/signals";
import { rest, RestError } from "../wire/rest.ts";
import type { Suggested } from "../wire/records.ts";

/** Whether a language model is configured that can draft replies; the welcome says so. */
export const canSuggest = signal(false);

/** What was asked for in a chat: on its way, there, or why there is none. Nothing of it is ever sent by itself. */
export interface Suggestion {
  readonly conversation: string;
  /** the last event that it answers: what comes later makes it old */
  readonly upTo: number;
  readonly reply?: Suggested;
  readonly why?: string;
}

export const suggestion = signal<Suggestion | undefined>(undefined);
export const dismissSuggestion = () => (suggestion.value = undefined);

/** askSuggestion has the model draft a reply; an answer that comes after another question, or a dismissal, is dropped. */
export async function askSuggestion(conversation: string, upTo: number): Promise<void> {
  const asked: Suggestion = { conversation, upTo };
  suggestion.value = asked;
  const settle = (how: Partial<Suggestion>) => {
    if (suggestion.value === asked) suggestion.value = { ...asked, ...how };
  };
  try {
    settle({ reply: await rest.suggest(conversation) });
  } catch (e) {
    settle({ why: e instanceof RestError ? e.why || (e.status === 0 ? "offline" : e.code) : "failed" });
  }
}
