import { computed, signal } from "@preact/signals";
import { me } from "../../store/board.ts";
import { LISTED_CHANGES, policies, type Destination, type Divergence, type Period, type Policy, type PolicyField, type PolicyTables, type PolicyVersion, type Replay, type Staffing, type SweepPoint } from "../../wire/policies.ts";
import { RestError } from "../../wire/rest.ts";
import { leafOf, withLeaves, type Leaf } from "./leaves.ts";
import { tableFields } from "./tables.ts";

/** The periods to choose from, in days. */
export const DAYS = [7, 30, 90] as const;

export const days = signal<number>(30);
export const fields = signal<PolicyField[]>([]);
export const tables = signal<PolicyTables | undefined>(undefined);
/** The fields and, after them, the numbers of the tables, which can be tuned and swept alike. */
export const dials = computed<PolicyField[]>(() => [...fields.value, ...(tables.value ? tableFields(tables.value) : [])]);
export const live = signal<{ version: number; data: Policy } | undefined>(undefined);
export const versions = signal<PolicyVersion[]>([]);
/** What differs from the live policy, by path: kept while a conversation is looked at, and over a conflict. */
export const changes = signal<Readonly<Record<string, Leaf>>>({});
/** Rows that were added to a table and hold nothing yet, as "topics.order_status". */
export const added = signal<readonly string[]>([]);
/** The field that the hand is on. */
export const active = signal("");
/** A refusal in the server's words, or "" where all is well. */
export const refusal = signal("");
/** The path of the value that was refused, "" where it is about none. */
export const refusedAt = signal("");
/** Set when the page's data could not be had. */
export const away = signal(false);

export const draft = computed<Policy>(() => withLeaves(live.value?.data ?? {}, changes.value));
export const changed = computed(() => Object.keys(changes.value).length);
export const nextVersion = computed(() => Math.max(live.value?.version ?? 0, ...versions.value.map((v) => v.version)) + 1);

/** The replays of the live policy and of the draft over the period. */
export const replayLive = signal<Replay | undefined>(undefined);
export const replayDraft = signal<Replay | undefined>(undefined);

const staffings = signal<ReadonlyMap<string, Staffing>>(new Map());
const staffKey = () => JSON.stringify([live.value?.version, period.to, Object.entries(changes.value).sort()]);
/** The forecast of the draft over the period, undefined until wantStaffing has brought it. */
export const staffDraft = computed(() => (live.value ? staffings.value.get(staffKey()) : undefined));

/** wantStaffing fetches the forecast of the draft. */
export async function wantStaffing(): Promise<void> {
  const key = staffKey();
  const report = await policies.staffing(draft.peek(), period);
  staffings.value = new Map(staffings.value).set(key, report);
}

const sweeps = signal<ReadonlyMap<string, readonly SweepPoint[]>>(new Map());
const asked = new Set<string>();
let period: Period = { from: "", to: "" };
let owner = "";

function setPeriod(): void {
  const to = Date.now();
  period = { from: new Date(to - days.peek() * 86_400_000).toISOString(), to: new Date(to).toISOString() };
  sweeps.value = new Map();
  staffings.value = new Map();
  asked.clear();
  replayLive.value = replayDraft.value = undefined;
}

/** valueOf gives a field of a policy as a number, 0 or 1 for a switch; 0 where a table leaves it out. */
export const valueOf = (p: Policy | undefined, key: string): number => Number(leafOf(p, key) ?? 0);

/** setField moves a field of the draft, kept to its range and its steps. */
export function setField(f: PolicyField, to: number): void {
  if (!Number.isFinite(to)) return;
  const kept = Math.min(f.max, Math.max(f.min, f.kind === "probability" ? Math.round(to * 1e4) / 1e4 : Math.round(to)));
  setLeaves({ [f.key]: f.kind === "switch" && !f.key.includes(".") ? kept === 1 : kept });
}

/** setLeaves changes values of the draft by their paths; null takes one out. */
export function setLeaves(to: Readonly<Record<string, Leaf>>): void {
  const all = { ...changes.value };
  for (const [path, v] of Object.entries(to)) {
    const bare = path.includes(".") && !v ? null : v; // a table leaves out what is nothing
    if (bare === leafOf(live.value?.data, path)) delete all[path];
    else all[path] = bare;
  }
  if (refusedAt.value in to) refusedAt.value = "";
  changes.value = all;
}

export function discard(): void {
  changes.value = {};
  added.value = [];
}

/** load fetches all that the page shows; another person's changes are not kept. */
export async function load(): Promise<void> {
  if (owner !== me.peek()?.id) discard();
  owner = me.peek()?.id ?? "";
  away.value = false;
  try {
    const [f, l, v] = await Promise.all([policies.fields(), policies.live(), policies.versions()]);
    setPeriod();
    fields.value = f.fields;
    tables.value = f.tables;
    versions.value = v;
    rebase(l);
    active.value ||= f.fields.find((x) => x.sweep)?.key ?? "";
  } catch {
    away.value = true;
  }
}

/** rebase lays the changes over another live policy: those that it has already are none any more. */
function rebase(l: { version: number; data: Policy }): void {
  live.value = l;
  changes.value = Object.fromEntries(Object.entries(changes.value).filter(([path, v]) => leafOf(l.data, path) !== v));
  added.value = [];
}

export function choosePeriod(d: number): void {
  days.value = d;
  setPeriod();
}

/** sweepKey names the sweep of a field: the same for each of its own values, another once anything else moves. */
function sweepKey(field: string): string {
  const { [field]: _, ...others } = changes.value;
  return JSON.stringify([field, live.value?.version, period.to, Object.entries(others).sort()]);
}

/** sweepOf gives what each value of a field would do, undefined until it has come. */
export const sweepOf = (field: string): readonly SweepPoint[] | undefined => sweeps.value.get(sweepKey(field));

/** wantSweep fetches the sweep of a field unless it is there or on its way. */
export async function wantSweep(field: string): Promise<void> {
  const key = sweepKey(field);
  if (!live.value || asked.has(key)) return;
  asked.add(key);
  const { [field]: _, ...others } = changes.value;
  try {
    const points = await policies.sweep(withLeaves(live.value.data, others), field, period);
    if (asked.has(key)) sweeps.value = new Map(sweeps.value).set(key, points);
  } catch {
    asked.delete(key); // asked for again when the field is next touched
  }
}

let latest = 0;

/** replay asks for both policies over the period; of several answers only that to the last question counts. */
export async function replay(): Promise<void> {
  const at = live.value;
  const now = ++latest;
  if (!at) return;
  const asIs = changed.value === 0;
  try {
    const base = replayLive.value ?? (await policies.replay(at.data, period));
    if (now !== latest) return;
    replayLive.value = base;
    const result = asIs ? base : await policies.replay(draft.value, period);
    if (now !== latest) return;
    replayDraft.value = result;
    refusal.value = refusedAt.value = "";
  } catch (err) {
    if (now !== latest) return;
    replayDraft.value = undefined;
    refusal.value = err instanceof RestError && err.status > 0 && err.status < 500 ? err.message : "";
    if (!refusal.value) away.value = true;
    else refusedAt.value = (err as RestError).field.replace(/^data\.?/, "");
  }
}

/** save makes the draft the live policy; a conflict is thrown after the newer version was taken over. */
export async function save(reason: string): Promise<number> {
  try {
    const made = await policies.save(nextVersion.value, reason, draft.value);
    await becomeLive(made);
    return made.version;
  } catch (err) {
    if (err instanceof RestError && err.status === 409) await takeUp();
    throw err;
  }
}

export async function rollBack(version: number, reason: string): Promise<number> {
  const made = await policies.rollBack(version, reason);
  discard();
  await becomeLive(made);
  return made.version;
}

async function becomeLive(made: PolicyVersion): Promise<void> {
  versions.value = [made, ...versions.value.filter((v) => v.version !== made.version)];
  setPeriod();
  rebase({ version: made.version, data: made.data });
}

/** takeUp learns the newest version, whichever node answers. */
async function takeUp(): Promise<void> {
  versions.value = await policies.versions();
  const newest = versions.value.reduce<PolicyVersion | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined);
  setPeriod();
  if (newest) rebase({ version: newest.version, data: newest.data });
}

/** against gives the conversations that the draft decides otherwise than the live policy does. */
export function against(now: Replay, base: Replay): Divergence[] {
  const known = new Map((base.changes ?? []).map((c) => [c.conversation, c]));
  const out: Divergence[] = [];
  for (const c of now.changes ?? []) {
    const before = known.get(c.conversation);
    known.delete(c.conversation);
    if (before?.turn === c.turn && before.now === c.now && same(before.now_to, c.now_to)) continue;
    out.push(before?.turn === c.turn ? { ...c, was: before.now, ...(before.now_to ? { was_to: before.now_to } : {}) } : c);
  }
  // A full list says nothing about those that it does not name.
  if ((now.changes?.length ?? 0) >= LISTED_CHANGES) return out;
  for (const c of known.values()) out.push({ ...c, kind: "as_recorded", was: c.now, now: c.was, ...(c.was_to && c.now_to ? { was_to: c.now_to, now_to: c.was_to } : {}) });
  return out;
}

const same = (a: Destination | undefined, b: Destination | undefined): boolean => a?.severity === b?.severity && a?.level === b?.level && (a?.skill ?? "") === (b?.skill ?? "");
