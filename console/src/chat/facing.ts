import { unnamed } from "../i18n/format.ts";
import { board, isSupervisor, me } from "../store/board.ts";
import { chat, visitorOf } from "../store/chats.ts";
import type { Owner, Person, QueueItem } from "../wire/frames.ts";
import { holderOf, ownerOf } from "./rows.ts";

/** What the panes need to know of the open conversation, from the board or, once it left it, from the log. */
export interface Facing {
  id: string;
  name: string;
  owner: Owner | undefined;
  holder: Person | undefined;
  mine: boolean;
  language: string;
  item: QueueItem | undefined;
}

/** mayAmend reports whether one may put the brief right and sort it anew: who holds the chat, and supervisors while it is open. */
export const mayAmend = (f: Facing): boolean => f.mine || (isSupervisor.value && f.owner !== undefined && f.owner !== "closed");

/** facing gathers it from the signals; reading it in a render follows all of them. */
export function facing(id: string): Facing {
  const c = chat(id);
  const item = board.value.get(id);
  const detail = c.detail.value;
  const owner = item?.owner ?? ownerOf(c.events.value) ?? detail?.owner;
  // The record was read when the chat was opened; the log tells of who took it since.
  const kept = holderOf(c.events.value) ?? (detail?.agent ? { id: detail.agent, name: detail.agent_name ?? "" } : undefined);
  const holder = owner === "agent" ? item?.agent ?? kept : undefined;
  const v = visitorOf(c);
  const name = item?.visitor.name || v.name || unnamed(item?.visitor.id || detail?.visitor || v.id);
  return {
    id, name, owner, holder: holder ?? undefined, item,
    mine: owner === "agent" && holder?.id === me.value?.id,
    language: item?.language ?? detail?.language ?? "",
  };
}
