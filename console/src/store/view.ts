import { computed, effect, signal } from "@preact/signals";
import { board, isSupervisor, mine, others, waiting } from "./board.ts";
import { route } from "./route.ts";

/** Which pane a narrow screen shows; wide ones show all. */
export const pane = signal<"list" | "chat" | "side">(route.value.page === "chat" ? "chat" : "list");

/** Whatever lies over the desk, one at a time. */
export type Overlay =
  | { kind: "none" }
  | { kind: "palette" }
  | { kind: "help" }
  | { kind: "settings" }
  | { kind: "close"; id: string }
  | { kind: "transfer"; id: string }
  | { kind: "escalate"; id: string }
  | { kind: "offer"; id: string; remedy?: string }
  | { kind: "promise"; id: string; call?: boolean; renew?: string }
  | { kind: "complaint"; id: string }
  | { kind: "picture"; id: string; file: string }
  | { kind: "team" }
  | { kind: "bulk"; act: BulkAct };

/** What supervisors do with several waiting chats at once. */
export type BulkAct = "assign" | "transfer" | "close";

export const overlay = signal<Overlay>({ kind: "none" });
export const show = (o: Overlay) => (overlay.value = o);
export const hide = () => (overlay.value = { kind: "none" });

/** The open conversation's id, or "". */
export const current = computed(() => (route.value.page === "chat" ? route.value.id : ""));
export const currentItem = computed(() => board.value.get(current.value));

/** What the left column lists. */
export const listed = signal<"queue" | "search">(route.value.page === "search" ? "search" : "queue");

// The address says which, but for that of a chat, which stands beside either.
effect(() => {
  const page = route.value.page;
  if (page === "search" || page === "queue") listed.value = page;
});

/** The waiting chats that a supervisor has picked out. */
export const picked = signal<ReadonlySet<string>>(new Set());

export function pick(id: string): void {
  const next = new Set(picked.value);
  if (!next.delete(id)) next.add(id);
  picked.value = next;
}

/** Those of the picked that still wait. */
export const pickedNow = computed(() => waiting.value.filter((i) => picked.value.has(i.conversation)));

/** The row that J and K last moved to. */
export const cursor = signal("");

/** All rows from top to bottom, as J and K walk them. */
export const walk = computed(() => [...mine.value, ...waiting.value, ...(isSupervisor.value ? others.value : [])].map((i) => i.conversation));

/** The message to bring into view and flash: set by a line of the brief. */
export const target = signal<{ conversation: string; seq: number; nonce: number } | undefined>(undefined);

export function jumpTo(conversation: string, seq: number): void {
  target.value = { conversation, seq, nonce: (target.value?.nonce ?? 0) + 1 };
  pane.value = "chat";
}
