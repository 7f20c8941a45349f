import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { locale, named } from "../../i18n/index.ts";
import { spoken } from "../../i18n/spoken.ts";
import { scripts, type TrialDecision } from "../../wire/script.ts";
import { Icon } from "../../ui/icon.tsx";
import { wording } from "./flow.tsx";
import { languageName } from "./languages.tsx";
import { openPanel, type Said } from "./panel.ts";
import { away, mayEdit, outline, overview, rehearsal, rehearse, save, sketch, unsaved } from "./store.ts";
import { words } from "./words.ts";

/** One burst of the visitor's, what the bot answered, and why. */
interface Turn {
  asked: string[];
  answered: string[];
  why?: TrialDecision;
}

const turns = signal<readonly Turn[]>([]);

/** Trial is the panel that visitors have, on the draft, and beside it the decision under each reply. */
export function Trial() {
  const language = useSignal<string>(spoken());
  useSignalEffect(() => {
    void overview.value?.draft.revision;
    void rehearse();
    if (!outline.peek()) void sketch();
  });
  const r = rehearsal.value;
  if (unsaved.value > 0 && mayEdit.value) {
    return (
      <div class="script-note">
        <p>{words.w("try_unsaved")}</p>
        <button type="button" class="button primary" onClick={() => save().catch(() => (away.value = true))}>{words.w("save_and_try")}</button>
      </div>
    );
  }
  if (r?.stage === "failed") {
    return (
      <div class="script-note" role="alert">
        <p>{words.w("try_failed")}</p>
        <p class="script-lines">{r.error}</p>
      </div>
    );
  }
  if (r?.stage !== "ready") return <Learning />;
  const languages = outline.value?.languages ?? [locale.value];
  return (
    <>
      <div class="script-bar">
        <label class="field-line">
          <span>{words.w("try_language")}</span>
          <select class="select" value={language.value} onChange={(e) => (language.value = e.currentTarget.value)}>
            {languages.map((l) => (
              <option key={l} value={l}>{languageName(l)}</option>
            ))}
          </select>
        </label>
        <p class="quiet">{words.w("try_hint")}</p>
      </div>
      <div class="script-trial">
        <Panel key={`${language.value} ${r.version}`} language={language.value} />
        <Why />
      </div>
    </>
  );
}

function Learning() {
  const share = Math.round((rehearsal.value?.share ?? 0) * 100);
  return (
    <div class="script-note" role="status">
      <p>{words.w("try_learning", { share })}</p>
      <progress max={100} value={share} aria-label={words.w("try_learning", { share })} />
    </div>
  );
}

function Panel({ language }: { language: string }) {
  const box = useRef<HTMLDivElement>(null);
  const panel = useRef<{ again(): void; close(): void } | undefined>(undefined);
  useEffect(() => {
    turns.value = [];
    panel.current = openPanel(box.current!, language, (m) => void heard(m), () => (away.value = true));
    return () => panel.current?.close();
  }, []);
  const again = () => {
    turns.value = [];
    panel.current?.again();
  };
  return (
    <div class="script-panel">
      <div class="script-box" ref={box} />
      <button type="button" class="button small" onClick={again}>
        <Icon name="refresh" />
        {words.w("try_again")}
      </button>
    </div>
  );
}

/** heard adds a message to the turns, and asks for the decisions once the bot has answered. */
async function heard(m: Said): Promise<void> {
  const all = [...turns.peek()];
  const last = all.at(-1);
  if (m.role === "visitor") {
    if (last && last.answered.length === 0) all[all.length - 1] = { ...last, asked: [...last.asked, m.text] };
    else all.push({ asked: [m.text], answered: [] });
    newest = m.id;
  } else if (m.role === "bot" && last) all[all.length - 1] = { ...last, answered: [...last.answered, m.text] };
  turns.value = all;
  if (m.role !== "bot" || !newest) return;
  const asked = newest;
  const decisions = await scripts.trial(asked).catch(() => undefined);
  if (asked !== newest || !decisions) return;
  turns.value = turns.peek().map((turn, i) => (decisions[i] ? { ...turn, why: decisions[i] } : turn));
}
let newest = "";

function Why() {
  const all = turns.value;
  return (
    <section class="script-why" aria-labelledby="script-why">
      <h2 id="script-why">{words.w("why")}</h2>
      {all.length === 0 && <p class="quiet">{words.w("why_empty")}</p>}
      <div role="log" aria-label={words.w("why")}>
      <ol>
        {all.map((turn, i) => (
          <li key={i}>
            {turn.asked.map((s, n) => (
              <p key={n} class="why-asked" dir="auto">{s}</p>
            ))}
            {turn.answered.map((s, n) => (
              <p key={n} class="why-answered" dir="auto">{s}</p>
            ))}
            {turn.why && <Decision d={turn.why} />}
          </li>
        ))}
      </ol>
      </div>
    </section>
  );
}

const percent = (n: number) => new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 0 }).format(n);
const figure = (n: number) => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 2 }).format(n);

/** topicName calls a topic what the script calls it. */
function topicName(id: string): string {
  if (!id) return words.w("no_topic");
  return (outline.value && wording(outline.value, `topic.${id}.name`)) || id;
}

function Decision({ d }: { d: TrialDecision }) {
  const { decision, assessment } = d;
  const near = (decision.rules ?? []).filter((r) => !r.fired);
  const signals = (assessment.signals ?? []).filter((s) => s.found || s.strength >= 0.3).sort((a, b) => b.strength - a.strength);
  return (
    <dl class="why-decision">
      <dt>{words.w("why_action")}</dt>
      <dd>
        <strong>{named("action", decision.action) || decision.action}</strong>
        {decision.reason && ` · ${named("reason", decision.reason) || decision.reason}`}
        {decision.severity && ` · ${named("severity", decision.severity) || decision.severity}, L${decision.level ?? 1}`}
      </dd>
      <dt>{words.w("why_rule")}</dt>
      <dd dir="ltr">{decision.rule || words.w("why_usual")}</dd>
      <dt>{words.w("why_topics")}</dt>
      <dd>
        {(assessment.topics ?? []).slice(0, 3).map((x) => (
          <span key={x.topic} class="tag" title={x.topic}>{topicName(x.topic)} {percent(x.confidence)}</span>
        ))}
        <span class="quiet">{words.w("why_scope", { share: percent(assessment.out_of_scope ?? 0) })}</span>
      </dd>
      <dt>{words.w("why_signals")}</dt>
      <dd>
        {signals.length === 0 && <span class="quiet">{words.w("why_none")}</span>}
        {signals.map((s) => (
          <span key={s.signal} class={s.found ? "tag tag-warn" : "tag"}>
            {named("signal", s.signal) || s.signal} {percent(s.strength)}{s.evidence && ` “${s.evidence}”`}
          </span>
        ))}
      </dd>
      <dt>{words.w("why_near")}</dt>
      <dd>
        {near.length === 0 && <span class="quiet">{words.w("why_none")}</span>}
        {near.map((r) => (
          <span key={r.rule} class="tag" dir="ltr">{r.rule} {figure(r.value)} / {figure(r.bar)}</span>
        ))}
      </dd>
    </dl>
  );
}
