import type { Cause, LogEvent, Me } from "./frames.ts";
import type { Brief, ConversationDetail, PastConversation } from "./records.ts";

/** A refused REST call: status 0 means that the server was not reached. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

const BASE = "/api/v1";

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
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
    const problem = (data ?? {}) as { code?: string; detail?: string; title?: string };
    throw new RestError(res.status, problem.code ?? String(res.status), problem.detail ?? problem.title ?? res.statusText);
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

/** list accepts a bare array or an object with the array under `key` (null for none). */
function list<T>(data: unknown, key: string): T[] {
  if (Array.isArray(data)) return data as T[];
  const inner = (data as Record<string, unknown> | undefined)?.[key];
  return Array.isArray(inner) ? (inner as T[]) : [];
}

export interface SetupForm {
  token: string;
  name: string;
  email: string;
  password: string;
  origin: string;
}

/** What the set-up answers: the site that was made, and the line to put on its pages where the server makes it. */
export interface SetupDone {
  site?: string;
  snippet?: string;
}

export const rest = {
  me: () => call<Me>("GET", "/me"),
  signIn: (email: string, password: string) => call<unknown>("POST", "/session", { email, password }),
  signOut: () => call<unknown>("DELETE", "/session"),
  useLink: (token: string) => call<unknown>("POST", "/session/link", { token }),
  setupNeeded: async () => (await call<{ needed?: boolean }>("GET", "/setup")).needed === true,
  setup: (form: SetupForm) => call<SetupDone | undefined>("POST", "/setup", form),
  conversation: (id: string) => call<ConversationDetail>("GET", `/conversations/${encodeURIComponent(id)}`),
  events: async (id: string, since: number) =>
    list<LogEvent>(await call<unknown>("GET", `/conversations/${encodeURIComponent(id)}/events?since=${since}`), "events"),
  brief: (id: string) => call<Brief>("GET", `/conversations/${encodeURIComponent(id)}/brief`),
  earlier: async (visitor: string) =>
    list<PastConversation>(await call<unknown>("GET", `/visitors/${encodeURIComponent(visitor)}/conversations`), "conversations"),
  causes: async () => list<Cause>(await call<unknown>("GET", "/causes"), "causes"),
  forbidden: () => call<unknown>("GET", "/forbidden"),
};
