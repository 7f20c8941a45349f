import { batch, computed, signal } from "@preact/signals";
import { named } from "../i18n/index.ts";
import type { Cause, Colleague, Me, QueueFrame, QueueItem, Severity } from "../wire/frames.ts";
import { now } from "./clock.ts";

/** Who is signed in; undefined while nobody is. */
export const me = signal<Me | undefined>(undefined);
/** The causes that the admins keep: to begin with, the server's ten usual ones. */
export const causes = signal<Cause[]>([]);
const USUAL_CAUSES: Record<string, string> = {
  promise_not_kept: "Promise not kept", poor_service: "Poor service", passed_around: "Passed around", rude_staff: "Rude staff",
  hard_to_reach: "Hard to reach", not_listened_to: "Not listened to", hidden_cost: "Hidden cost or information",
  poor_quality: "Poor quality", late_or_lost: "Late or lost delivery", wrong_bill: "Wrong bill",
};

/** What to choose from where the admins keep no cause at all. */
export const usualCauses: readonly Cause[] = Object.entries(USUAL_CAUSES).map(([id, name]) => ({ id, name }));

/** causeName gives a cause's name: of a usual one that nobody has renamed, in the reader's language. */
export const causeName = ({ id, name }: Cause): string => (USUAL_CAUSES[id] === name ? named("cause", id) : name);

/** causeOf gives the name of the cause with this id; one that is off the list is told by its id. */
export function causeOf(id: string): string {
  const kept = causes.value.find((c) => c.id === id);
  return kept ? causeName(kept) : named("cause", id);
}
export const colleagues = signal<Colleague[]>([]);
/** The server sends e-mail. */
export const mails = signal(true);

/** All that waits and all that is held, by conversation. */
export const board = signal<ReadonlyMap<string, QueueItem>>(new Map());
/** Set once the first snapshot is in: before it, an empty queue is not known to be empty. */
export const boardKnown = signal(false);

const RANK: Record<Severity, number> = { low: 1, medium: 2, high: 3, critical: 4 };

const severityRank = (i: QueueItem) => (i.severity ? RANK[i.severity] : 0);
const times = new Map<string, number>();

/** time reads a time of the wire. The same ones come again and again with every change, and parsing is what a sort costs. */
function time(iso: string | undefined): number {
  if (!iso) return 0;
  let at = times.get(iso);
  if (at === undefined) {
    if (times.size > 5000) times.clear();
    times.set(iso, (at = Date.parse(iso)));
  }
  return at;
}

/** breached reports whether the answer-within clock has run out. */
export function breached(item: QueueItem, at: number): boolean {
  const due = time(item.due_at);
  return due > 0 && at >= due;
}

/**
 * inOrder sorts waiting conversations as the server serves them: tickets last, then severity, then run-out
 * clocks, then the longest wait. Ranks on the wire age with every change; the rule does not.
 */
export function inOrder(items: Iterable<QueueItem>, at: number): QueueItem[] {
  const keyed = [...items].map((item) => ({
    item,
    ticket: item.owner === "ticket" ? 1 : 0,
    severity: severityRank(item),
    late: breached(item, at) ? 1 : 0,
    since: time(item.requested_at),
  }));
  keyed.sort(
    (a, b) =>
      a.ticket - b.ticket || b.severity - a.severity || b.late - a.late || a.since - b.since ||
      (a.item.conversation < b.item.conversation ? -1 : 1),
  );
  return keyed.map((k) => k.item);
}

// Breaches move rows; looking every 5 s keeps the order honest without sorting each second.
const slowNow = computed(() => Math.floor(now.value / 5000) * 5000);

/** What waits, in the order in which it is to be served. */
export const waiting = computed(() =>
  inOrder([...board.value.values()].filter((i) => i.owner === "queue" || i.owner === "ticket"), slowNow.value),
);

/** My chats, in the order in which I took them as far as known: places do not jump while one works. */
export const mine = computed(() => {
  const id = me.value?.id;
  return [...board.value.values()]
    .filter((i) => i.owner === "agent" && i.agent?.id === id)
    .sort((a, b) => (a.conversation < b.conversation ? -1 : 1));
});

/** Chats in other hands; supervisors see and may take them over. */
export const others = computed(() => {
  const id = me.value?.id;
  return [...board.value.values()]
    .filter((i) => i.owner === "agent" && i.agent?.id !== id)
    .sort((a, b) => severityRank(b) - severityRank(a) || (a.conversation < b.conversation ? -1 : 1));
});

/** When the longest waiting one began to wait, in epoch milliseconds; 0 if nobody waits. */
export const longestSince = computed(() =>
  waiting.value.reduce((least, i) => {
    const since = i.owner === "queue" ? time(i.requested_at) : 0;
    return since > 0 && (least === 0 || since < least) ? since : least;
  }, 0),
);

export const isSupervisor = computed(() => me.value?.grade === "supervisor" || me.value?.grade === "admin");

/** fits reports whether the signed-in agent may take it: level, skill or, from level 2 on, product, and language. */
export function fits(item: QueueItem, who: Me | undefined): boolean {
  if (!who || item.level > who.level) return false;
  const expert = item.level >= 2 && !!item.product && !!who.products?.includes(item.product);
  if (item.skill && who.skills?.length && !who.skills.includes(item.skill) && !expert) return false;
  return !item.language || !who.languages?.length || who.languages.includes(item.language);
}

/** The first one in line that fits me. */
export const nextForMe = computed(() => waiting.value.find((i) => fits(i, me.value)));

let pendingFrames: QueueFrame[] = [];
let scheduled = false;

/** What changed in the board, told to those who ring bells. */
export type BoardChange = (before: ReadonlyMap<string, QueueItem>, after: ReadonlyMap<string, QueueItem>, first: boolean) => void;
let onChange: BoardChange = () => {};
export function onBoardChange(f: BoardChange): void {
  onChange = f;
}

/** queueFrame takes in a snapshot or a change; a burst of frames is one new board and one render. */
export function queueFrame(f: QueueFrame): void {
  pendingFrames.push(f);
  if (scheduled) return;
  scheduled = true;
  // The first of a burst shows at once, the rest together: nobody reads a list that moves sixty times a second.
  const wait = appliedAt + BURST - performance.now();
  if (document.hidden || wait > 0) setTimeout(applyFrames, Math.max(wait, 0));
  else requestAnimationFrame(applyFrames);
}

const BURST = 120;
let appliedAt = -BURST;

function applyFrames(): void {
  scheduled = false;
  appliedAt = performance.now();
  const frames = pendingFrames;
  pendingFrames = [];
  const before = board.value;
  let next = new Map(before);
  for (const f of frames) {
    if (f.snapshot) next = new Map();
    for (const item of f.items ?? []) next.set(item.conversation, item);
    for (const item of f.changed ?? []) next.set(item.conversation, item);
    for (const id of f.removed ?? []) next.delete(id);
  }
  const first = !boardKnown.value;
  batch(() => {
    board.value = next;
    boardKnown.value = true;
  });
  onChange(before, next, first);
}

/** resetBoard forgets everything, at sign-out. */
export function resetBoard(): void {
  pendingFrames = [];
  batch(() => {
    board.value = new Map();
    boardKnown.value = false;
    colleagues.value = [];
  });
}
