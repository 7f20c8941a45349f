import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { locale, t } from "../../i18n/index.ts";
import { wear } from "../wear.ts";
import { Effect } from "./effect.tsx";
import { Fields } from "./fields.tsx";
import { History } from "./history.tsx";
import { Outcome } from "./outcome.tsx";
import { away, choosePeriod, days, DAYS, draft, fields, live, load, replay, replayLive } from "./store.ts";
import { learn, w, whole, worded } from "./words.ts";
import css from "./policy.css?inline";

wear(css);

/** How long the hand must rest before all changes are replayed together, in ms. */
const PAUSE = 300;

/** PolicyPage tunes when the bot hands over, on recorded conversations, before anything is saved. */
export default function PolicyPage() {
  useSignalEffect(() => void learn(locale.value));
  useEffect(() => void load(), []);
  useSignalEffect(() => {
    void draft.value;
    void days.value;
    if (!live.value) return;
    const timer = setTimeout(() => void replay(), replayLive.peek() ? PAUSE : 0);
    return () => clearTimeout(timer);
  });
  if (!worded.value) return null;
  return (
    <div class="policy">
      <Head />
      {away.value && (
        <p class="policy-away" role="alert">
          {t("error.unavailable")}{" "}
          <button type="button" class="button small" onClick={() => void load()}>
            {w("again")}
          </button>
        </p>
      )}
      {fields.value.length === 0 ? !away.value && <p role="status">{w("loading")}</p> : <Body />}
    </div>
  );
}

function Head() {
  const at = live.value;
  const count = replayLive.value?.conversations;
  return (
    <header class="policy-top">
      <h1>{t("policy.title")}</h1>
      <p class="policy-lead">{w("lead")}</p>
      <div class="policy-facts">
        {at && <span class="chip policy-live">{at.version > 0 ? w("live_version", { version: at.version }) : w("live_first")}</span>}
        <span id="policy-period">{w("period")}</span>
        <div class="segmented" role="group" aria-labelledby="policy-period">
          {DAYS.map((d) => (
            <button key={d} type="button" aria-pressed={days.value === d} onClick={() => choosePeriod(d)}>
              {w("days", { days: d })}
            </button>
          ))}
        </div>
        <span class="quiet" role="status">{count === undefined ? "" : w("recorded", { count: whole(count) })}</span>
      </div>
    </header>
  );
}

function Body() {
  const empty = replayLive.value?.conversations === 0;
  return (
    <>
      <div class="policy-cols">
        <Fields />
        <div class="policy-side">
          {empty ? (
            <section class="policy-card policy-effect policy-empty">
              <h2>{w("empty")}</h2>
              <p>{w("empty_hint")}</p>
            </section>
          ) : (
            <Effect />
          )}
          <Outcome />
        </div>
      </div>
      <History />
    </>
  );
}
