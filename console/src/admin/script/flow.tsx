import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { locale, named } from "../../i18n/index.ts";
import type { Outline, Topic } from "../../wire/script.ts";
import type { Legend, Picture } from "./layout.ts";
import { away, edits, outline, outlineError, overview, sketch } from "./store.ts";
import { words } from "./words.ts";

/** wording gives the first wording of a text in the console's language, or in the script's fallback. */
export function wording(o: Outline, key: string): string {
  const row = o.texts.find((r) => r.key === key);
  return row?.wordings[locale.value]?.[0] ?? row?.wordings[o.fallback]?.[0] ?? "";
}

const nameOf = (o: Outline, topic: string) => wording(o, `topic.${topic}.name`) || topic;
const factOf = (o: Outline, fact: string) => wording(o, `fact.${fact}.name`) || fact;

const skillOf = (t: Topic): string => (t.skill ? named("skill", t.skill) || t.skill : words.w("anybody"));

/** whenOf puts the condition of an answer into words. */
function whenOf(o: Outline, t: Topic, i: number): string {
  const c = t.answers[i]?.when;
  if (!c) return "";
  return [
    ...(c.known ?? []).map((f) => words.w("when_known", { fact: factOf(o, f) })),
    ...(c.missing ?? []).map((f) => words.w("when_missing", { fact: factOf(o, f) })),
    ...(c.open === undefined ? [] : [words.w(c.open ? "when_open" : "when_closed")]),
  ].join(", ");
}

/** useOutline keeps the outline of what stands in the editor. */
export function useOutline(): void {
  useSignalEffect(() => {
    void [edits.value, overview.value?.draft.revision];
    void sketch();
  });
}

/** Flow is the picture of the script and, beside it, the same as a table. */
export function Flow() {
  useOutline();
  const only = useSignal("");
  const o = outline.value;
  if (!o) return <p role="status">{outlineError.value || words.w("loading")}</p>;
  return (
    <>
      <div class="script-bar">
        <label class="field-line">
          <span>{words.w("flow_topic")}</span>
          <select class="select" value={only.value} onChange={(e) => (only.value = e.currentTarget.value)}>
            <option value="">{words.w("all_topics")}</option>
            {o.topics.map((t) => (
              <option key={t.id} value={t.id}>{nameOf(o, t.id)}</option>
            ))}
          </select>
        </label>
        <p class="quiet">{words.w("flow_hint")}</p>
      </div>
      {outlineError.value && <p class="form-error script-lines" role="alert">{outlineError.value}</p>}
      <Drawing o={o} only={only.value} />
      <Table o={o} only={only.value} />
    </>
  );
}

function Drawing({ o, only }: { o: Outline; only: string }) {
  const drawn = useSignal<Picture | undefined>(undefined);
  const region = useRef<HTMLDivElement>(null);
  const language = locale.value;
  useEffect(() => {
    let gone = false;
    const legend: Legend = {
      start: words.w("flow_start"), person: words.w("flow_person"), topic: (id) => nameOf(o, id), fact: (id) => factOf(o, id),
      says: (id, text) => wording(o, `topic.${id}.${text}`),
      when: (id, i) => whenOf(o, o.topics.find((t) => t.id === id)!, i),
      skill: skillOf,
      wide: ruler(),
    };
    void import("./layout.ts").then((m) => {
      if (!gone) drawn.value = m.default(o, only, legend);
    }, () => (away.value = true));
    return () => void (gone = true);
  }, [o, only, language]);
  // The beginning stands in the middle of a tall picture: it is what is looked for first.
  useEffect(() => {
    const start = drawn.value?.boxes.find((b) => b.id === "start");
    if (start && region.current) region.current.scrollTop = start.y - region.current.clientHeight / 2;
  }, [drawn.value]);
  const p = drawn.value;
  if (!p) return <p role="status">{words.w("loading")}</p>;
  const box = (b: Picture["boxes"][number]) => (
    <g key={b.id} class={`flow-box flow-${b.kind}`}>
      <rect x={b.x - b.width / 2} y={b.y - b.height / 2} width={b.width} height={b.height} rx={b.kind === "ask" ? 17 : 9} />
      <text x={b.x} y={b.note ? b.y - 4 : b.y + 4} text-anchor="middle">{b.label}</text>
      {b.note && <text class="flow-note" x={b.x} y={b.y + 14} text-anchor="middle">{b.note}</text>}
    </g>
  );
  // The picture runs from left to right in every language, and so is scrolled.
  return (
    <div class="script-flow" dir="ltr" ref={region} tabIndex={0} role="region" aria-label={words.w("flow_picture")}>
      <svg role="img" aria-label={words.w("flow_text", { topics: o.topics.length })} width={p.width + 24} style={{ minWidth: `${Math.round((p.width + 24) * LEAST)}px` }} viewBox={`-12 -12 ${p.width + 24} ${p.height + 24}`}>
        <defs>
          <marker id="flow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="flow-tip" d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {p.lines.map((l) => (
          <path key={`${l.from} ${l.to}`} class={l.to.startsWith("person ") ? "flow-line flow-hand" : "flow-line"} d={curve(l.points)} marker-end="url(#flow-tip)" />
        ))}
        {p.boxes.map(box)}
      </svg>
    </div>
  );
}

/** Letters of the picture are drawn at this share of their size at least; a narrower page scrolls. */
const LEAST = 0.86;

/** ruler measures labels as the picture draws them. */
function ruler(): Legend["wide"] {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  return (label, kind) => {
    if (!pen) return label.length * 8;
    pen.font = `${kind === "answer" || kind === "ask" ? 400 : 600} 13px ${family}`;
    return pen.measureText(label).width;
  };
}

/** curve draws a soft line through points. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let d = `M${first.x.toFixed(1)} ${first.y.toFixed(1)}`;
  let before = first;
  for (const p of rest) {
    const middle = (before.x + p.x) / 2;
    d += `C${middle.toFixed(1)} ${before.y.toFixed(1)} ${middle.toFixed(1)} ${p.y.toFixed(1)} ${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
    before = p;
  }
  return d;
}

/** Table tells the picture in words. */
function Table({ o, only }: { o: Outline; only: string }) {
  return (
    <div class="script-scroll" tabIndex={0} role="region" aria-label={words.w("flow_table")}>
      <table class="script-table">
        <caption>{words.w("flow_table")}</caption>
        <thead>
          <tr>
            {[words.w("col_topic"), words.w("col_answers"), words.w("col_asks"), words.w("col_goes"), words.w("col_examples")].map((h) => (
              <th key={h} scope="col">{h}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {o.topics.filter((t) => !only || t.id === only).map((t) => (
            <tr key={t.id}>
              <th scope="row">{nameOf(o, t.id)} {nameOf(o, t.id) !== t.id && <small dir="ltr">{t.id}</small>}</th>
              <td>
                <ul>
                  {t.answers.map((a, i) => (
                    <li key={a.text}>
                      {wording(o, `topic.${t.id}.${a.text}`)}
                      {a.when && <small>{whenOf(o, t, i)}</small>}
                    </li>
                  ))}
                </ul>
              </td>
              <td>{(t.ask ?? []).map((a) => factOf(o, a.fact)).join(" → ") || "–"}</td>
              <td>{t.small_talk ? words.w("goes_nowhere") : words.w("goes_person", { skill: skillOf(t) })}</td>
              <td>{o.languages.map((l) => `${l} ${t.examples[l] ?? 0}`).join(" · ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
