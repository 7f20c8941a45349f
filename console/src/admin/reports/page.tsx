import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { languageName } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { SPOKEN } from "../../i18n/spoken.ts";
import { Icon } from "../../ui/icon.tsx";
import { reports, type Report } from "../../wire/reports.ts";
import { Empty, Loaded, Page, whole } from "../parts/index.ts";
import { wear } from "../wear.ts";
import { BehindSheet } from "./behind.tsx";
import { Plot } from "./plot.tsx";
import css from "./reports.css?inline";
import { Passed, Section } from "./section.tsx";
import { asked, behind, by, BYS, days, language, PERIODS, shown } from "./store.ts";
import { Tiles } from "./tiles.tsx";
import { groupName, learnProducts, percent, span, words } from "./words.ts";

wear(css);

/** Seconds that read round on a clock. */
const CLOCK = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** ReportsPage shows the figures of a period; each opens the conversations behind it. */
export default function ReportsPage() {
  const known = words.use();
  useEffect(() => void learnProducts(), []);
  useSignalEffect(() => {
    void asked.value;
    void shown.load();
  });
  if (!known) return null;
  return (
    <Page
      wide
      title={t("reports.title")}
      lead={words.w("lead")}
      actions={
        <a class="button" href={reports.sheet(asked.value)} download>
          <Icon name="download" />
          CSV
        </a>
      }
    >
      <Choice />
      <Loaded of={shown}>
        {({ report, waits }) =>
          report.total.conversations === 0 ? (
            <Empty icon="chart" title={words.w("empty")} text={words.w("empty_text")} />
          ) : (
            <>
              <Tiles report={report} waits={waits} />
              <Course report={report} />
              <Sections report={report} />
            </>
          )
        }
      </Loaded>
      {behind.value && <BehindSheet key={behind.value.title} of={behind.value} />}
    </Page>
  );
}

function Choice() {
  const { w } = words;
  return (
    <div class="rep-choice">
      <div class="segmented" role="group" aria-label={w("period")}>
        {PERIODS.map((d) => (
          <button key={d} type="button" aria-pressed={days.value === d} onClick={() => (days.value = d)}>
            {w("days", { days: d })}
          </button>
        ))}
      </div>
      <div class="segmented" role="group" aria-label={w("by")}>
        {BYS.map((b) => (
          <button key={b} type="button" aria-pressed={by.value === b} onClick={() => (by.value = b)}>
            {w(`by_${b}`)}
          </button>
        ))}
      </div>
      <label class="rep-language">
        <span class="sr-only">{w("by_language")}</span>
        <select class="select" value={language.value} onChange={(e) => (language.value = e.currentTarget.value)}>
          <option value="">{w("all_languages")}</option>
          {SPOKEN.map((code) => (
            <option key={code} value={code}>
              {languageName(code)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Course is the two charts: how much there was, and how long people waited. */
function Course({ report }: { report: Report }) {
  const { w } = words;
  const labels = report.groups.map((g) => groupName(report.by, g.key));
  const top = report.groups.reduce((a, b) => (b.conversations > a.conversations ? b : a), report.groups[0]!);
  const bars = report.by === "language" || report.by === "site"; // no way leads from one to the next
  const slow = report.groups.filter((g) => g.wait_median !== null).reduce<(typeof top) | undefined>((a, b) => (a && a.wait_median! >= b.wait_median! ? a : b), undefined);
  return (
    <div class="rep-plots">
      <Plot
        title={w("chart_volume")}
        labels={labels}
        bars={bars}
        lines={[
          { name: w("volume"), colour: "--accent", values: report.groups.map((g) => g.conversations) },
          { name: w("handed_over"), colour: "--warn", values: report.groups.map((g) => g.handed_over) },
        ]}
        scale={whole}
        sentence={w("chart_volume_text", {
          count: whole(report.total.conversations), rate: percent(report.total.handed_over, report.total.conversations),
          top: groupName(report.by, top.key), most: whole(top.conversations),
        })}
        file="ombud-volume.png"
      />
      <Plot
        title={w("chart_wait")}
        labels={labels}
        bars={bars}
        lines={[
          { name: w("median"), colour: "--accent", values: report.groups.map((g) => g.wait_median) },
          { name: w("p90"), colour: "--warn", values: report.groups.map((g) => g.wait_p90) },
        ]}
        scale={(n) => span(Math.round(n))}
        steps={CLOCK}
        sentence={slow ? w("chart_wait_text", { median: span(report.total.wait_median), p90: span(report.total.wait_p90), slow: groupName(report.by, slow.key), time: span(slow.wait_median) }) : w("nothing")}
        file="ombud-wait.png"
      />
    </div>
  );
}

function Sections({ report }: { report: Report }) {
  const { w } = words;
  return (
    <div class="rep-sections">
      <Section what="reason" title={w("reasons")} text={w("reasons_text")} groups={report.reasons} also={{ is: "handed_over" }} />
      <Section what="cause" title={w("causes")} text={w("causes_text")} groups={report.causes} />
      <Section what="topic" title={w("topics")} text={w("topics_text")} groups={report.topics} also={{ is: "contained" }} />
      <Section what="level" title={w("levels")} text={w("levels_text")} groups={report.levels} />
      <Section what="skill" title={w("skills")} text={w("skills_text")} groups={report.skills} also={{ is: "handed_over" }} />
      <Section what="product" title={w("products")} text={w("products_text")} groups={report.products} />
      <Passed report={report} />
    </div>
  );
}
