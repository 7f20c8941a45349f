import { clockTime } from "../i18n/format.ts";
import { wall } from "./words.ts";

/** One hour's conversations, and those of them that were handed over. */
export interface Hour {
  at: string;
  conversations: number;
  handed_over: number;
}

const HOUR = 3_600_000;
const WIDTH = 1600;
const HEIGHT = 240;
/** Room over the highest bar for its number. */
const TOP = 24;

/** Hours draws the day so far, hour by hour, with the same in a sentence and a table for those who do not see it. */
export function Hours({ hours, from, until }: { hours: readonly Hour[]; from: number; until: number }) {
  const many = Math.max(8, Math.floor((until - from) / HOUR) + 1);
  const bars = Array.from({ length: many }, (_, i) => hours.find((h) => Date.parse(h.at) === from + i * HOUR) ?? { at: new Date(from + i * HOUR).toISOString(), conversations: 0, handed_over: 0 });
  const most = Math.max(4, ...bars.map((b) => b.conversations));
  const step = WIDTH / many;
  const high = (n: number) => (n / most) * HEIGHT;
  const all = bars.reduce((n, b) => n + b.conversations, 0);
  const handed = bars.reduce((n, b) => n + b.handed_over, 0);
  return (
    <section class="wall-hours" aria-labelledby="wall-hours">
      <h2 id="wall-hours">{wall.w("hours")}</h2>
      <p class="wall-key">
        <span class="key key-all" /> {wall.w("with_bot")} <span class="key key-handed" /> {wall.w("handed")}
      </p>
      <svg viewBox={`0 ${-TOP} ${WIDTH} ${HEIGHT + TOP + 28}`} role="img" aria-label={wall.w("hours_said", { all, handed })}>
        <line x1="0" y1={HEIGHT} x2={WIDTH} y2={HEIGHT} class="axis" />
        {bars.map((b, i) => (
          <g key={b.at}>
            <rect class="bar-all" x={i * step + step * 0.15} width={step * 0.7} y={HEIGHT - high(b.conversations)} height={high(b.conversations)} rx="3" />
            <rect class="bar-handed" x={i * step + step * 0.15} width={step * 0.7} y={HEIGHT - high(b.handed_over)} height={high(b.handed_over)} rx="3" />
            {b.conversations > 0 && <text class="bar-count" x={i * step + step / 2} y={HEIGHT - high(b.conversations) - 6}>{b.conversations}</text>}
            {(many <= 12 || i % 2 === 0) && <text class="bar-hour" x={i * step + step / 2} y={HEIGHT + 20}>{new Date(b.at).getHours()}</text>}
          </g>
        ))}
      </svg>
      <table class="sr-only">
        <caption>{wall.w("hours")}</caption>
        <tbody>
          {bars.map((b) => (
            <tr key={b.at}>
              <th scope="row">{clockTime(b.at)}</th>
              <td>{b.conversations}</td>
              <td>{b.handed_over}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
