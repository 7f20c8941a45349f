import { signal, useSignalEffect } from "@preact/signals";
import { locale, type Language } from "../../i18n/index.ts";

type Loader = () => Promise<{ default: Record<string, string> }>;

/** The texts of one page, fetched with the page and not before. */
export interface Book<Word extends string> {
  /** gives a text with its `{name}` places filled */
  w(key: Word, args?: Record<string, string | number>): string;
  /** gives the text under a key made from a code of the server, or `other` where the code is new */
  or(key: string, other: string): string;
  /** keeps the texts in the console's language, and reports whether they are there; a hook */
  use(): boolean;
}

/** book makes the texts of a page from one loader a language. */
export function book<Word extends string>(loaders: Record<Language, Loader>): Book<Word> {
  const words = signal<Record<string, string> | undefined>(undefined);
  const learn = async (language: Language) => {
    const loaded = (await loaders[language]()).default;
    if (language === locale.peek()) words.value = loaded; // else it was changed meanwhile
  };
  return {
    w: (key, args = {}) => (words.value?.[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? "")),
    or: (key, other) => words.value?.[key] ?? other,
    use() {
      useSignalEffect(() => void learn(locale.value));
      return words.value !== undefined;
    },
  };
}
