import { toast } from "../../store/toasts.ts";
import type { Rules } from "../../wire/admin.ts";
import { Card, inOneUnit, Num, numberError, parts, Period, periodError, SaveBar, spelt, Toggle, useForm, whole, type Form } from "../parts/index.ts";
import type { Change } from "./page.tsx";
import { Reason, reasonError } from "./reason.tsx";
import { w, type Word } from "./words.ts";

/** One value of the rules, by its path. Times are bounded in seconds; shares are stored from 0 to 1 and shown in percent. */
export type Dial = { path: string } & ({ kind: "switch" } | { kind: "count" | "share"; min: number; max: number; unit?: Word } | { kind: "time"; min: number; max: number });

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400] as const;

/** What holds for everybody in line. */
export const LIMITS: readonly Dial[] = [
  { path: "handovers", kind: "count", min: 0, max: 100 },
  { path: "warn_share", kind: "share", min: 0, max: 99 },
  { path: "recent", kind: "time", min: 0, max: HOUR },
  { path: "retry", kind: "time", min: 1, max: DAY },
  { path: "grace", kind: "time", min: 0, max: HOUR },
];

/** What those who wait are told of their wait. */
export const WAITS: readonly Dial[] = [
  { path: "offer_after", kind: "time", min: 0, max: DAY },
  { path: "ticket", kind: "time", min: 1, max: 30 * DAY },
  { path: "estimate.most", kind: "count", min: 1, max: 1440, unit: "minutes" },
  { path: "estimate.window", kind: "time", min: MINUTE, max: 30 * DAY },
  { path: "estimate.handling", kind: "time", min: 1, max: DAY },
  { path: "estimate.pace", kind: "count", min: 1, max: 3600, unit: "times" },
];

/** What is asked of those who wait. `off` is shown as what it turns off. */
export const ASKING: readonly Dial[] = [
  { path: "asking.off", kind: "switch" },
  { path: "asking.after", kind: "time", min: 1, max: HOUR },
  { path: "asking.most", kind: "count", min: 1, max: 10 },
];

/** When customers can be called back. */
export const CALLBACKS: readonly Dial[] = [
  { path: "callback.slot", kind: "time", min: 15 * MINUTE, max: 12 * HOUR },
  { path: "callback.lead", kind: "time", min: 1, max: 7 * DAY },
  { path: "callback.days", kind: "count", min: 1, max: 30, unit: "days" },
  { path: "callback.most", kind: "count", min: 0, max: 10_000 },
];

type Value = number | string | boolean;
type Draft = Record<string, Value>;
type Tree = Record<string, unknown>;

const WHY = "reason";

/** at gives the value at a path of the rules as its field shows it. */
function shownAt(rules: Rules, d: Dial): Value {
  const value = d.path.split(".").reduce<unknown>((tree, key) => (tree as Tree | undefined)?.[key], rules);
  if (d.kind === "switch") return value !== true;
  if (d.kind === "time") return inOneUnit(String(value ?? ""));
  return d.kind === "share" ? Math.round(Number(value ?? 0) * 100) : Number(value ?? 0);
}

/** laid gives the rules with what was typed in the place of a dial. */
function laid(rules: Rules, d: Dial, typed: Value): Rules {
  const value = d.kind === "switch" ? typed !== true : d.kind === "share" ? Number(typed) / 100 : typed;
  const [first = "", second] = d.path.split(".");
  return { ...rules, [first]: second === undefined ? value : { ...(rules[first] as Tree | undefined), [second]: value } };
}

function wrongWith(d: Dial, typed: Value | undefined): string {
  if (d.kind === "switch") return "";
  return d.kind === "time" ? periodError(String(typed), d.min, d.max) : numberError(Number(typed), d.min, d.max);
}

/** helpOf is one line about a dial, and its range. */
function helpOf(d: Dial): string {
  if (d.kind === "switch") return w(`${d.path}_hint` as Word);
  const [min, max] = d.kind === "time" ? [spelt(d.min), spelt(d.max)] : [whole(d.min), whole(d.max)];
  return `${w(`${d.path}_hint` as Word)} ${parts.w("from_to", { min, max })}`;
}

/** Dials is a card of values that are saved together. What is typed stays when another card is saved. */
export function Dials({ title, lead, dials, rules, change }: { title: Word; lead: Word; dials: readonly Dial[]; rules: Rules; change: Change }) {
  const why = `${title}.${WHY}`;
  const shown = dials.map((d) => [d.path, shownAt(rules, d)] as const);
  const form = useForm((): Draft => ({ ...Object.fromEntries(shown), [why]: "" }), [JSON.stringify(shown)]);
  const submit = async (card: HTMLElement) => {
    const saved = await form.submit(
      // What was not touched stays as it is kept: a field shows less of it than it may hold.
      (draft) => change((r) => dials.filter((d, i) => draft[d.path] !== shown[i]?.[1]).reduce((all, d) => laid(all, d, draft[d.path] ?? ""), r), String(draft[why])),
      (draft) => ({ ...Object.fromEntries(dials.map((d) => [d.path, wrongWith(d, draft[d.path])])), [why]: reasonError(String(draft[why])) }),
    );
    if (!saved) return;
    toast(parts.w("saved"));
    card.focus(); // the button that was pressed is gone
  };
  return (
    <Card title={w(title)} text={w(lead)}>
      <form
        class="form line-form"
        tabIndex={-1}
        aria-label={w(title)}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void submit(e.currentTarget);
        }}
      >
        {dials.filter((d) => d.kind === "switch").map((d) => (
          <Toggle key={d.path} form={form as unknown as Form<Record<string, boolean>>} name={d.path} label={w(d.path as Word)} hint={helpOf(d)} />
        ))}
        <div class="adm-two">
          {dials.map((d) => (
            <One key={d.path} dial={d} form={form} />
          ))}
        </div>
        {form.dirty.value && (
          <>
            <Reason form={form as unknown as Form<Record<string, string>>} name={why} />
            <SaveBar form={form} />
          </>
        )}
      </form>
    </Card>
  );
}

function One({ dial: d, form }: { dial: Dial; form: Form<Draft> }) {
  const words = { label: w(d.path as Word), hint: helpOf(d) };
  if (d.kind === "switch") return null; // above the others
  if (d.kind === "time") return <Period form={form as unknown as Form<Record<string, string>>} name={d.path} {...words} />;
  const unit = d.kind === "share" ? "%" : d.unit && w(d.unit);
  return <Num form={form as unknown as Form<Record<string, number>>} name={d.path} {...words} min={d.min} max={d.max} {...(unit ? { unit } : {})} />;
}
