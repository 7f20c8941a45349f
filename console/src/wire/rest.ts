import type { LogEvent, Me } from "./frames.ts";
import type { Brief, CannedReply, ConversationDetail, PastConversation, Suggested, SurveyQuestion, VisitorRecord } from "./records.ts";

/** A refused REST call: status 0 means that the server was not reached. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** the field that is wrong, "" where it is about none */
    readonly field = "",
    /** what to do about it, "" where the message says all */
    readonly hint = "",
    /** the stable code of what is wrong with it, "" where there is none */
    readonly why = "",
  ) {
    super(detail);
  }
}

const BASE = "/api/v1";

/** call makes one request and gives its JSON; a refusal is a RestError. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let res: Response;
  try {
    res = await fetch(BASE + path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new RestError(0, "offline", "server not reached");
  }
  const text = await res.text();
  const data: unknown = text ? safeJSON(text) : undefined;
  if (!res.ok) {
    const problem = (data ?? {}) as { code?: string; message?: string; hint?: string; field?: string; why?: string };
    const words = [problem.message, problem.hint].filter(Boolean).join(" ");
    throw new RestError(res.status, problem.code ?? String(res.status), words || res.statusText, problem.field, problem.hint, problem.why);
  }
  return data as T;
}

function safeJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** list gives the array under `key`, none where there is none. */
export function list<T>(data: unknown, key: string): T[] {
  const inner = (data as Record<string, unknown> | undefined)?.[key];
  return Array.isArray(inner) ? (inner as T[]) : [];
}

export interface Product {
  id: string;
  name: string;
}

export interface SetupForm {
  token: string;
  name: string;
  email: string;
  password: string;
  origin: string;
}

/** The id of the site that the set-up makes. */
export const FIRST_SITE = "main";

/** unframe gives the event of a frame as the events route lists them: `{type, seq, data}`. */
function unframe(f: { seq: number; data: Omit<LogEvent, "seq"> }): LogEvent {
  return { ...f.data, seq: f.seq } as LogEvent;
}

export const rest = {
  me: () => call<Me>("GET", "/me"),
  signIn: (email: string, password: string) => call<unknown>("POST", "/session", { email, password }),
  signOut: () => call<unknown>("DELETE", "/session"),
  useLink: (token: string) => call<unknown>("POST", "/session/link", { token }),
  choosePassword: (token: string, password: string) => call<unknown>("POST", "/session/password", { token, password }),
  setupNeeded: async () => (await call<{ needed?: boolean }>("GET", "/setup")).needed === true,
  setup: (form: SetupForm) => call<unknown>("POST", "/setup", form),
  conversation: (id: string) => call<ConversationDetail>("GET", `/conversations/${encodeURIComponent(id)}`),
  events: async (id: string, since: number) =>
    list<{ seq: number; data: Omit<LogEvent, "seq"> }>(
      await call<unknown>("GET", `/conversations/${encodeURIComponent(id)}/events?since=${since}`),
      "events",
    ).map(unframe),
  canned: async () => list<CannedReply>(await call<unknown>("GET", "/canned"), "replies"),
  /** the products that an admin lists, to choose from at a close; none: any words will do */
  products: async () => list<Product>(await call<unknown>("GET", "/products"), "products"),
  surveyQuestions: async () => list<SurveyQuestion>(await call<unknown>("GET", "/survey"), "questions"),
  tone: async () => (await call<{ phrases?: Record<string, string[]> }>("GET", "/tone")).phrases ?? {},
  brief: (id: string) => call<Brief>("GET", `/conversations/${encodeURIComponent(id)}/brief`),
  suggest: (id: string) => call<Suggested>("POST", `/conversations/${encodeURIComponent(id)}/suggestion`),
  visitor: (id: string) => call<VisitorRecord>("GET", `/visitors/${encodeURIComponent(id)}`),
  earlier: async (visitor: string) =>
    list<PastConversation>(await call<unknown>("GET", `/visitors/${encodeURIComponent(visitor)}/conversations`), "conversations"),
};
