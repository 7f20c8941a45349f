import { useSignal } from "@preact/signals";
import type { Group, Query, Report } from "../../wire/reports.ts";
import { whole } from "../parts/index.ts";
import { open } from "./store.ts";
import { codeName, percent, span, stars, words } from "./words.ts";

type What = "reason" | "cause" | "product" | "level" | "skill" | "topic";

interface SectionProps {
  what: What;
  title: string;
  text: string;
  groups: readonly Group[];
  /** what the listed conversations have in common beside the key */
  also?: Query;
}

/** Spark draws the course of a group over the days; the numbers beside it say the same. */
function Spark({ series }: { series: readonly number[] | undefined }) {
  if (!series || series.length < 2) return null;
  const most = Math.max(...series, 1);
  const points = series.map((n, i) => `${((i / (series.length - 1)) * 96 + 2).toFixed(1)},${(22 - (n / most) * 18).toFixed(1)}`).join(" ");
  return (
    <svg class="rep-spark" viewBox="0 0 100 24" aria-hidden="true" preserveAspectRatio="none">
      <polyline points={points} />
    </svg>
  );
}

/** growth compares the second half of the days with the first, in words; nothing is said of fewer than five. */
function growth(series: readonly number[] | undefined): string {
  if (!series) return "";
  const half = Math.floor(series.length / 2);
  const sum = (part: readonly number[]) => part.reduce((a, b) => a + b, 0);
  const [before, after] = [sum(series.slice(0, half)), sum(series.slice(series.length - half))];
  if (before + after < 5) return "";
  if (after >= before * 1.5 && after - before >= 3) return words.w("grows");
  return before >= after * 1.5 && before - after >= 3 ? words.w("shrinks") : "";
}

/** So many groups are shown at first; a list that is only a little longer is shown whole. */
const [FIRST, WHOLE] = [8, 10];

/** Section lists the groups of one kind, largest first; each opens its conversations. */
export function Section({ what, title, text, groups, also = {} }: SectionProps) {
  const { w } = words;
  const all = useSignal(false);
  const long = groups.length > WHOLE;
  const most = Math.max(...groups.map((g) => g.conversations), 1);
  const rated = groups.some((g) => g.rated > 0);
  const settles = what === "level" || what === "skill";
  const waited = what === "reason" || settles;
  return (
    <section class="adm-card rep-section" data-section={what}>
      <header class="adm-card-head">
        <div>
          <h2>{title}</h2>
          <p>{text}</p>
        </div>
      </header>
      {groups.length === 0 ? <p class="adm-sub">{w("nothing")}</p> : (
        <div class="rep-scroll" tabIndex={0} role="region" aria-label={title}>
          <table class="rep-table">
            <caption class="sr-only">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{w(`head_${what}`)}</th>
                <th scope="col" class="adm-end">{w("head_count")}</th>
                {settles && <th scope="col" class="adm-end">{w("head_settled")}</th>}
                {waited && <th scope="col" class="adm-end">{w("head_wait")}</th>}
                {rated && <th scope="col" class="adm-end">{w("head_rating")}</th>}
                <th scope="col">{w("head_course")}</th>
              </tr>
            </thead>
            <tbody>
              {(long && !all.value ? groups.slice(0, FIRST) : groups).map((g) => {
                const name = codeName(what, g.key);
                return (
                  <tr key={g.key} data-key={g.key}>
                    <th scope="row">
                      <button type="button" class="adm-open" onClick={() => open(`${title}: ${name}`, { ...also, [what]: g.key })}>
                        {name}
                      </button>
                      <span class="rep-bar" style={{ inlineSize: `${(g.conversations / most) * 100}%` }} />
                    </th>
                    <td class="adm-end">{whole(g.conversations)}</td>
                    {settles && <td class="adm-end">{percent(g.settled, g.conversations)}</td>}
                    {waited && <td class="adm-end">{span(g.wait_median)}</td>}
                    {rated && <td class="adm-end">{stars(g.rating)}</td>}
                    <td>
                      <Spark series={g.series} />
                      <span class="rep-growth">{growth(g.series)}</span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {long && (
        <button type="button" class="button ghost small rep-all" aria-expanded={all.value} onClick={() => (all.value = !all.value)}>
          {all.value ? w("show_less") : w("show_all", { count: whole(groups.length) })}
          <span class="sr-only">: {title}</span>
        </button>
      )}
    </section>
  );
}

/** Passed tells how many customers were passed on how often. */
export function Passed({ report }: { report: Report }) {
  const { w } = words;
  const all = report.handovers.reduce((sum, h) => sum + h.customers, 0);
  return (
    <section class="adm-card rep-section" data-section="handovers">
      <header class="adm-card-head">
        <div>
          <h2>{w("passed")}</h2>
          <p>{w("passed_text")}</p>
        </div>
      </header>
      <div class="rep-scroll" tabIndex={0} role="region" aria-label={w("passed")}>
        <table class="rep-table">
          <caption class="sr-only">{w("passed")}</caption>
          <thead>
            <tr>
              <th scope="col">{w("head_passed")}</th>
              <th scope="col" class="adm-end">{w("head_customers")}</th>
              <th scope="col" class="adm-end">{w("head_share")}</th>
            </tr>
          </thead>
          <tbody>
            {report.handovers.map((h) => {
              const name = w(h.handovers === 3 ? "times_more" : "times", { count: h.handovers });
              return (
                <tr key={h.handovers}>
                  <th scope="row">
                    <button type="button" class="adm-open" disabled={h.customers === 0} onClick={() => open(`${w("passed")}: ${name}`, { handovers: h.handovers })}>
                      {name}
                    </button>
                    <span class="rep-bar" style={{ inlineSize: `${all ? (h.customers / all) * 100 : 0}%` }} />
                  </th>
                  <td class="adm-end">{whole(h.customers)}</td>
                  <td class="adm-end">{percent(h.customers, all)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
