import { active, changes, dials, draft, live, replayDraft, replayLive, sweepOf, valueOf, wantSweep } from "./store.ts";
import { useSignalEffect } from "@preact/signals";
import type { PolicyField, SweepPoint } from "../../wire/policies.ts";
import { Chart, distinct, high, low, pointAt } from "./chart.tsx";
import { pathName } from "./tables.ts";
import { between, number, w, whole } from "./words.ts";

/** spelt gives a value in words; in a table nought stands for the general value. */
const spelt = (f: PolicyField, v: number): string => (v || !f.key.includes(".") ? number(v) : w(f.key.startsWith("signals.") ? "as_trained" : "as_general"));

/** Effect tells what the value under the hand would do: from the sweep, so that no request stands between. */
export function Effect() {
  const f = dials.value.find((x) => x.key === active.value);
  useSignalEffect(() => {
    const field = dials.value.find((x) => x.key === active.value);
    if (field?.sweep && live.value && (replayLive.value?.conversations ?? 0) > 0 && changes.value) void wantSweep(field.key);
  });
  if (!active.value) return null;
  const points = f && sweepOf(f.key);
  return (
    <section class="policy-card policy-effect" aria-labelledby="policy-effect">
      <h2 id="policy-effect">
        <span class="sr-only">{w("effect")}: </span>
        {pathName(active.value)}
      </h2>
      {!f?.sweep ? <Still path={active.value} /> : points ? <Told f={f} points={points} /> : <p role="status">{w("effect_wait")}</p>}
    </section>
  );
}

/** Still stands in place of numbers for what a sweep cannot tell: other words, or another way of a handoff. */
function Still({ path }: { path: string }) {
  const way = /\.(severity|level|skill)$/.test(path);
  if (!way) return <p>{w(path.endsWith(".off") ? "effect_off" : "effect_still")}</p>;
  return <p>{w("effect_where", { count: whole(replayDraft.value?.replayed.elsewhere ?? 0) })}</p>;
}

function Told({ f, points }: { f: PolicyField; points: readonly SweepPoint[] }) {
  const [chosenAt, liveAt] = [valueOf(draft.value, f.key), valueOf(live.value?.data, f.key)];
  const [chosen, asIs] = [pointAt(points, chosenAt), pointAt(points, liveAt)];
  if (!chosen || !asIs) return null;
  return (
    <>
      <output class="policy-told">
        <strong>{w("now_at", { value: spelt(f, chosenAt), rate: between(low(chosen), high(chosen)) })}</strong>
        {chosenAt !== liveAt && <span> ({w("live_at", { value: spelt(f, liveAt), rate: between(low(asIs), high(asIs)) })})</span>}
        <span class="policy-sentence">{sentence(chosen)}</span>
        {!chosen.valid && <span class="field-error"> {w("invalid")}</span>}
      </output>
      <Chart name={pathName(f.key)} points={points} liveAt={liveAt} chosenAt={chosenAt} />
      <p class="chart-legend" aria-hidden="true">
        <span class="legend">{w("mark_live")} {spelt(f, liveAt)}</span>
        <span class="legend legend-chosen">{w("mark_chosen")} {spelt(f, chosenAt)}</span>
        <span class="legend legend-band">{w("mark_band")}</span>
      </p>
      <details class="policy-table">
        <summary>{w("table")}</summary>
        <Points f={f} points={points} />
      </details>
    </>
  );
}

function sentence(p: SweepPoint): string {
  return w("sentence", {
    earlier: whole(p.earlier), new: whole(p.new), later: whole(p.later_or_never), missed: whole(p.missed), needless: whole(p.needless), unknown: whole(p.unknown),
  });
}

/** Points is the chart in figures: every value of a count, each twentieth of a range. */
function Points({ f, points }: { f: PolicyField; points: readonly SweepPoint[] }) {
  const rows = f.kind === "probability" ? points.filter((_, i) => i % 5 === 0) : distinct(points);
  const heads = [w("value"), w("rate"), w("earlier"), w("new"), w("later"), w("missed"), w("needless"), w("unknown")];
  return (
    <div class="policy-scroll" tabIndex={0} role="region" aria-label={w("chart", { name: pathName(f.key) })}>
      <table>
        <thead>
          <tr>
            {heads.map((h) => (
              <th key={h} scope="col">{h}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((p) => (
            <tr key={p.value}>
              <th scope="row">{spelt(f, p.value)}</th>
              <td>{between(low(p), high(p))}</td>
              {[p.earlier, p.new, p.later_or_never, p.missed, p.needless, p.unknown].map((n, i) => (
                <td key={i}>{whole(n)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
