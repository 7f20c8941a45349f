import { locale, regional, t } from "./index.ts";

const cache = new Map<string, Intl.DateTimeFormat>();

function dates(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value} ${kind}`;
  let f = cache.get(key);
  if (!f) cache.set(key, (f = new Intl.DateTimeFormat(regional(locale.value), options)));
  return f;
}

/** clockTime gives hours and minutes, as the reader's language writes them. */
export const clockTime = (iso: string) => dates("time", { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

/** fullTime gives date and time to the second, for titles. */
export const fullTime = (iso: string) => dates("full", { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));

/** dayTime gives date, hours and minutes, for times by which something is due. */
export const dayTime = (iso: string) => dates("daytime", { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** pickedTime spells out what a date field holds, with its weekday; "" for what is no date yet. */
export function pickedTime(value: string): string {
  const [, date = "", time] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?$/.exec(value) ?? [];
  const at = new Date(`${date}${time ?? "T00:00"}`); // both in the reader's own zone
  if (Number.isNaN(at.getTime())) return "";
  return dates(time ? "pickedtime" : "picked", { dateStyle: "full", ...(time ? { timeStyle: "short" } : {}) }).format(at);
}

export const shortDate = (iso: string) => dates("short", { day: "numeric", month: "short" }).format(new Date(iso));

/** dayName gives today, yesterday or the date, for the separators of the transcript. */
export function dayName(iso: string, now: number): string {
  const day = startOfDay(Date.parse(iso));
  const today = startOfDay(now);
  if (day === today) return t("day.today");
  if (day === startOfDay(today - 1)) return t("day.yesterday");
  return dates("day", { weekday: "long", day: "numeric", month: "long" }).format(new Date(iso));
}

export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** duration gives m:ss below an hour, h:mm:ss below a day, else days and hours. Negative keeps its sign. */
export function duration(ms: number): string {
  // Among right-to-left words a sign would else come to stand behind its number.
  const sign = ms < 0 ? `${locale.value === "ar" ? "\u200e" : ""}−` : "";
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 3600) return `${sign}${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 86_400) return `${sign}${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const unit = (n: number, u: string) =>
    new Intl.NumberFormat(locale.value, { style: "unit", unit: u, unitDisplay: "narrow" }).format(n);
  return `${sign}${unit(Math.floor(s / 86_400), "day")} ${unit(Math.floor(s / 3600) % 24, "hour")}`;
}

/** languageName gives a language's name in the reader's language. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([locale.value], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** unnamed tells visitors without a name apart by the end of their own id: it is the same in each of their conversations. */
export const unnamed = (visitor: string | undefined) => [t("visitor.unnamed"), (visitor ?? "").slice(-4)].filter(Boolean).join(" ");
