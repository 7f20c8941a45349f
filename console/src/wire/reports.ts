import { call } from "./rest.ts";

/** What some conversations came to, as chat/report tells it. Times in seconds; null where nothing was measured. */
export interface Figures {
  conversations: number;
  contained: number;
  handed_over: number;
  claimed: number;
  settled: number;
  handoff_rate: number | null;
  wait_median: number | null;
  wait_p90: number | null;
  reply_median: number | null;
  reply_p90: number | null;
  rated: number;
  rating: number | null;
  right_time: number;
  too_late: number;
  not_needed: number;
}

/** The conversations that share a key; NONE where they have none. */
export interface Group extends Figures {
  key: string;
  series?: number[];
}

export interface Report {
  from: string;
  to: string;
  by: By;
  total: Figures;
  days: string[];
  groups: Group[];
  reasons: Group[];
  causes: Group[];
  products: Group[];
  levels: Group[];
  skills: Group[];
  topics: Group[];
  handovers: { handovers: number; customers: number }[];
  promises: { made: number; kept: string[]; broken: string[]; open: string[] };
}

/** How good the announced waits were. */
export interface WaitAccuracy {
  count: number;
  covered: number;
  median_error_seconds: number;
}

export interface Listed {
  id: string;
  language?: string;
  owner: string;
  topic?: string;
  reason?: string;
  cause?: string;
  rating?: number;
  last_text?: string;
  created_at: string;
}

export type By = "day" | "hour" | "language" | "site";

/** The key of what has none. */
export const NONE = "-";

export type Query = Record<string, string | number>;

const search = (q: Query) => new URLSearchParams(Object.entries(q).map(([k, v]) => [k, String(v)])).toString();

export const reports = {
  make: (q: Query) => call<Report>("GET", `/reports?${search(q)}`),
  behind: (q: Query) => call<{ total: number; conversations: Listed[] }>("GET", `/reports/conversations?${search(q)}`),
  waits: (from: string) => call<WaitAccuracy>("GET", `/reports/waits?${search({ from })}`),
  /** addresses of the CSV files: a link downloads them */
  sheet: (q: Query) => `/api/v1/reports/sheet?${search(q)}`,
  conversationsSheet: (q: Query) => `/api/v1/reports/conversations/sheet?${search(q)}`,
};
