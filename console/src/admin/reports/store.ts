import { computed, signal } from "@preact/signals";
import { reports, type By, type Query, type Report, type WaitAccuracy } from "../../wire/reports.ts";
import { resource } from "../parts/index.ts";

export const PERIODS = [7, 30, 90] as const;
export const BYS: readonly By[] = ["day", "hour", "language", "site"];
export const days = signal<number>(30);
export const by = signal<By>("day");
export const language = signal("");

const DAY = 86_400_000;

/** The time zone in which days and hours are told: the reader's. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** period is what every question of this page has in common. It ends with the current minute, so that it stays the same for a while. */
const period = computed<Query>(() => {
  const to = Math.ceil(Date.now() / 60_000) * 60_000;
  return {
    from: new Date(to - days.value * DAY).toISOString(), to: new Date(to).toISOString(), zone,
    ...(language.value && { language: language.value }),
  };
});

/** asked is the period and how it is divided. */
export const asked = computed<Query>(() => ({ ...period.value, by: by.value }));

export interface Shown {
  report: Report;
  waits: WaitAccuracy | undefined;
}

/** The report of the period. */
export const shown = resource<Shown>(async () => {
  const q = asked.peek();
  const [report, waits] = await Promise.all([reports.make(q), reports.waits(String(q["from"])).catch(() => undefined)]);
  return { report, waits };
});

/** What is listed beside the page: the conversations behind one figure, or some by their ids. */
export interface Behind {
  title: string;
  query?: Query;
  ids?: readonly string[];
}

export const behind = signal<Behind | undefined>(undefined);

/** open lists the conversations behind a figure. */
export function open(title: string, filter: Query): void {
  behind.value = { title, query: { ...period.peek(), ...filter } };
}
