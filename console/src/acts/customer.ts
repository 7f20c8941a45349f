import { LANGUAGES, regional, type Language } from "../i18n/index.ts";
import type { LogEvent } from "../wire/frames.ts";

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("./words/en.json", { with: { type: "json" } }),
  hu: () => import("./words/hu.json", { with: { type: "json" } }),
  sl: () => import("./words/sl.json", { with: { type: "json" } }),
  fr: () => import("./words/fr.json", { with: { type: "json" } }),
  zh: () => import("./words/zh.json", { with: { type: "json" } }),
  ar: () => import("./words/ar.json", { with: { type: "json" } }),
};

/**
 * customerText gives a text to begin with in the customer's own language, which need not be the agent's: `to.<key>` of the
 * dialogs' words. It is "" in a language that the console does not speak; then the agent writes it.
 */
export async function customerText(language: string, key: string, args: Record<string, string>): Promise<string> {
  const code = language.slice(0, 2);
  if (!Object.hasOwn(LANGUAGES, code)) return "";
  const words = (await loaders[code as Language]()).default;
  return (words[`to.${key}`] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => args[name] ?? "").trim();
}

/** customerZone is the time zone that the customer told last, with a wish to be called; undefined where they told none. */
export function customerZone(events: readonly LogEvent[]): string | undefined {
  const told = events.findLast((e) => e.kind === "left_message" && typeof e["zone"] === "string" && e["zone"]);
  return told?.["zone"] as string | undefined;
}

/** customerTime writes a time as the customer's language does, in their time zone where it is known. */
export function customerTime(language: string, at: Date, timeZone?: string): string {
  try {
    const day = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone });
    const today = day.format(new Date()) === day.format(at);
    return new Intl.DateTimeFormat(regional(language), today ? { timeZone, hour: "2-digit", minute: "2-digit" } : { timeZone, weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }).format(at);
  } catch {
    return at.toLocaleString();
  }
}
