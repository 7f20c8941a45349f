import { untracked } from "@preact/signals";
import { mine } from "../store/board.ts";
import { chat, loadSides } from "../store/chats.ts";
import { isJoined, join, leave } from "../store/link.ts";
import { current } from "../store/view.ts";

let followed = new Set<string>();

/** follow keeps exactly my chats and the open one joined: unread counts need all of mine, not only the open one. */
export function follow(): void {
  const wanted = new Set(mine.value.map((i) => i.conversation));
  const open = current.value;
  if (open) wanted.add(open);
  untracked(() => {
    for (const id of followed) if (!wanted.has(id)) leave(id);
    for (const id of wanted) if (!isJoined(id)) join(id);
    followed = wanted;
    if (open && !chat(open).detail.value) void loadSides(open);
  });
}
