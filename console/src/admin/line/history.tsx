import { admin } from "../../wire/admin.ts";
import { Card, Loaded, personName, useResource, when } from "../parts/index.ts";
import { w } from "./words.ts";

/** How many changes are listed; the audit log has them all. */
const LISTED = 10;

/** History tells who changed the rules last, and why. `version` is that of the rules: with another one it is read anew. */
export function History({ version }: { version: string }) {
  const changes = useResource(() => admin.audit({ what: "rules.save", limit: String(LISTED) }), [version]);
  return (
    <Card title={w("history")} text={w("history_lead")}>
      <Loaded of={changes}>
        {({ entries }) =>
          entries.length === 0 ? <p class="field-hint">{w("history_none")}</p> : (
            <ol class="adm-lines line-history">
              {entries.map((e) => (
                <li key={e.id}>
                  <span dir="auto">{(e.detail as { reason?: string } | undefined)?.reason ?? ""}</span>
                  <span class="adm-sub">{w("history_by", { name: personName(e.by), when: when(e.at) })}</span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Card>
  );
}
