import type { Rules, SkillRules } from "../../wire/admin.ts";
import { Choice, Editor, errorAt, Many, RemoveButton, saying, Text, useForm } from "../parts/index.ts";
import { skillName, type Change } from "./page.tsx";
import { Reason, reasonError } from "./reason.tsx";
import { w } from "./words.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Day = (typeof DAYS)[number];

type Draft = { id: string; mode: string; zone: string; holidays: string[]; reason: string } & Record<Day, string>;

function draftOf(id: string, s: SkillRules | undefined): Draft {
  const week = Object.fromEntries(DAYS.map((d) => [d, (s?.hours?.week?.[d] ?? []).join(", ")])) as Record<Day, string>;
  return { id, mode: s?.mode ?? "pull", zone: s?.hours?.zone ?? "", holidays: s?.hours?.holidays ?? [], reason: "", ...week };
}

const spansOf = (text: string): string[] => text.split(",").map((s) => s.trim().replace(/\s*[-–]\s*/, "-")).filter(Boolean);
const SPAN = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

function rulesOf(d: Draft): SkillRules {
  const week = Object.fromEntries(DAYS.map((day) => [day, spansOf(d[day])] as const).filter(([, spans]) => spans.length > 0));
  const hours = { ...(d.zone.trim() ? { zone: d.zone.trim() } : {}), ...(Object.keys(week).length ? { week } : {}), ...(d.holidays.length ? { holidays: [...d.holidays].sort() } : {}) };
  return { mode: d.mode, ...(Object.keys(hours).length ? { hours } : {}) };
}

export interface SkillProps {
  /** undefined for a new one */
  id: string | undefined;
  rules: Rules;
  change: Change;
  onClose(): void;
}

/** Skill sets how one skill's chats find their agent, and when people work. */
export function Skill({ id, rules, change, onClose }: SkillProps) {
  const form = useForm(() => draftOf(id ?? "", id === undefined ? undefined : rules.skills[id]), [id]);
  const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  const save = (d: Draft) => change((r) => ({ ...r, skills: { ...r.skills, [id ?? d.id.trim()]: rulesOf(d) } }), d.reason, `skills.${id ?? d.id.trim()}.`);
  const check = (d: Draft): Record<string, string> => ({
    id: id !== undefined || (/^[a-z0-9_]+$/.test(d.id.trim()) && !(d.id.trim() in rules.skills)) ? "" : w("skill_wrong"),
    reason: reasonError(d.reason),
    ...Object.fromEntries(DAYS.map((day) => [day, spansOf(d[day]).every((s) => SPAN.test(s)) ? "" : w("hours_wrong")])),
  });
  const without = (r: Rules): Rules => ({ ...r, skills: Object.fromEntries(Object.entries(r.skills).filter(([n]) => n !== id)) });
  return (
    <Editor
      title={id === undefined ? w("skill_add") : skillName(id)}
      form={form}
      save={save}
      check={check}
      onClose={saying(onClose)}
      extra={id && <RemoveButton title={w("remove_title", { name: skillName(id) })} text={w("remove_text")} remove={() => change(without, w("removed_reason", { name: skillName(id) }))} done={onClose} />}
    >
      {id === undefined && <Text form={form} name="id" label={w("skill")} hint={w("skill_hint")} code autofocus />}
      <Choice form={form} name="mode" label={w("mode")} options={(["pull", "push"] as const).map((m) => ({ value: m, label: w(`mode.${m}`) }))} />
      <Text form={form} name="zone" label={w("zone")} hint={w("zone_hint")} code suggest={zones} />
      <div data-field="week">
        <h3>{w("hours")}</h3>
        <p class="field-hint">{w("hours_hint")}</p>
        {errorAt(form.errors.value, "week") && <p class="field-error" role="alert">{errorAt(form.errors.value, "week")}</p>}
      </div>
      {DAYS.map((d) => (
        <Text key={d} form={form} name={d} label={w(d)} code placeholder="09:00-17:00" />
      ))}
      <Many form={form} name="holidays" label={w("holidays")} hint={w("holidays_hint")} placeholder="2026-12-25" clean={(x) => (/^\d{4}-\d{2}-\d{2}$/.test(x) && !Number.isNaN(Date.parse(x)) ? x : undefined)} />
      <Reason form={form} name="reason" />
    </Editor>
  );
}
