import { call, list } from "./rest.ts";

/** Where the draft is kept among versions. */
export const DRAFT = -1;

export interface ScriptVersion {
  version: number;
  base: number;
  revision?: number;
  author: string;
  reason: string;
  at?: string;
}

export interface ScriptFile {
  path: string;
  bytes: number;
  changed?: boolean;
  removed?: boolean;
}

/** How far a node is in taking a script up; share is that of the learning. */
export interface Progress {
  version: number;
  stage: "" | "reading" | "learning" | "ready" | "failed";
  share: number;
  error?: string;
}

export interface Overview {
  live: number;
  newest: number;
  next: Progress;
  draft: ScriptVersion;
  files: ScriptFile[];
}

/** One thing that is wrong with a script, or could be better. */
export interface Finding {
  file: string;
  line?: number;
  severity: "error" | "warning";
  code: string;
  message: string;
  hint?: string;
}

export interface Answer {
  text: string;
  when?: { known?: string[]; missing?: string[]; open?: boolean };
}

export interface Topic {
  id: string;
  skill?: string;
  small_talk?: boolean;
  next_offers?: boolean;
  answers: Answer[];
  ask?: { fact: string; unless?: string[] }[];
  quick_replies?: string[];
  examples: Record<string, number>;
}

export interface TextRow {
  key: string;
  wordings: Record<string, string[]>;
  lines: Record<string, number>;
}

export interface Outline {
  languages: string[];
  fallback: string;
  topics: Topic[];
  facts: { id: string; kind: string; pattern?: string }[];
  quick_replies: string[];
  texts: TextRow[];
}

export interface Hunk {
  from: number;
  to: number;
  removed: string[];
  added: string[];
}

export interface FileDiff {
  path: string;
  hunks: Hunk[];
  cut?: boolean;
}

/** A group of turns that say much the same and were not understood. */
export interface Unanswered {
  text: string;
  language: string;
  count: number;
  newest: string;
  conversation: string;
  others?: string[];
  guess?: string;
}

export interface Held {
  right: number;
  all: number;
}

export interface Rehearsal extends Progress {
  before: Record<string, Held> | null;
  after: Record<string, Held> | null;
}

interface RuleResult {
  rule: string;
  value: number;
  bar: number;
  margin: number;
  fired?: boolean;
}

/** What the bot read in one burst of a trial, and decided. */
export interface TrialDecision {
  up_to: number;
  assessment: {
    language: string;
    topics?: { topic: string; confidence: number }[];
    signals?: { signal: string; strength: number; found: boolean; evidence?: string }[];
    out_of_scope?: number;
  };
  decision: { action: string; reason?: string; rule?: string; topic?: string; severity?: string; level?: number; rules?: RuleResult[]; ask?: string };
}

/** Files laid over the draft: path to text, null to take one away. */
export type Changes = Readonly<Record<string, string | null>>;

export const scripts = {
  overview: () => call<Overview>("GET", "/script"),
  file: async (path: string, version = DRAFT) =>
    (await call<{ text: string }>("GET", `/script/file?path=${encodeURIComponent(path)}&version=${version}`)).text,
  check: async (files: Changes) => list<Finding>(await call<unknown>("POST", "/script/check", { files }), "findings"),
  outline: (files: Changes) => call<Outline>("POST", "/script/outline", { files }),
  edit: (revision: number, base: number, files: Changes) => call<ScriptVersion>("PUT", "/script/draft", { revision, base, files }),
  renew: (revision: number) => call<{ draft: ScriptVersion; both: string[] }>("POST", "/script/renew", { revision }),
  discard: (revision: number) => call<unknown>("DELETE", `/script/draft?revision=${revision}`),
  addExample: (revision: number, language: string, topic: string, text: string) =>
    call<ScriptVersion>("POST", "/script/examples", { revision, language, topic, text }),
  versions: async () => list<ScriptVersion>(await call<unknown>("GET", "/script/versions"), "versions"),
  diff: async (from: number, to: number) => list<FileDiff>(await call<unknown>("GET", `/script/diff?from=${from}&to=${to}`), "files"),
  publish: (revision: number, reason: string) => call<ScriptVersion>("POST", "/script/publish", { revision, reason }),
  rollBack: (version: number, reason: string) => call<ScriptVersion>("POST", "/script/rollback", { version, reason }),
  unanswered: async () => list<Unanswered>(await call<unknown>("GET", "/script/unanswered"), "groups"),
  rehearse: () => call<Rehearsal>("POST", "/script/rehearse"),
  trial: async (message: string) => list<TrialDecision>(await call<unknown>("GET", `/script/trials/${encodeURIComponent(message)}`), "decisions"),
};
