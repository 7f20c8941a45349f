import { fullTime, languageName } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { chat, visitorOf } from "../store/chats.ts";
import type { Facing } from "../chat/facing.ts";
import { Icon } from "../ui/icon.tsx";

type Row = readonly [string, string];

/** VisitorCard is who this is. What the site's server signed and what a page merely said stand apart, and look unlike each other. */
export function VisitorCard({ facing: f }: { facing: Facing }) {
  const c = chat(f.id);
  const detail = c.detail.value;
  const record = c.visitor.value;
  const v = visitorOf(c);
  const verified = record?.verified ?? v.verified;
  const signed: Row[] = [...(record?.subject ? [[t("visitor.subject"), record.subject] as const] : []), ...Object.entries(record?.attrs ?? {})];
  const said: Row[] = Object.entries(record?.unverified ?? {});
  return (
    <section class="card visitor">
      <h2>
        {t("visitor.title")}
        <span class={verified ? "proof proof-yes" : "proof"}>{verified ? t("visitor.verified") : t("visitor.unverified")}</span>
      </h2>
      <Rows
        rows={[
          [t("visitor.email"), v.email],
          [t("visitor.language"), f.language ? languageName(f.language) : ""],
          [t("visitor.page"), v.page],
          [t("visitor.site"), detail?.site_name || f.item?.site || detail?.site || ""],
          [t("visitor.since"), detail?.created_at ? fullTime(detail.created_at) : ""],
        ]}
      />
      {signed.length > 0 && (
        <div class="vouched">
          <h3><Icon name="check" size={13} /> {t("visitor.signed")}</h3>
          <Rows rows={signed} />
        </div>
      )}
      {said.length > 0 && (
        <div class="hearsay">
          <h3><Icon name="alert" size={13} /> {t("visitor.said")}</h3>
          <p>{t("visitor.said_hint")}</p>
          <Rows rows={said} />
        </div>
      )}
    </section>
  );
}

function Rows({ rows }: { rows: readonly Row[] }) {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
