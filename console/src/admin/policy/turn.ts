import { openChat } from "../../store/route.ts";
import { pane, target } from "../../store/view.ts";
import type { Divergence } from "../../wire/policies.ts";
import { rest } from "../../wire/rest.ts";

/**
 * openTurn opens a conversation at the turn that would be decided otherwise: at the visitor's last words before the
 * decision. Where the turn cannot be found any more, the conversation is open all the same.
 */
export async function openTurn(c: Divergence): Promise<void> {
  openChat(c.conversation);
  pane.value = "chat";
  let seq = 0;
  let turn = 0;
  for (let since = 0; ; ) {
    const events = await rest.events(c.conversation, since);
    for (const e of events) {
      const record = e["record"] as { turn?: unknown } | undefined;
      if (e.kind === "message" && e.role === "visitor") seq = e.seq;
      if (e.kind === "decision" && record?.turn !== undefined && ++turn === c.turn) {
        if (seq > 0) target.value = { conversation: c.conversation, seq, nonce: Date.now() };
        return;
      }
    }
    const last = events.at(-1);
    if (!last) return;
    since = last.seq;
  }
}
