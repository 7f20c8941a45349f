import type { Invitation, Person } from "../../wire/admin.ts";
import { CopyBox, Sheet, when } from "../parts/index.ts";
import { w } from "./words.ts";

/** Link shows a link that was just made; its secret is nowhere else. */
export function Link({ of, made, onClose }: { of: Person; made: Invitation; onClose(): void }) {
  return (
    <Sheet title={w("link_ready", { name: of.name })} onClose={onClose}>
      <div class="form">
        <CopyBox label={w("link_until", { when: when(made.expires_at) })} text={made.url} />
        {made.mailed && <p class="adm-note">{w("mailed", { email: of.email })}</p>}
        {made.why && <p class="adm-note adm-note-warn">{w("not_mailed", { why: made.why })}</p>}
      </div>
    </Sheet>
  );
}
