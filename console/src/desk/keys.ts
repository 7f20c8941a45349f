import { accept, acceptNext } from "../store/acts.ts";
import { isSupervisor, waiting } from "../store/board.ts";
import { focusEdit } from "../brief/focus.ts";
import { facing, mayAmend } from "../chat/facing.ts";
import { askSuggestion, canSuggest } from "../store/suggest.ts";
import { edit } from "../store/amend.ts";
import { chat } from "../store/chats.ts";
import { heldByMe } from "../store/link.ts";
import { briefView, singleKeys } from "../store/prefs.ts";
import { go, openChat, route } from "../store/route.ts";
import { current, currentItem, cursor, listed, overlay, pane, pick, picked, show, walk } from "../store/view.ts";
import { setMode } from "../chat/composer.tsx";
import { actionOf, pressed, type Action } from "./shortcuts.ts";

/** typing reports whether the focus is where letters are meant as letters. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) && target.getAttribute("type") !== "checkbox";
}

/** pressedOn gives where a key was pressed, also within the editor and the trial panel: to the outside those are one element each. */
const pressedOn = (e: KeyboardEvent): EventTarget | null => e.composedPath()[0] ?? e.target;

const composer = () => document.querySelector<HTMLTextAreaElement>("#composer-text");
/** heading is the row that step() is on its way to: the focus follows with the next frame, the next key may come sooner. */
let heading = "";
const focusedRow = () => heading || (document.activeElement as HTMLElement | null)?.dataset["row"];

/** step moves to the next or the previous row and puts the focus on it, so that Enter opens it. */
export function step(by: 1 | -1): void {
  const all = walk.value;
  if (all.length === 0) return;
  const from = all.indexOf(focusedRow() ?? (cursor.value || current.value));
  const to = all[from < 0 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, from + by))];
  if (!to) return;
  cursor.value = heading = to;
  if (pane.value !== "list") pane.value = "list";
  const arrive = (row: HTMLElement | null) => {
    if (heading !== to) return;
    heading = "";
    row?.focus();
  };
  // The row may only now be coming into the rendered window.
  requestAnimationFrame(() => {
    const find = () => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(to)}"]`);
    const row = find();
    if (row) arrive(row);
    else requestAnimationFrame(() => arrive(find()));
  });
}

/** acceptHere takes the row in focus, else the open chat if it waits, else the next in line. */
function acceptHere(): void {
  const focused = focusedRow();
  if (focused && !heldByMe(focused)) return void accept(focused);
  const item = currentItem.value;
  if (item && (item.owner === "queue" || item.owner === "ticket")) return void accept(item.conversation);
  void acceptNext();
}

/** pickHere picks the row in focus out, or puts it back; supervisors only. */
function pickHere(): void {
  const focused = focusedRow();
  if (focused && isSupervisor.value && waiting.value.some((i) => i.conversation === focused)) pick(focused);
}

const held = (act: (id: string) => void) => () => heldByMe(current.value) && act(current.value);

/** amend goes to the brief of the open chat, if one may put it right. */
function amend(act: (id: string) => void): void {
  const id = current.value;
  if (!id || !chat(id).brief.value || !mayAmend(facing(id))) return;
  if (getComputedStyle(document.querySelector(".pane-side") ?? document.body).display === "none") pane.value = "side";
  act(id);
}

/** What each action does. A page without the desk on it lacks what is meant for a chat. */
const ACTS: Record<Action, () => void> = {
  next: () => step(1),
  previous: () => step(-1),
  accept: acceptHere,
  reply: () => current.value && setMode(current.value, "reply", composer()),
  note: () => current.value && setMode(current.value, "note", composer()),
  canned: startCanned,
  suggest: held((id) => canSuggest.value && void askSuggestion(id, chat(id).log.last)),
  attach: held(startAttach),
  transfer: held((id) => show({ kind: "transfer", id })),
  escalate: held((id) => show({ kind: "escalate", id })),
  offer: held((id) => show({ kind: "offer", id })),
  promise: held((id) => show({ kind: "promise", id })),
  close: () => current.value && (heldByMe(current.value) || isSupervisor.value) && show({ kind: "close", id: current.value }),
  correct: () => amend(() => ((briefView.value = "facts"), focusEdit(""))),
  sort: () => amend((id) => edit(id, "sort")),
  early: () => document.querySelector<HTMLElement>(".label-bar button, .label-card button")?.focus(),
  select: pickHere,
  search: startSearch,
  palette: () => show(overlay.value.kind === "palette" ? { kind: "none" } : { kind: "palette" }),
  help: () => show({ kind: "help" }),
};

/** startSearch opens the search and puts the cursor into it. */
export function startSearch(): void {
  listed.value = "search";
  pane.value = "list";
  if (route.value.page !== "chat" && route.value.page !== "search") go("#/search");
  const focus = (tries: number) => {
    const field = document.querySelector<HTMLInputElement>("#search-words");
    if (field) field.focus();
    else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
  };
  requestAnimationFrame(() => focus(120));
}

/** startAttach asks for files, where the site takes any. */
export function startAttach(): void {
  setMode(current.value, "reply", composer());
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>("#composer-file")?.click());
}

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

/** escape goes one step back: what was picked out, the search, the open chat. */
function escape(): void {
  if (picked.value.size > 0) picked.value = new Set();
  else if (current.value) {
    pane.value = "list";
    go(listed.value === "search" ? "#/search" : "#/queue");
  } else if (listed.value === "search") {
    listed.value = "queue";
    go("#/queue");
  }
}

/** keys is the desk's keyboard: single letters never fire inside inputs, dialogs and menus, nor when switched off. */
export function keys(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing) return;
  const action = actionOf(e);
  const single = !pressed(e).startsWith("mod+");
  if (action && !single && (overlay.value.kind === "none" || action === "palette")) {
    e.preventDefault();
    return ACTS[action]();
  }
  if (overlay.value.kind !== "none" || e.ctrlKey || e.metaKey || e.altKey || typing(pressedOn(e))) return;
  if ((e.target as HTMLElement).closest?.("[role=menu]")) return;
  if (e.key === "Escape") return escape();
  if (e.key === "Enter" && cursor.value && document.activeElement === document.body) return openChat(cursor.value);
  if (!action || !singleKeys.value) return;
  e.preventDefault();
  ACTS[action]();
}
