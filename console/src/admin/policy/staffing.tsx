import { useSignal, useSignalEffect } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import type { HourStaff, Staffing as Report } from "../../wire/policies.ts";
import { staffDraft, wantStaffing } from "./store.ts";
import { number, w, whole } from "./words.ts";

/** Staffing tells, once it is opened, how long customers would wait in each hour of the day and how many people it takes. */
export function Staffing() {
  const open = useSignal(false);
  const failed = useSignal(false);
  useSignalEffect(() => {
    if (!open.value || staffDraft.value) return;
    failed.value = false;
    wantStaffing().catch(() => (failed.value = true));
  });
  return (
    <details class="policy-table policy-staffing" onToggle={(e) => (open.value = e.currentTarget.open)}>
      <summary>{w("staffing")}</summary>
      {failed.value && <p class="field-error">{t("error.unavailable")}</p>}
      {open.value && !failed.value && (staffDraft.value ? <Told r={staffDraft.value} /> : <p role="status">{w("effect_wait")}</p>)}
    </details>
  );
}

const span = (a: number, b: number, of: (n: number) => string): string => (of(a) === of(b) ? of(a) : `${of(a)} – ${of(b)}`);
const clock = (h: number): string => `${String(h).padStart(2, "0")}:00`;
const needed = (h: HourStaff): string => (h.high.needed < 0 ? w("staff_many") : span(h.low.needed, h.high.needed, whole));

function Told({ r }: { r: Report }) {
  const hours = r.hours.filter((h) => h.high.handoffs > 0 || h.agents > 0);
  if (!r.handled) return <p>{w("staff_none")}</p>;
  const worst = hours.reduce((a, b) => (b.high.mean > a.high.mean ? b : a));
  const short = hours.filter((h) => h.high.needed < 0 || h.high.needed > h.agents).map((h) => clock(h.hour));
  return (
    <>
      <p>
        {w("staff_told", { hour: clock(worst.hour), minutes: span(worst.low.mean, worst.high.mean, number), agents: whole(worst.agents), needed: needed(worst) })}{" "}
        {short.length > 0 && w("staff_short", { hours: short.join(", ") })}
      </p>
      <Bars hours={r.hours} />
      <p class="chart-legend" aria-hidden="true">
        <span class="legend legend-duty">{w("staff_agents")}</span>
        <span class="legend legend-needed">{w("staff_needed")}</span>
      </p>
      <p class="field-hint">{w("staff_how", { zone: r.zone })}{r.cut ? ` ${w("staff_cut")}` : ""}</p>
      <div class="policy-scroll" tabIndex={0} role="region" aria-label={w("staffing")}>
        <table>
          <thead>
            <tr>
              {[w("staff_hour"), w("staff_handoffs"), w("staff_agents"), w("staff_needed"), w("staff_mean"), w("staff_p90")].map((h) => (
                <th key={h} scope="col">{h}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((h) => (
              <tr key={h.hour} data-hour={h.hour}>
                <th scope="row">{clock(h.hour)}</th>
                <td>{span(h.low.handoffs, h.high.handoffs, number)}</td>
                <td>{whole(h.agents)}</td>
                <td class={h.high.needed < 0 || h.high.needed > h.agents ? "policy-differs" : ""}>{needed(h)}</td>
                <td>{span(h.low.mean, h.high.mean, number)}</td>
                <td>{span(h.low.p90, h.high.p90, number)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const WIDTH = 400;
const HEIGHT = 110;
const BASE = 92;

/** Bars draws the people on duty in each hour, and a mark at how many it takes. */
function Bars({ hours }: { hours: readonly HourStaff[] }) {
  const many = (h: HourStaff) => (h.high.needed < 0 ? h.agents : h.high.needed);
  const top = Math.max(1, ...hours.map((h) => Math.max(h.agents, many(h))));
  const step = WIDTH / 24;
  const y = (n: number) => BASE - (n / top) * (BASE - 8);
  return (
    <svg class="policy-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={w("staff_chart", { most: whole(top) })}>
      {hours.map((h) => (
        <g key={h.hour}>
          <rect class="staff-bar" x={h.hour * step + 2} width={step - 4} y={y(h.agents)} height={BASE - y(h.agents)} />
          {many(h) > 0 && <line class="staff-mark" x1={h.hour * step + 1} x2={(h.hour + 1) * step - 1} y1={y(many(h))} y2={y(many(h))} />}
        </g>
      ))}
      <line class="chart-grid" x1={0} x2={WIDTH} y1={BASE} y2={BASE} />
      {[0, 6, 12, 18].map((h) => (
        <text key={h} class="chart-label" x={h * step} y={HEIGHT - 4}>{clock(h)}</text>
      ))}
    </svg>
  );
}
