import { signal } from "@preact/signals";
import { call } from "../../wire/rest.ts";

export type State = "draft" | "approved" | "retired";

/** The head of an article, as its newest version has it. */
export interface Article {
  id: string;
  slug: string;
  language: string;
  title: string;
  topics: string[] | null;
  state: State;
  version: number;
  /** the version that the bot draws on; 0: none */
  live: number;
  updated_at: string;
  updated_by?: string;
}

/** One saved version. */
export interface Version {
  version: number;
  state: State;
  title: string;
  body?: string;
  topics: string[] | null;
  author?: string;
  reason?: string;
  at: string;
}

export interface Shown {
  article: Article;
  newest: Version;
  versions: Version[];
}

/** What the bot finds for a question. */
export interface Passage {
  id: string;
  article?: string;
  version?: number;
  title: string;
  text: string;
  score: number;
}

export interface Imported {
  name: string;
  outcome: "new" | "changed" | "same" | "refused";
  error?: string;
}

export interface Text {
  title: string;
  body: string;
  topics: string[];
  state: State;
  reason?: string;
}

/** What the list shows. */
export const filter = signal<{ state: State | ""; language: string; search: string }>({ state: "", language: "", search: "" });

const at = (id: string) => `/articles/${encodeURIComponent(id)}`;

export const articles = {
  async list(f: typeof filter.value, after = "") {
    const given = Object.entries({ ...f, after, limit: "50" }).filter(([, v]) => v !== "");
    return call<{ articles: Article[]; next?: string; topics: string[] }>("GET", `/articles?${new URLSearchParams(given)}`);
  },
  read: (id: string) => call<Shown>("GET", at(id)),
  version: (id: string, n: number) => call<Version>("GET", `${at(id)}/versions/${n}`),
  create: (language: string, text: Text) => call<Shown>("POST", "/articles", { language, ...text }),
  save: (id: string, version: number, text: Text) => call<Shown>("PUT", at(id), { version, ...text }),
  find: async (text: string, language: string) => (await call<{ passages: Passage[] }>("POST", "/articles/try", { text, language })).passages,
  take: async (files: { name: string; text: string }[], language: string, state: State) =>
    (await call<{ files: Imported[] }>("POST", "/articles/import", { language, state, files })).files,
};
