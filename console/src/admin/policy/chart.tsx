import type { SweepPoint } from "../../wire/policies.ts";
import { number, percent, scale, w } from "./words.ts";

const WIDTH = 400;
const HEIGHT = 150;
const LEFT = 42;
const RIGHT = 12;
const TOP = 16;
const BOTTOM = 22;

/** total is how many conversations a point is about. */
export const total = (p: SweepPoint): number => p.same + p.earlier + p.new + p.later_or_never + p.unknown;

/** low is the share surely handed over. */
export const low = (p: SweepPoint): number => (total(p) ? p.handed_over / total(p) : 0);

/** high is the share if all whose course is not known were handed over too. */
export const high = (p: SweepPoint): number => (total(p) ? (p.handed_over + p.later_or_never + p.unknown) / total(p) : 0);

/** pointAt gives the point nearest to a value. */
export function pointAt(points: readonly SweepPoint[], value: number): SweepPoint | undefined {
  return points.reduce<SweepPoint | undefined>((a, b) => (a && Math.abs(a.value - value) <= Math.abs(b.value - value) ? a : b), undefined);
}

/** distinct leaves out the points that rounding made equal to the one before. */
export const distinct = (points: readonly SweepPoint[]): SweepPoint[] => points.filter((p, i) => p.value !== points[i - 1]?.value);

/** ceiling gives a round share above all of them. */
function ceiling(points: readonly SweepPoint[]): number {
  const most = Math.max(...points.map(high), 0.01);
  return [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1].find((s) => s >= most * 1.05) ?? 1;
}

/** Chart draws the handoff rate over a field's range, with the live and the chosen value marked. */
export function Chart({ name, points, liveAt, chosenAt }: { name: string; points: readonly SweepPoint[]; liveAt: number; chosenAt: number }) {
  const all = distinct(points);
  const [first, last] = [all[0], all.at(-1)];
  const [atLive, atChosen] = [pointAt(all, liveAt), pointAt(all, chosenAt)];
  if (!first || !last || !atLive || !atChosen) return null;
  const top = ceiling(all);
  const x = (v: number) => LEFT + ((v - first.value) / (last.value - first.value || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => HEIGHT - BOTTOM - (share / top) * (HEIGHT - TOP - BOTTOM);
  const at = (p: SweepPoint, of: (p: SweepPoint) => number) => `${x(p.value).toFixed(1)},${y(of(p)).toFixed(1)}`;
  const line = all.map((p) => at(p, low)).join(" ");
  const band = `${line} ${[...all].reverse().map((p) => at(p, high)).join(" ")}`;
  const text = w("chart_text", {
    min: number(first.value), max: number(last.value), first: percent(low(first)), last: percent(low(last)),
    live: number(liveAt), live_rate: percent(low(atLive)), chosen: number(chosenAt), chosen_rate: percent(low(atChosen)),
  });
  return (
    <svg class="policy-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby="policy-chart-title policy-chart-text">
      <title id="policy-chart-title">{w("chart", { name })}</title>
      <desc id="policy-chart-text">{text}</desc>
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line class="chart-grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(part * top)} y2={y(part * top)} />
          <text class="chart-label" x={LEFT - 6} y={y(part * top) + 4} text-anchor="end">{scale(part * top)}</text>
        </g>
      ))}
      <text class="chart-label" x={LEFT} y={HEIGHT - 5}>{number(first.value)}</text>
      <text class="chart-label" x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">{number(last.value)}</text>
      <polygon class="chart-band" points={band} />
      <polyline class="chart-line" points={line} />
      <line class="chart-live" x1={x(liveAt)} x2={x(liveAt)} y1={TOP} y2={HEIGHT - BOTTOM} />
      <line class="chart-chosen" x1={x(chosenAt)} x2={x(chosenAt)} y1={TOP} y2={HEIGHT - BOTTOM} />
      <circle class="chart-dot" cx={x(chosenAt)} cy={y(low(atChosen))} r="5" />
    </svg>
  );
}
