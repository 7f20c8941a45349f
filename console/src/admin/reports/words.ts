import { signal } from "@preact/signals";
import { languageName } from "../../i18n/format.ts";
import { locale, regional, named } from "../../i18n/index.ts";
import { causeOf } from "../../store/board.ts";
import { NONE, type By } from "../../wire/reports.ts";
import { rest, type Product } from "../../wire/rest.ts";
import { book } from "../parts/index.ts";
import type en from "./words/en.json";

/** The products that admins list; what was closed with another is named as it was written. */
export const products = signal<readonly Product[]>([]);

/** learnProducts fetches them; without, a report shows their ids. */
export async function learnProducts(): Promise<void> {
  products.value = await rest.products().catch(() => products.peek());
}

/** The texts of this page. */
export const words = book<keyof typeof en>({
  en: () => import("./words/en.json", { with: { type: "json" } }),
  hu: () => import("./words/hu.json", { with: { type: "json" } }),
  sl: () => import("./words/sl.json", { with: { type: "json" } }),
  fr: () => import("./words/fr.json", { with: { type: "json" } }),
  zh: () => import("./words/zh.json", { with: { type: "json" } }),
  ar: () => import("./words/ar.json", { with: { type: "json" } }),
});

const format = (n: number, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale.value, options).format(n);

export const DASH = "–";

/** percent gives part of a whole, a dash where there is no whole. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? DASH : format(part / whole, { style: "percent", maximumFractionDigits: part / whole < 0.1 ? 1 : 0 });

/** stars gives a mean rating with one digit. */
export const stars = (n: number | null): string => (n === null ? DASH : format(n, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));

/** span gives a time in the unit that fits it, to two units. */
export function span(seconds: number | null): string {
  if (seconds === null) return DASH;
  const unit = (n: number, of: string) => format(n, { style: "unit", unit: of, unitDisplay: "narrow" });
  if (seconds < 60) return unit(seconds, "second");
  if (seconds < 3600) return [unit(Math.floor(seconds / 60), "minute"), seconds % 60 >= 1 && seconds < 600 ? unit(Math.floor(seconds % 60), "second") : ""].filter(Boolean).join(" ");
  if (seconds < 86_400) return [unit(Math.floor(seconds / 3600), "hour"), unit(Math.floor((seconds % 3600) / 60), "minute")].join(" ");
  return [unit(Math.floor(seconds / 86_400), "day"), unit(Math.floor((seconds % 86_400) / 3600), "hour")].join(" ");
}

/** dayOf gives a date of the report, 2026-11-27, as the reader writes it. */
export const dayOf = (key: string): string => new Intl.DateTimeFormat(regional(locale.value), { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${key}T12:00:00Z`));

/** groupName names a part of the period. */
export function groupName(by: By, key: string): string {
  if (by === "day") return dayOf(key);
  if (by === "hour") return `${key}:00`;
  if (key === NONE) return words.w("none");
  return by === "language" ? languageName(key) : key;
}

/** codeName names a reason, a topic or a cause. */
export function codeName(group: "reason" | "topic" | "cause" | "product" | "level" | "skill", key: string): string {
  if (key === NONE) return words.w("none");
  if (group === "level") return words.w(key === "0" ? "level_bot" : "level", { level: key });
  if (group === "product") return products.value.find((p) => p.id === key)?.name ?? key;
  return group === "cause" ? causeOf(key) : named(group, key);
}
