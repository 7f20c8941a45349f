import { locale, regional } from "../../i18n/index.ts";
import { colleagues, me } from "../../store/board.ts";

/** when gives date and time to the minute. */
export const when = (iso: string): string => new Intl.DateTimeFormat(regional(locale.value), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** day gives the date alone. */
export const day = (iso: string): string => new Intl.DateTimeFormat(regional(locale.value), { dateStyle: "medium" }).format(new Date(iso));

/** ago gives how long since, in one unit: "3 days ago". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const f = new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" });
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60]];
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return f.format(Math.round(seconds / size), unit);
  return f.format(Math.round(seconds), "second");
}

/** whole gives a number without a fraction. */
export const whole = (n: number): string => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 0 }).format(n);

/** personName gives the name of a user id, the id itself for somebody who is not known here. */
export const personName = (id: string): string => (id === me.value?.id ? me.value.name : (colleagues.value.find((c) => c.id === id)?.name ?? id));
