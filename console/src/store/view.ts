import { computed, signal } from "@preact/signals";
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
  | { kind: "escalate"; id: string };

export const overlay = signal<Overlay>({ kind: "none" });
export const show = (o: Overlay) => (overlay.value = o);
export const hide = () => (overlay.value = { kind: "none" });

/** The open conversation's id, or "". */
export const current = computed(() => (route.value.page === "chat" ? route.value.id : ""));
export const currentItem = computed(() => board.value.get(current.value));

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
