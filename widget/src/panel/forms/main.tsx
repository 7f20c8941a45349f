/** @jsxImportSource ../dom */
// What few visitors need: fetched apart, after the panel stands.
import type { Child } from "../dom/jsx-runtime.ts";
import type { UI, View } from "../view.tsx";
import { LeaveMessage } from "./leave.tsx";
import { ByMail, EndChat, Menu } from "./menu.tsx";
import css from "./forms.css?inline";

export { css };
export { Ended } from "./ended.tsx";
export { findSlots } from "./leave.tsx";
export { Attach, FileStatus, More } from "./more.tsx";
export { Introduce } from "./start.tsx";
export { linked } from "./text.tsx";
export { Beside, Waiting } from "./waiting.tsx";

/** The form in the composer's place. */
export function form(view: View, name: UI["form"]): Child {
  if (name === "menu") return Menu(view);
  if (name === "mail") return ByMail(view);
  if (name === "end") return EndChat(view);
  return LeaveMessage(view);
}
