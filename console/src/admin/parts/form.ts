import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { trouble } from "./problem.ts";

/** A form over a value: what was typed, what is wrong with it, and whether it differs from what was there. */
export interface Form<T extends object> {
  draft: Signal<T>;
  /** what is wrong, by field */
  errors: Signal<Record<string, string>>;
  /** what is wrong with all of it */
  general: Signal<string>;
  busy: Signal<boolean>;
  dirty: ReadonlySignal<boolean>;
  set<K extends keyof T>(key: K, to: T[K]): void;
  /** lays another value under the form, as after a save */
  reset(to: T): void;
  /**
   * checks, then saves. A refusal is shown at its field, which gets the focus; true says that it is saved.
   * `check` gives what is wrong by field, an empty text where all is well.
   */
  submit(save: (draft: T) => Promise<unknown>, check?: (draft: T) => Record<string, string>): Promise<boolean>;
}

/** form makes one. */
export function form<T extends object>(first: T): Form<T> {
  const base = signal(first);
  const draft = signal(first);
  const errors = signal<Record<string, string>>({});
  const general = signal("");
  const busy = signal(false);
  const wrong = (found: Record<string, string>) => {
    errors.value = found;
    requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  return {
    draft, errors, general, busy,
    dirty: computed(() => JSON.stringify(base.value) !== JSON.stringify(draft.value)),
    set(key, to) {
      draft.value = { ...draft.value, [key]: to };
      const name = String(key);
      if (Object.keys(errors.value).some((k) => k === name || k.startsWith(`${name}[`) || k.startsWith(`${name}.`))) {
        errors.value = Object.fromEntries(Object.entries(errors.value).filter(([k]) => k !== name && !k.startsWith(`${name}[`) && !k.startsWith(`${name}.`)));
      }
    },
    reset(to) {
      base.value = draft.value = to;
      errors.value = {};
      general.value = "";
    },
    async submit(save, check) {
      if (busy.value) return false;
      general.value = "";
      const found = Object.fromEntries(Object.entries(check?.(draft.value) ?? {}).filter(([, text]) => text !== ""));
      if (Object.keys(found).length > 0) {
        wrong(found);
        return false;
      }
      errors.value = {};
      busy.value = true;
      try {
        await save(draft.value);
        base.value = draft.value;
        return true;
      } catch (err) {
        const { field, text } = trouble(err);
        if (field && shown(field)) wrong({ [field]: text });
        else general.value = text;
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

/** shown reports whether the page has a place for what is wrong with a field: its own, or that of what it is in. */
const shown = (field: string): boolean =>
  [...field.matchAll(/[.[]|$/g)].some(({ index }) => document.querySelector(`[data-field="${CSS.escape(field.slice(0, index))}"]`) !== null);

/** errorAt gives what is wrong with a field, or with something inside it. */
export function errorAt(errors: Record<string, string>, name: string): string {
  return errors[name] ?? Object.entries(errors).find(([k]) => k.startsWith(`${name}[`) || k.startsWith(`${name}.`))?.[1] ?? "";
}

/** useForm makes a form that lives as long as what is edited. */
export function useForm<T extends object>(first: () => T, on: readonly unknown[] = []): Form<T> {
  return useMemo(() => form(first()), on);
}
