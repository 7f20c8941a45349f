import { signal } from "@preact/signals";
import type en from "./en.json";

/** A key of the interface's texts: a key that English lacks does not compile. */
export type Key = keyof typeof en;
export type Language = "en" | "hu" | "sl" | "fr" | "zh" | "ar";

/** The interface languages, each named in itself. */
export const LANGUAGES: Record<Language, string> = {
  en: "English",
  hu: "Magyar",
  sl: "Slovenščina",
  fr: "Français",
  zh: "简体中文",
  ar: "العربية",
};

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("./en.json", { with: { type: "json" } }),
  hu: () => import("./hu.json", { with: { type: "json" } }),
  sl: () => import("./sl.json", { with: { type: "json" } }),
  fr: () => import("./fr.json", { with: { type: "json" } }),
  zh: () => import("./zh.json", { with: { type: "json" } }),
  ar: () => import("./ar.json", { with: { type: "json" } }),
};

const texts = signal<Record<string, string>>({});
export const locale = signal<Language>("en");

const isLanguage = (s: string): s is Language => Object.hasOwn(LANGUAGES, s);

/** choose gives the first of the browser's languages that the console speaks, else English. */
export function choose(wanted: string, browser: readonly string[]): Language {
  for (const tag of [wanted, ...browser]) {
    const base = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(base)) return base;
  }
  return "en";
}

/** Some browsers name the locale of the system, such as en-US@posix: Intl would refuse it. */
const TAG = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

/** Some Arabic countries write other digits, and one counts other years: beside the texts' own numbers all are to read alike. */
const LATIN = "-u-ca-gregory-nu-latn";

/** regional gives the browser's own variant of a language (en-GB where it is English), whose dates and hours its reader writes; else the language. */
export const regional = (language: string): string =>
  ((navigator.languages ?? [navigator.language]).find((tag) => TAG.test(tag) && tag.toLowerCase().split("-")[0] === language) ?? language) + (language === "ar" ? LATIN : "");

/** speak loads a language and switches to it at once, everywhere. */
export async function speak(language: Language): Promise<void> {
  const loaded = (await loaders[language]()).default;
  texts.value = loaded;
  locale.value = language;
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
}

/** t gives a text with its `{name}` places filled. Reading it in a render follows the language. */
export function t(key: Key, args?: Record<string, string | number>): string {
  const text = texts.value[key] ?? key;
  return args ? text.replace(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? "")) : text;
}

/** known reports whether there are words for a code from the wire. */
export const known = (group: string, code: string): boolean => `${group}.${code}` in texts.value;

/** named gives the text of a code from the wire (`reason.anger`), or the code in words where it is unknown. */
export function named(group: string, code: string | undefined): string {
  if (!code) return "";
  return texts.value[`${group}.${code}`] ?? code.replaceAll("_", " ");
}
