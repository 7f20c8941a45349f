import type { Report, WaitAccuracy, Query } from "../../wire/reports.ts";
import { whole } from "../parts/index.ts";
import { behind, open } from "./store.ts";
import { percent, span, stars, words } from "./words.ts";

interface TileProps {
  name: string;
  value: string;
  more: string;
  press?: (() => void) | undefined;
}

/** Tile is one figure; where conversations stand behind it, it is the button that lists them. */
function Tile({ name, value, more, press }: TileProps) {
  const inside = (
    <>
      <span class="rep-name">{name}</span>
      <strong>{value}</strong>
      <span class="rep-more">{more}</span>
    </>
  );
  return press ? (
    <button type="button" class="rep-tile" onClick={press}>
      {inside}
    </button>
  ) : (
    <div class="rep-tile">{inside}</div>
  );
}

/** Tiles are the figures of the whole period. */
export function Tiles({ report, waits }: { report: Report; waits: WaitAccuracy | undefined }) {
  const { w } = words;
  const f = report.total;
  const tile = (name: string, value: string, more: string, filter: Query, count: number) => (
    <Tile name={name} value={value} more={more} press={count > 0 ? () => open(name, filter) : undefined} />
  );
  const p = report.promises;
  const due = p.kept.length + p.broken.length;
  return (
    <div class="rep-tiles">
      {tile(w("volume"), whole(f.conversations), w("volume_more"), {}, f.conversations)}
      {tile(w("contained"), percent(f.contained, f.conversations), w("count", { count: whole(f.contained) }), { is: "contained" }, f.contained)}
      {tile(w("handed_over"), percent(f.handed_over, f.conversations), w("count", { count: whole(f.handed_over) }), { is: "handed_over" }, f.handed_over)}
      {tile(w("wait"), span(f.wait_median), w("nine_of_ten", { time: span(f.wait_p90) }), { is: "claimed" }, f.claimed)}
      {tile(w("reply"), span(f.reply_median), w("nine_of_ten", { time: span(f.reply_p90) }), { is: "replied" }, f.claimed)}
      {tile(w("rating"), stars(f.rating), w("rated", { count: whole(f.rated) }), { is: "rated" }, f.rated)}
      {tile(w("too_late"), whole(f.too_late), w("labels", { right: whole(f.right_time), needless: whole(f.not_needed) }), { label: "too_late" }, f.too_late)}
      <Tile
        name={w("promises")}
        value={percent(p.kept.length, due)}
        more={w("promises_more", { broken: whole(p.broken.length), open: whole(p.open.length) })}
        press={due ? () => void (behind.value = p.broken.length ? { title: w("promises_broken"), ids: p.broken } : { title: w("promises"), ids: p.kept }) : undefined}
      />
      {waits && waits.count > 0 && (
        <Tile name={w("estimate")} value={percent(waits.covered, 1)} more={w("estimate_more", { time: span(Math.round(waits.median_error_seconds)), count: whole(waits.count) })} press={() => open(w("estimate"), { is: "claimed" })} />
      )}
    </div>
  );
}
