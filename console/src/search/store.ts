import { batch, computed, signal } from "@preact/signals";
import { call } from "../wire/rest.ts";
import type { ConversationDetail } from "../wire/records.ts";
import type { Role } from "../wire/frames.ts";

/** One conversation that was found; marks are places in text, in characters, not in UTF-16 units. */
export interface Hit {
  conversation: ConversationDetail & { cause?: string; outcome?: string; last_text?: string };
  customer?: string;
  seq?: number;
  at?: string;
  role?: Role;
  kind?: string;
  text?: string;
  marks?: [number, number][];
}

/** What is looked for; days are as a date field has them, in the agent's own time zone. */
export interface Asked {
  words: string;
  customer: string;
  cause: string;
  language: string;
  agent: string;
  from: string;
  to: string;
}

const NOTHING: Asked = { words: "", customer: "", cause: "", language: "", agent: "", from: "", to: "" };
export const asked = signal<Asked>(NOTHING);
export const hits = signal<Hit[]>([]);
export const state = signal<"idle" | "looking" | "done" | "failed">("idle");
export const next = signal("");
export const filters = computed(() => (["customer", "cause", "language", "agent", "from", "to"] as const).filter((f) => asked.value[f] !== "").length);
export const empty = computed(() => filters.value === 0 && asked.value.words.trim() === "");

const PAGE = 20;
let round = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** ask changes what is looked for; the answer follows when the agent pauses. */
export function ask(change: Partial<Asked>): void {
  asked.value = { ...asked.value, ...change };
  clearTimeout(timer);
  round++;
  if (empty.value) {
    batch(() => {
      hits.value = [];
      next.value = "";
      state.value = "idle";
    });
    return;
  }
  state.value = "looking";
  timer = setTimeout(() => void look(), 180);
}

export const clear = () => ask(NOTHING);

/** look fetches the first page, and more of it while a page comes back short: the server stops early rather than be slow. */
export async function look(): Promise<void> {
  const mine = ++round;
  batch(() => {
    hits.value = [];
    next.value = "";
    state.value = "looking";
  });
  await fetchPage(mine);
}

/** more fetches the page that follows. */
export async function more(): Promise<void> {
  if (state.value === "looking" || !next.value) return;
  state.value = "looking";
  await fetchPage(++round);
}

async function fetchPage(mine: number): Promise<void> {
  const until = hits.value.length + PAGE;
  try {
    do {
      const page = await call<{ hits?: Hit[]; next?: string }>("GET", `/search?${query(next.value)}`);
      if (mine !== round) return;
      const known = new Set(hits.value.map((h) => h.conversation.id));
      batch(() => {
        hits.value = [...hits.value, ...(page.hits ?? []).filter((h) => !known.has(h.conversation.id))];
        next.value = page.next ?? "";
      });
    } while (next.value && hits.value.length < until);
    state.value = "done";
  } catch {
    if (mine === round) state.value = "failed";
  }
}

function query(after: string): string {
  const a = asked.value;
  const q = new URLSearchParams({ limit: String(PAGE) });
  for (const f of ["words", "customer", "cause", "language", "agent"] as const) if (a[f].trim()) q.set(f, a[f].trim());
  if (a.from) q.set("from", new Date(`${a.from}T00:00`).toISOString());
  if (a.to) q.set("to", new Date(new Date(`${a.to}T00:00`).getTime() + 86_400_000).toISOString());
  if (after) q.set("after", after);
  return q.toString();
}

/** pieces cuts a text at its marks. */
export function pieces(text: string, marks: readonly [number, number][]): { text: string; marked: boolean }[] {
  const all = [...text];
  const out: { text: string; marked: boolean }[] = [];
  let at = 0;
  const put = (to: number, marked: boolean) => {
    if (to > at) out.push({ text: all.slice(at, to).join(""), marked });
    at = Math.max(at, to);
  };
  for (const [from, to] of marks) {
    put(from, false);
    put(to, true);
  }
  put(all.length, false);
  return out;
}
