import { signal } from "@preact/signals";
import { locale, type Language } from "../../i18n/index.ts";
import type en from "./words/en.json";

/** A key of this page's texts, which are fetched with the page and not before. */
export type Word = keyof typeof en;

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("./words/en.json", { with: { type: "json" } }),
  hu: () => import("./words/hu.json", { with: { type: "json" } }),
  sl: () => import("./words/sl.json", { with: { type: "json" } }),
  fr: () => import("./words/fr.json", { with: { type: "json" } }),
  zh: () => import("./words/zh.json", { with: { type: "json" } }),
  ar: () => import("./words/ar.json", { with: { type: "json" } }),
};

const words = signal<Record<string, string>>({});

/** Set once the texts are there. */
export const worded = signal(false);

/** learn loads the page's texts in the console's language. */
export async function learn(language: Language): Promise<void> {
  const loaded = (await loaders[language]()).default;
  if (language !== locale.peek()) return; // changed meanwhile
  words.value = loaded;
  worded.value = true;
}

/** w gives a text of this page with its `{name}` places filled. */
export function w(key: Word, args: Record<string, string | number> = {}): string {
  return (words.value[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? ""));
}

/** wordOr gives the text under a key made from a code of the server, or `other` where the code is new. */
export const wordOr = (key: string, other: string): string => words.value[key] ?? other;

const plain = (digits: number, style: "decimal" | "percent" = "decimal") =>
  new Intl.NumberFormat(locale.value, { style, maximumFractionDigits: digits, minimumFractionDigits: style === "percent" ? digits : 0 });

export const number = (n: number): string => plain(2).format(n);
export const whole = (n: number): string => plain(0).format(n);
export const percent = (share: number): string => plain(1, "percent").format(share);

/** scale gives a share at an axis, without needless noughts. */
export const scale = (share: number): string => new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** between gives one share, or a span where the two differ as shown. */
export function between(low: number, high: number): string {
  const [a, b] = [percent(low), percent(high)];
  return a === b ? a : `${a} – ${b}`;
}
