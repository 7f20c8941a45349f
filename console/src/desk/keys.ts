import { accept, acceptNext } from "../store/acts.ts";
import { isSupervisor } from "../store/board.ts";
import { heldByMe } from "../store/link.ts";
import { singleKeys } from "../store/prefs.ts";
import { go, openChat } from "../store/route.ts";
import { current, currentItem, cursor, overlay, pane, show, walk } from "../store/view.ts";
import { setMode } from "../chat/composer.tsx";

/** typing reports whether the focus is where letters are meant as letters. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

const composer = () => document.querySelector<HTMLTextAreaElement>("#composer-text");

/** step moves to the next or the previous row and puts the focus on it, so that Enter opens it. */
export function step(by: 1 | -1): void {
  const all = walk.value;
  if (all.length === 0) return;
  const focused = (document.activeElement as HTMLElement | null)?.dataset["row"];
  const from = all.indexOf(focused ?? (cursor.value || current.value));
  const to = all[from < 0 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, from + by))];
  if (!to) return;
  cursor.value = to;
  if (pane.value !== "list") pane.value = "list";
  // The row may only now be coming into the rendered window.
  requestAnimationFrame(() => {
    const find = () => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(to)}"]`);
    const row = find();
    if (row) row.focus();
    else requestAnimationFrame(() => find()?.focus());
  });
}

/** acceptHere takes the row in focus, else the open chat if it waits, else the next in line. */
function acceptHere(): void {
  const focused = (document.activeElement as HTMLElement | null)?.dataset["row"];
  if (focused && !heldByMe(focused)) return void accept(focused);
  const item = currentItem.value;
  if (item && (item.owner === "queue" || item.owner === "ticket")) return void accept(item.conversation);
  void acceptNext();
}

const SINGLE: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  a: acceptHere,
  r: () => current.value && setMode(current.value, "reply", composer()),
  n: () => current.value && setMode(current.value, "note", composer()),
  t: () => heldByMe(current.value) && show({ kind: "transfer", id: current.value }),
  e: () => current.value && (heldByMe(current.value) || isSupervisor.value) && show({ kind: "close", id: current.value }),
  "/": () => startCanned(),
  "?": () => show({ kind: "help" }),
};

function startCanned(): void {
  const area = composer();
  if (!area || !heldByMe(current.value)) return;
  setMode(current.value, "reply", area);
  requestAnimationFrame(() => {
    if (area.value !== "") return;
    area.value = "/";
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

/** keys is the desk's keyboard: single letters never fire inside inputs, dialogs and menus, nor when switched off. */
export function keys(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing) return;
  if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "k") {
    e.preventDefault();
    show(overlay.value.kind === "palette" ? { kind: "none" } : { kind: "palette" });
    return;
  }
  if (overlay.value.kind !== "none" || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
  if ((e.target as HTMLElement).closest?.("[role=menu]")) return;
  if (e.key === "Escape" && current.value) {
    pane.value = "list";
    return go("#/queue");
  }
  if (e.key === "Enter" && cursor.value && document.activeElement === document.body) return openChat(cursor.value);
  if (!singleKeys.value) return;
  const act = SINGLE[e.key.toLowerCase()];
  if (!act) return;
  e.preventDefault();
  act();
}
