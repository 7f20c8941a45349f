import type { PolicyField } from "../../wire/policies.ts";
import { Overrides } from "./overrides.tsx";
import { Reasons } from "./reasons.tsx";
import { Signals } from "./signals.tsx";
import { active, changes, draft, fields, live, refusal, refusedAt, setField, valueOf } from "./store.ts";
import { pathName } from "./tables.ts";
import { number, w, wordOr, type Word } from "./words.ts";

const GROUPS: readonly [Word, readonly string[]][] = [
  ["group.answers", ["answer_at", "clarify_at", "out_of_scope_at", "misses", "max_clarifications"]],
  ["group.anger", ["rejections", "anger_outbursts", "anger_level_at", "anger_rise", "anger_rising_turns", "anger_memory", "forget_after"]],
  ["group.patience", ["repeated_limit", "fault_grace", "cool_down_turns"]],
  ["group.length", ["max_turns", "max_questions", "max_facts", "ask_tries", "close_on_thanks"]],
  ["group.language", ["language_grace", "unknown_language_at", "switch_language_at"]],
];
const GROUPED = new Set(GROUPS.flatMap(([, keys]) => keys));

/** Fields lists what can be tuned, by what it is about; a field that this console does not know yet stands at the end. */
export function Fields() {
  const all = fields.value;
  const rest = all.filter((f) => !GROUPED.has(f.key));
  return (
    <div class="policy-fields">
      {GROUPS.map(([title, keys]) => (
        <Group key={title} title={title} of={all.filter((f) => keys.includes(f.key))} />
      ))}
      <Group title="group.other" of={rest} />
      <Signals />
      <Reasons />
      <Overrides table="languages" />
      <Overrides table="topics" />
    </div>
  );
}

function Group({ title, of }: { title: Word; of: PolicyField[] }) {
  if (of.length === 0) return null;
  return (
    <section class="policy-group" aria-labelledby={`policy-${title}`}>
      <h2 id={`policy-${title}`}>{w(title)}</h2>
      {of.map((f) => (
        <Row key={f.key} f={f} />
      ))}
    </section>
  );
}

const shown = (f: PolicyField, v: number): string => (f.kind === "switch" ? w(v ? "on" : "off") : number(v));

function Row({ f }: { f: PolicyField }) {
  const id = `policy-${f.key}`;
  const differs = f.key in changes.value;
  const was = valueOf(live.value?.data, f.key);
  const touch = () => (active.value = f.key);
  return (
    <div class={`policy-row${active.value === f.key ? " policy-row-on" : ""}${differs ? " policy-row-changed" : ""}`} data-field={f.key} onFocusIn={touch} onInput={touch}>
      <div class="policy-name">
        <label for={id}>{pathName(f.key)}</label>
        {differs && (
          <button type="button" class="button ghost small" onClick={() => setField(f, was)}>
            {w("undo", { value: shown(f, was) })}
          </button>
        )}
      </div>
      {f.kind === "switch" ? <Toggle f={f} id={id} /> : <Dial f={f} id={id} />}
      <p class="field-hint" id={`${id}-help`}>
        {wordOr(`h.${f.key}`, f.help)}
      </p>
      {refusedAt.value === f.key && <p class="field-error" id={`${id}-error`}>{refusal.value}</p>}
    </div>
  );
}

function Toggle({ f, id }: { f: PolicyField; id: string }) {
  return <input id={id} type="checkbox" class="switch" role="switch" aria-describedby={`${id}-help`} checked={valueOf(draft.value, f.key) === 1} onChange={(e) => setField(f, Number(e.currentTarget.checked))} />;
}

/** Dial is one value to drag and to type. */
function Dial({ f, id }: { f: PolicyField; id: string }) {
  const value = valueOf(draft.value, f.key);
  const step = f.kind === "probability" ? 0.01 : 1;
  return (
    <div class="policy-dial">
      <input type="range" min={f.min} max={f.max} step={step} value={value} aria-label={w("slider", { name: pathName(f.key) })} aria-describedby={`${id}-help`} onInput={(e) => setField(f, e.currentTarget.valueAsNumber)} />
      <input
        id={id}
        type="number"
        inputMode={f.kind === "count" ? "numeric" : "decimal"}
        min={f.min}
        max={f.max}
        step={step}
        value={value}
        aria-describedby={`${id}-unit ${id}-help${refusedAt.value === f.key ? ` ${id}-error` : ""}`}
        aria-invalid={refusedAt.value === f.key ? true : undefined}
        onInput={(e) => setField(f, e.currentTarget.valueAsNumber)}
        onBlur={(e) => (e.currentTarget.value = String(valueOf(draft.value, f.key)))}
      />
      <span class="policy-unit" id={`${id}-unit`}>
        {wordOr(`unit.${f.unit}`, f.unit)}, {w("range", { min: number(f.min), max: number(f.max) })}
      </span>
    </div>
  );
}
