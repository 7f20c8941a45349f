import { call, list } from "./rest.ts";

/** A policy as the server keeps it: what this console does not know stays as it is. */
export type Policy = Readonly<Record<string, unknown>>;

/** One tunable field; `sweep` says that the server can tell the effect of each of its values. */
export interface PolicyField {
  key: string;
  kind: "probability" | "count" | "switch";
  unit: string;
  min: number;
  max: number;
  help: string;
  sweep: boolean;
}

/** What the tables of a policy may hold, as bot.Tables tells it. */
export interface PolicyTables {
  /** `must`: cannot be switched off; `max`: the highest threshold, 0 stands for the trained one */
  signals: { key: string; must: boolean; max: number }[];
  reasons: string[];
  severities: string[];
  levels: number[];
  /** what a language or a topic can have of its own; 0 leaves the general value */
  override: PolicyField[];
  languages: string[];
  topics: string[];
  skills: string[];
}

/** Where a handoff goes; without a skill to whoever is free. */
export interface Destination {
  severity: string;
  level: number;
  skill?: string;
}

/** Counts of recorded conversations under one policy, as bot.Tally tells them. */
export interface Tally {
  same: number;
  earlier: number;
  new: number;
  later_or_never: number;
  unknown: number;
  handed_over: number;
  /** of those that are the same: to another severity, level or skill */
  elsewhere?: number;
  missed: number;
  needless: number;
  agent_minutes: number;
}

export interface SweepPoint extends Tally {
  value: number;
  valid: boolean;
}

/** The first turn of a conversation that is decided otherwise than it was. */
export interface Divergence {
  conversation: string;
  turn: number;
  kind: string;
  was: string;
  now: string;
  /** of the kind "elsewhere" */
  was_to?: Destination;
  now_to?: Destination;
}

export interface Replay {
  conversations: number;
  turns: number;
  recorded: Tally;
  replayed: Tally;
  recorded_rate: number;
  rate_low: number;
  rate_high: number;
  reasons: Record<string, number>;
  changes?: Divergence[];
}

/** What an hour of the day brings: low without, high with the conversations whose course is not known. */
interface HourBound {
  handoffs: number;
  mean: number;
  p90: number;
  needed: number;
}

export interface HourStaff {
  hour: number;
  agents: number;
  low: HourBound;
  high: HourBound;
}

/** The forecast of one policy over a period, as cmd/ombud/staffing.go tells it. */
export interface Staffing {
  zone: string;
  hours: HourStaff[];
  handled: boolean;
  cut: boolean;
}

/** The server lists at most so many changes of a replay. */
export const LISTED_CHANGES = 100;

export interface PolicyVersion {
  version: number;
  author: string;
  reason: string;
  at: string;
  data: Policy;
}

export interface PolicyChange {
  path: string;
  was: unknown;
  now: unknown;
}

/** The time that a replay is about, as ISO instants. */
export interface Period {
  from: string;
  to: string;
}

export const policies = {
  versions: async () => list<PolicyVersion>(await call<unknown>("GET", "/policies"), "policies"),
  live: () => call<{ version: number; data: Policy }>("GET", "/policies/live"),
  fields: () => call<{ fields: PolicyField[]; tables: PolicyTables }>("GET", "/policies/fields"),
  replay: (data: Policy, period: Period) => call<Replay>("POST", "/policies/replay", { data, ...period }),
  staffing: (data: Policy, period: Period) => call<Staffing>("POST", "/policies/staffing", { data, ...period }),
  sweep: async (data: Policy, field: string, period: Period) =>
    list<SweepPoint>(await call<unknown>("POST", "/policies/sweep", { data, field, ...period }), "points"),
  save: (version: number, reason: string, data: Policy) => call<PolicyVersion>("POST", "/policies", { version, reason, data }),
  diff: async (from: number, to: number) => list<PolicyChange>(await call<unknown>("GET", `/policies/diff?from=${from}&to=${to}`), "changes"),
  rollBack: (version: number, reason: string) => call<PolicyVersion>("POST", "/policies/rollback", { version, reason }),
};
