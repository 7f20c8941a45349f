import { fullTime, languageName } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { chat, visitorOf } from "../store/chats.ts";
import type { Facing } from "../chat/facing.ts";

/** VisitorCard is who this is: unverified words of the page are marked as such. */
export function VisitorCard({ facing: f }: { facing: Facing }) {
  const c = chat(f.id);
  const detail = c.detail.value;
  const v = visitorOf(c);
  const rows: [string, string][] = [
    [t("visitor.email"), v.email],
    [t("visitor.language"), f.language ? languageName(f.language) : ""],
    [t("visitor.page"), v.page],
    [t("visitor.site"), f.item?.site ?? detail?.site ?? ""],
    [t("visitor.since"), detail?.created_at ? fullTime(detail.created_at) : ""],
  ];
  return (
    <section class="card">
      <h2>
        {t("visitor.title")}
        <span class={v.verified ? "proof proof-yes" : "proof"}>{v.verified ? t("visitor.verified") : t("visitor.unverified")}</span>
      </h2>
      <dl class="facts">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
