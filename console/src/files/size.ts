import { locale } from "../i18n/index.ts";

/** size writes a number of bytes as the reader's language does: 48 kB, 1.2 MB. */
export function size(bytes: number): string {
  const large = bytes >= 1_000_000;
  const amount = large ? bytes / 1_000_000 : Math.max(1, bytes / 1000);
  return new Intl.NumberFormat(locale.value, { style: "unit", unit: large ? "megabyte" : "kilobyte", maximumFractionDigits: large && amount < 10 ? 1 : 0 }).format(amount);
}
