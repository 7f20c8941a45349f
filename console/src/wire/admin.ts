import type { SurveyQuestion } from "./records.ts";
import { call, list, rest } from "./rest.ts";

export type Grade = "agent" | "supervisor" | "admin";

/** Somebody who works here, as an administrator sees them. */
export interface Person {
  id: string;
  name: string;
  email: string;
  grade: Grade;
  level: number;
  skills: string[] | null;
  languages: string[] | null;
  products: string[] | null;
  capacity: number;
  disabled: boolean;
  version: number;
  created_at: string;
}

export interface ApiToken {
  id: string;
  name: string;
  created_at: string;
}

/** A link by which somebody chooses a password; `why` says why the mail that was asked for did not go out. */
export interface Invitation {
  url: string;
  expires_at: string;
  mailed: boolean;
  why?: string;
}

export interface Site {
  id: string;
  name: string;
  version: number;
  origins: string[] | null;
  settings: Record<string, unknown> & { locale?: string; enforce?: boolean; files?: boolean; ask?: string[] | null; look?: object };
  /** fingerprints of the identity keys, newest first */
  keys?: string[] | null;
}

export interface Sighting {
  origin: string;
  kind: "loaded" | "opened" | "refused";
  at: string;
}

export interface SkillRules {
  mode: string;
  hours?: HoursRules;
}

export interface HoursRules {
  zone?: string;
  week?: Record<string, string[]>;
  holidays?: string[];
}

export interface LevelRules {
  level: number;
  answer?: Record<string, string>;
  settle?: Record<string, string>;
  remedies: string[] | null;
  up_to: number;
}

/** What the bot may offer by itself; worth and up_to are in minor units. */
export interface BotRules {
  remedies?: string[] | null;
  up_to?: number;
  /** by topic, best first */
  offers?: Record<string, BotOffer[] | null> | null;
}

export interface BotOffer {
  remedy: string;
  worth?: number;
  currency?: string;
}

/** The rules of the handoff; what this console does not know stays as it is. */
export interface Rules extends Record<string, unknown> {
  levels: LevelRules[];
  skills: Record<string, SkillRules>;
  handovers: number;
  warn_share: number;
  grace: string;
  recent: string;
  retry: string;
  offer_after: string;
  bot?: BotRules;
}

export interface RulesAnswer {
  version: string;
  rules: Rules;
  usual: Rules;
  remedies: string[];
  /** those that the bot's mandate may name */
  bot_remedies: string[];
  modes: string[];
  severities: string[];
}

export interface CauseRow {
  id: string;
  name: string;
}

export interface CannedText {
  key: string;
  title: string;
  text: string;
}

export interface Canned {
  id: string;
  version: string;
  texts: Record<string, CannedText>;
  updated_at: string;
  updated_by?: string;
}

export interface SurveySetting {
  version: string; // as it was read
  hours: number;
  reopen?: number;
  texts?: Record<string, string>;
  questions?: SurveyQuestion[];
}

export interface SurveyAnswer {
  conversation: string;
  rating: number;
  text?: string;
  /** to the company's own questions, by their ids */
  answers?: Record<string, string>;
  at: string;
}

export interface Webhook {
  id: string;
  url: string;
  secret?: string;
  kinds: string[] | null;
}

export interface DeadJob {
  id: number;
  kind: string;
  attempts: number;
  error?: string;
  created_at: string;
}

export interface GrowthAlert {
  id: string;
  subject: string;
  count: number;
  expected: number;
  chance: number;
  conversations: string[] | null;
  raised_at: string;
  ended_at?: string;
  notice?: Record<string, string>;
}

export interface KnownIssue {
  topic: string;
  texts: Record<string, string>;
  by: string;
  at: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  by: string;
  what: string;
  object: string;
  detail?: unknown;
}

export interface Running {
  version: string;
  started_at: string;
  database: string;
  public_url: string;
  mail?: string;
  model?: string;
  model_host?: string;
  bus: string;
  nodes: { id: string; name: string; version: string; started_at: string; seen_at: string }[];
  demo?: boolean;
}

const at = (...path: string[]) => path.map((p) => `/${encodeURIComponent(p)}`).join("");

/** query writes the filters that are not empty. */
export function query(filters: Record<string, string>): string {
  const q = new URLSearchParams(Object.entries(filters).filter(([, v]) => v !== "")).toString();
  return q ? `?${q}` : "";
}

export const admin = {
  people: async () => list<Person>(await call<unknown>("GET", "/users"), "users"),
  addPerson: (p: object) => call<Person>("POST", "/users", p),
  savePerson: (id: string, p: object) => call<Person>("PUT", `/users${at(id)}`, p),
  invite: (id: string, mail: boolean) => call<Invitation>("POST", `/users${at(id)}/invite`, { base: location.origin, mail }),
  tokens: async (id: string) => list<ApiToken>(await call<unknown>("GET", `/users${at(id)}/tokens`), "tokens"),
  addToken: (id: string, name: string) => call<{ token: string }>("POST", `/users${at(id)}/tokens`, { name }),
  revokeToken: (id: string, token: string) => call<unknown>("DELETE", `/users${at(id)}/tokens${at(token)}`),

  sites: async () => list<Site>(await call<unknown>("GET", "/sites"), "sites"),
  saveSite: (id: string, s: object) => call<Site>("PUT", `/sites${at(id)}`, s),
  sightings: async (id: string) => list<Sighting>(await call<unknown>("GET", `/sites${at(id)}/sightings`), "sightings"),
  addKey: (id: string) => call<{ key: string; keys: string[] }>("POST", `/sites${at(id)}/keys`),
  removeKey: (id: string, key: string) => call<Site>("DELETE", `/sites${at(id)}/keys${at(key)}`),

  rules: () => call<RulesAnswer>("GET", "/rules"),
  saveRules: (version: string, reason: string, rules: Rules) => call<RulesAnswer>("PUT", "/rules", { version, reason, rules }),

  causes: async () => list<CauseRow>(await call<unknown>("GET", "/causes"), "causes"),
  saveCause: (id: string, name: string) => call<unknown>("PUT", `/causes${at(id)}`, { name }),
  removeCause: (id: string) => call<unknown>("DELETE", `/causes${at(id)}`),

  products: rest.products,
  saveProduct: (id: string, name: string) => call<unknown>("PUT", `/products${at(id)}`, { name }),
  removeProduct: (id: string) => call<unknown>("DELETE", `/products${at(id)}`),

  canned: () => call<{ replies: Canned[]; variables: string[] }>("GET", "/canned"),
  saveCanned: (id: string, version: string, texts: Record<string, CannedText>) => call<unknown>("PUT", `/canned${at(id)}`, { version, texts }),
  removeCanned: (id: string) => call<unknown>("DELETE", `/canned${at(id)}`),

  survey: () => call<SurveySetting>("GET", "/survey"),
  saveSurvey: (s: SurveySetting) => call<unknown>("PUT", "/survey", s),
  answers: (before: string) => call<{ answers: SurveyAnswer[]; next?: string }>("GET", `/survey/answers${query({ before })}`),

  webhooks: () => call<{ webhooks: Webhook[]; kinds: string[] }>("GET", "/webhooks"),
  saveWebhooks: (webhooks: { id?: string; url: string; kinds: string[] }[]) => call<{ webhooks: Webhook[]; kinds: string[] }>("PUT", "/webhooks", { webhooks }),

  dead: async () => list<DeadJob>(await call<unknown>("GET", "/jobs/dead"), "jobs"),
  retry: (id: number) => call<unknown>("POST", `/jobs/${id}/retry`),

  alerts: async () => list<GrowthAlert>(await call<unknown>("GET", "/alerts"), "alerts"),
  notices: async () => list<KnownIssue>(await call<unknown>("GET", "/notices"), "notices"),
  makeNotice: (alert: string, topic: string, texts: Record<string, string>) => call<unknown>("POST", `/alerts${at(alert)}/notice`, topic ? { topic, texts } : { texts }),
  removeNotice: (topic: string) => call<unknown>("DELETE", `/notices${at(topic)}`),

  audit: (filters: Record<string, string>) => call<{ entries: AuditEntry[]; next?: string; kinds?: string[] }>("GET", `/audit${query(filters)}`),
  auditFile: (filters: Record<string, string>) => `/api/v1/audit/export${query(filters)}`,

  operations: () => call<Running>("GET", "/operations"),
};
