import type { ComponentChildren } from "preact";
import { admin, type Running } from "../../wire/admin.ts";
import { ago, Card, Loaded, Mark, Page, useResource, when } from "../parts/index.ts";
import { or, use, w } from "./words.ts";

/** OperationsPage tells how the installation runs. There is nothing to change on it. */
export default function OperationsPage() {
  const known = use();
  const runs = useResource(admin.operations);
  if (!known) return null;
  return (
    <Page title={w("ops")} lead={w("ops_lead")}>
      <Loaded of={runs}>{(r) => <Told r={r} />}</Loaded>
    </Page>
  );
}

function Told({ r }: { r: Running }) {
  const fact = (name: string, value: ComponentChildren) => (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
  return (
    <>
      {r.demo && <p class="adm-note">{w("demo")}</p>}
      <section class="adm-card">
        <dl class="adm-facts">
          {fact(w("version"), r.version)}
          {fact(w("started"), when(r.started_at))}
          {fact(w("address"), <span dir="ltr">{r.public_url}</span>)}
          {fact(w("database"), or(`db.${r.database}`, r.database))}
          {fact(w("bus"), or(`bus.${r.bus}`, r.bus))}
          {fact(w("email"), <Mark tone={r.mail ? "good" : "warn"}>{r.mail ? w("email_on", { from: r.mail }) : w("email_off")}</Mark>)}
          {fact(w("model"), <Mark tone={r.model ? "good" : "plain"}>{r.model ? w("model_on", { name: r.model, host: r.model_host ?? "" }) : w("model_off")}</Mark>)}
        </dl>
      </section>
      <Card title={w("nodes")}>
        {r.nodes.length === 0 ? <p class="field-hint">{w("nodes_none")}</p> : (
          <ul class="adm-lines">
            {r.nodes.map((n) => (
              <li key={n.id}>
                <strong>{n.name}</strong>
                <span>{n.version}</span>
                <span class="quiet">{`${w("started")} ${when(n.started_at)} · ${w("alive")} ${ago(n.seen_at)}`}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
