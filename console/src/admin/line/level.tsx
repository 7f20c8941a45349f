import { named } from "../../i18n/index.ts";
import { toast } from "../../store/toasts.ts";
import type { LevelRules, RulesAnswer } from "../../wire/admin.ts";
import { Checks, Editor, inOneUnit, Num, numberError, parts, Period, periodError, useForm } from "../parts/index.ts";
import type { Change } from "./page.tsx";
import { Reason, reasonError } from "./reason.tsx";
import { w } from "./words.ts";

const KINDS = ["answer", "settle"] as const;
type Kind = (typeof KINDS)[number];

type Draft = { remedies: string[]; up_to: number; reason: string } & Record<`${Kind}.${string}`, string>;

/** The longest clock that is taken, in seconds: a year. */
const LONGEST = 365 * 86_400;

/** OTHERS stands for the clock of severities that have none of their own, which the server keeps under "". */
const OTHERS = "others";

const keyOf = (severity: string): string => (severity === OTHERS ? "" : severity);

function draftOf(l: LevelRules, severities: readonly string[]): Draft {
  const d: Record<string, unknown> = { remedies: l.remedies ?? [], up_to: l.up_to / 100, reason: "" };
  for (const kind of KINDS) for (const s of severities) d[`${kind}.${s}`] = inOneUnit(l[kind]?.[keyOf(s)] ?? "");
  return d as Draft;
}

/** clocks lays what was typed over the clocks that were there: severities that are not shown keep theirs. */
function clocks(was: Record<string, string> | undefined, d: Draft, kind: Kind, severities: readonly string[]): Record<string, string> {
  const out = { ...was };
  for (const s of severities) {
    const text = d[`${kind}.${s}`] ?? "";
    if (text) out[keyOf(s)] = text;
    else delete out[keyOf(s)];
  }
  return out;
}

/** Level sets what one level may offer by itself, and its clocks. */
export function Level({ of, answer, change, onClose }: { of: LevelRules; answer: RulesAnswer; change: Change; onClose(): void }) {
  const severities = [...answer.severities, OTHERS];
  const form = useForm(() => draftOf(of, severities), [of]);
  const save = (d: Draft) =>
    change(
      (r) => ({
        ...r,
        levels: r.levels.map((l) =>
          l.level === of.level
            ? { ...l, remedies: d.remedies, up_to: Math.round(d.up_to * 100), answer: clocks(l.answer, d, "answer", severities), settle: clocks(l.settle, d, "settle", severities) }
            : l,
        ),
      }),
      d.reason,
      `levels[${of.level - 1}].`,
    );
  const check = (d: Draft): Record<string, string> => ({
    up_to: numberError(d.up_to, 0, 10_000_000),
    reason: reasonError(d.reason),
    ...Object.fromEntries(KINDS.flatMap((k) => severities.map((s) => [`${k}.${s}`, d[`${k}.${s}`] ? periodError(d[`${k}.${s}`] ?? "", 0, LONGEST) : ""]))),
  });
  return (
    <Editor
      title={`${of.level} · ${named("level", String(of.level))}`}
      form={form}
      save={save}
      check={check}
      onClose={(saved) => {
        if (saved) toast(parts.w("saved"));
        onClose();
      }}
    >
      <Checks form={form} name="remedies" label={w("remedies")} options={answer.remedies.map((x) => ({ value: x, label: named("remedy", x) }))} />
      <Num form={form} name="up_to" label={w("up_to")} hint={w("up_to_hint")} min={0} max={10_000_000} step={0.01} />
      {KINDS.map((k) => (
        <section key={k} class="form">
          <div>
            <h3>{w(k)}</h3>
            <p class="field-hint">{w("clock_hint", { name: w("others_severity") })}</p>
          </div>
          <div class="adm-two">
            {severities.map((s) => (
              <Period key={s} form={form} name={`${k}.${s}`} label={s === OTHERS ? w("others_severity") : named("severity", s)} />
            ))}
          </div>
        </section>
      ))}
      <Reason form={form} name="reason" />
    </Editor>
  );
}
