import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { wear } from "../admin/wear.ts";
import { clockTime, duration } from "../i18n/format.ts";
import { locale, t } from "../i18n/index.ts";
import { board, breached, waiting } from "../store/board.ts";
import { now } from "../store/clock.ts";
import { go } from "../store/route.ts";
import { Icon } from "../ui/icon.tsx";
import { call } from "../wire/rest.ts";
import { Hours, type Hour } from "./hours.tsx";
import sheet from "./wall.css?inline";
import { wall } from "./words.ts";

wear(sheet);

interface Standing {
  waiting: number;
  tickets: number;
  longest_from?: string;
  in_chat: number;
  staffed: Partial<Record<string, number>>;
  today: Hour;
  hours: Hour[];
  claimed: number;
  median_wait: number;
}

/** How often the numbers are asked for without a sign, in milliseconds; a change of the board asks at once. */
const EVERY = 10_000;

const midnight = (ms: number) => new Date(new Date(ms).setHours(0, 0, 0, 0));

/** Wall is for a screen that the whole room sees: how it stands now, and how the day goes. */
export default function Wall() {
  const known = wall.use();
  const standing = useSignal<Standing | undefined>(undefined);
  const asOf = useSignal("");
  const lost = useSignal(false);
  const load = async () => {
    try {
      standing.value = await call<Standing>("GET", `/wall?since=${encodeURIComponent(midnight(Date.now()).toISOString())}`);
      asOf.value = new Date().toISOString();
      lost.value = false;
    } catch {
      lost.value = true;
    }
  };
  useSignalEffect(() => {
    board.value; // a burst of changes is one question
    const soon = setTimeout(() => void load(), 400);
    return () => clearTimeout(soon);
  });
  useEffect(() => {
    const timer = setInterval(() => void load(), EVERY);
    return () => clearInterval(timer);
  }, []);
  if (!known) return <main class="wall" />;
  const s = standing.value;
  return (
    <main class="wall" aria-label={t("wall.title")}>
      <header class="wall-head">
        <h1>{t("wall.title")}</h1>
        <p role="status" class={lost.value ? "wall-lost" : undefined}>
          {asOf.value && wall.w(lost.value ? "stale" : "as_of", { time: clockTime(asOf.value) })}
        </p>
        <span class="wall-gap" />
        {document.fullscreenEnabled && (
          <button type="button" class="button ghost" onClick={() => void document.documentElement.requestFullscreen()}>{wall.w("full")}</button>
        )}
        <button type="button" class="button ghost" onClick={() => go("#/queue")}>
          <Icon name="inbox" />
          {wall.w("back")}
        </button>
      </header>
      {s && <Figures s={s} />}
      {s && <Hours hours={s.hours} from={midnight(Date.parse(asOf.value)).getTime()} until={Date.parse(asOf.value)} />}
    </main>
  );
}

function Figures({ s }: { s: Standing }) {
  const late = waiting.value.filter((i) => i.owner === "queue" && breached(i, now.value)).length;
  const share = s.today.conversations > 0 ? s.today.handed_over / s.today.conversations : 0;
  const percent = new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 0 }).format(share);
  const of = (state: string) => s.staffed[state] ?? 0;
  const short = s.waiting > 0 && of("online") === 0;
  return (
    <dl class="wall-figures">
      <Figure name={wall.w("waiting")} value={String(s.waiting)} tone={late > 0 ? "bad" : s.waiting > 0 ? "warn" : "good"} large
        more={[late > 0 && wall.w("late", { count: late }), s.tickets > 0 && wall.w("tickets", { count: s.tickets }), s.waiting === 0 && wall.w("quiet")]} />
      <Figure name={wall.w("longest")} value={s.longest_from ? duration(Math.max(0, now.value - Date.parse(s.longest_from))) : "–"} tone={late > 0 ? "bad" : ""} large
        more={[s.claimed > 0 && `${wall.w("median")} ${duration(s.median_wait * 1000)}`]} />
      <Figure name={wall.w("in_chat")} value={String(s.in_chat)} more={[s.claimed > 0 && wall.w("claimed", { count: s.claimed })]} />
      <Figure name={wall.w("staffed")} value={String(of("online"))} tone={short ? "bad" : ""}
        more={[wall.w("staffed_more", { busy: of("busy"), away: of("away"), wrapping: of("wrapping_up") })]} />
      <Figure name={wall.w("rate")} value={s.today.conversations > 0 ? percent : "–"}
        more={[s.today.conversations > 0 && wall.w("rate_of", { handed: s.today.handed_over, all: s.today.conversations })]} />
    </dl>
  );
}

function Figure({ name, value, more, tone = "", large = false }: { name: string; value: string; more: (string | false)[]; tone?: string; large?: boolean }) {
  return (
    <div class={`figure${tone ? ` figure-${tone}` : ""}${large ? " figure-large" : ""}`}>
      <dt>{name}</dt>
      <dd class="figure-value">{value}</dd>
      <dd class="figure-more">{more.filter(Boolean).join(" · ")}</dd>
    </div>
  );
}
