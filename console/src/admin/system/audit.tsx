import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { named } from "../../i18n/index.ts";
import { DateField } from "../../ui/datefield.tsx";
import { Icon } from "../../ui/icon.tsx";
import { admin, type AuditEntry, type Person } from "../../wire/admin.ts";
import { Empty, Page, parts, Table, trouble, useResource, when } from "../parts/index.ts";
import { or, use, w } from "./words.ts";

interface Filter {
  by: string;
  what: string;
  from: string;
  to: string;
}

/** filters writes a filter as the server takes it; days are the reader's own. */
function filters(f: Filter): Record<string, string> {
  const day = (text: string, plus: number) => {
    const [y = 0, m = 1, d = 1] = text.split("-").map(Number);
    return text ? new Date(y, m - 1, d + plus).toISOString() : "";
  };
  return { by: f.by, what: f.what, from: day(f.from, 0), to: day(f.to, 1) };
}

/** AuditPage lists who changed what, page by page as the server gives it. */
export default function AuditPage() {
  const known = use();
  const people = useResource(admin.people);
  const filter = useSignal<Filter>({ by: "", what: "", from: "", to: "" });
  const entries = useSignal<AuditEntry[] | undefined>(undefined);
  const next = useSignal("");
  const kinds = useSignal<string[]>([]);
  const failed = useSignal("");
  const load = async (before: string) => {
    const asked = filter.value;
    try {
      const page = await admin.audit({ ...filters(asked), before });
      if (asked !== filter.value) return;
      entries.value = before ? [...(entries.value ?? []), ...page.entries] : page.entries;
      next.value = page.next ?? "";
      if (page.kinds) kinds.value = page.kinds;
      failed.value = "";
    } catch (err) {
      failed.value = trouble(err).text;
    }
  };
  useEffect(() => void load(""), [filter.value]);
  if (!known) return null;
  const names = new Map((people.value.value ?? []).map((p) => [p.id, p.name]));
  const file = (
    <a class="button" href={admin.auditFile(filters(filter.value))} download title={w("csv_hint")}>
      <Icon name="download" />
      {w("csv")}
    </a>
  );
  return (
    <Page title={w("audit")} lead={w("audit_lead")} actions={file} wide>
      {failed.value && <p class="adm-failed" role="alert">{failed.value}</p>}
      <Filters filter={filter.value} set={(f) => (filter.value = f)} people={people.value.value ?? []} kinds={kinds.value} />
      {entries.value === undefined ? <p class="adm-wait" role="status">{parts.w("loading")}</p> : (
        <Table
          caption={w("audit")}
          rows={entries.value}
          id={(e) => e.id}
          page={Infinity}
          columns={[
            { key: "at", title: w("when"), cell: (e: AuditEntry) => <time dateTime={e.at}>{when(e.at)}</time> },
            { key: "by", title: w("who"), cell: (e: AuditEntry) => (e.by ? (names.get(e.by) ?? e.by) : w("system")) },
            { key: "what", title: w("what"), cell: (e: AuditEntry) => <span title={e.what}>{or(`a.${e.what}`, e.what)}</span> },
            { key: "object", title: w("object"), cell: (e: AuditEntry) => <span class="adm-sub">{names.get(e.object) ?? named("audit", e.object)}</span> },
            { key: "detail", title: w("detail"), cell: (e: AuditEntry) => <Detail of={e.detail} /> },
          ]}
          empty={<Empty icon="list" title={w("audit_empty")} />}
        />
      )}
      {next.value && (
        <p class="adm-pages">
          <button type="button" class="button" onClick={() => void load(next.value)}>
            {w("more")}
          </button>
        </p>
      )}
    </Page>
  );
}

function Detail({ of }: { of: unknown }) {
  if (of === undefined || of === null) return null;
  return (
    <details class="adm-detail">
      <summary>{w("detail")}</summary>
      <pre dir="ltr" tabIndex={0}>{JSON.stringify(of, null, 2)}</pre>
    </details>
  );
}

function Filters({ filter, set, people, kinds }: { filter: Filter; set(f: Filter): void; people: readonly Person[]; kinds: readonly string[] }) {
  const date = (key: "from" | "to") => (
    <div class="adm-filter">
      <label for={`audit-${key}`}>{w(key)}</label>
      <DateField id={`audit-${key}`} value={filter[key]} onChange={(value) => set({ ...filter, [key]: value })} />
    </div>
  );
  const groups = [...new Set(kinds.map((k) => `${k.split(".")[0]}.`))].filter((g) => kinds.filter((k) => k.startsWith(g)).length > 1);
  return (
    <div class="adm-filters">
      <label class="adm-filter">
        <span>{w("who")}</span>
        <select class="select" value={filter.by} onChange={(e) => set({ ...filter, by: e.currentTarget.value })}>
          <option value="">{w("anybody")}</option>
          {people.map((p) => (
            <option key={p.id} value={p.id}>{p.name}</option>
          ))}
        </select>
      </label>
      <label class="adm-filter">
        <span>{w("what")}</span>
        <select class="select" value={filter.what} onChange={(e) => set({ ...filter, what: e.currentTarget.value })}>
          <option value="">{w("anything")}</option>
          {groups.map((g) => (
            <option key={g} value={g} title={`${g}*`}>{or(`ag.${g.slice(0, -1)}`, `${g}*`)}</option>
          ))}
          {kinds.map((k) => (
            <option key={k} value={k} title={k}>{or(`a.${k}`, k)}</option>
          ))}
        </select>
      </label>
      {date("from")}
      {date("to")}
    </div>
  );
}
