import { named } from "../../i18n/index.ts";
import { toast } from "../../store/toasts.ts";
import type { LevelRules, RulesAnswer } from "../../wire/admin.ts";
import { Checks, Editor, Num, numberError, parts, Text, useForm } from "../parts/index.ts";
import type { Change } from "./page.tsx";
import { w } from "./words.ts";

type Draft = { remedies: string[]; up_to: number } & Record<`answer.${string}` | `settle.${string}`, string>;

/** shortSpan writes a time as short as it goes: 1h0m0s is 1h. */
export const shortSpan = (text: string): string => text.replace(/(\D)0s$/, "$1").replace(/h0m$/, "h");

/** spanError says what is wrong with a time, "" where nothing is. */
export const spanError = (text: string): string => (/^(\d+(\.\d+)?(h|m|s))*$/.test(text.trim()) ? "" : w("clock_wrong"));

function draftOf(l: LevelRules, severities: readonly string[]): Draft {
  const d: Record<string, unknown> = { remedies: l.remedies ?? [], up_to: l.up_to / 100 };
  for (const s of severities) {
    d[`answer.${s}`] = shortSpan(l.answer?.[s] ?? "");
    d[`settle.${s}`] = shortSpan(l.settle?.[s] ?? "");
  }
  return d as Draft;
}

/** clocks lays what was typed over the clocks that were there: severities that are not shown keep theirs. */
function clocks(was: Record<string, string> | undefined, d: Draft, kind: "answer" | "settle", severities: readonly string[]): Record<string, string> {
  const out = { ...was };
  for (const s of severities) {
    const text = d[`${kind}.${s}`]?.trim() ?? "";
    if (text) out[s] = text;
    else delete out[s];
  }
  return out;
}

/** Level sets what one level may offer by itself, and its clocks. */
export function Level({ of, answer, change, onClose }: { of: LevelRules; answer: RulesAnswer; change: Change; onClose(): void }) {
  const severities = answer.severities;
  const form = useForm(() => draftOf(of, severities), [of]);
  const save = (d: Draft) =>
    change((r) => ({
      ...r,
      levels: r.levels.map((l) =>
        l.level === of.level
          ? { ...l, remedies: d.remedies, up_to: Math.round(d.up_to * 100), answer: clocks(l.answer, d, "answer", severities), settle: clocks(l.settle, d, "settle", severities) }
          : l,
      ),
    }));
  const check = (d: Draft) => ({
    up_to: numberError(d.up_to, 0, 10_000_000),
    ...Object.fromEntries(severities.flatMap((s) => (["answer", "settle"] as const).map((k) => [`${k}.${s}`, spanError(d[`${k}.${s}`] ?? "")]))),
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
      {(["answer", "settle"] as const).map((k) => (
        <section key={k} class="form">
          <div>
            <h3>{w(k)}</h3>
            <p class="field-hint">{w("clock_hint")}</p>
          </div>
          <div class="adm-two">
            {severities.map((s) => (
              <Text key={s} form={form} name={`${k}.${s}`} label={named("severity", s)} code />
            ))}
          </div>
        </section>
      ))}
    </Editor>
  );
}
