import { known, named, t } from "../i18n/index.ts";
import type { LogEvent } from "../wire/frames.ts";
import { Icon } from "../ui/icon.tsx";
import type { Turn } from "./rows.ts";

const str = (v: unknown) => (typeof v === "string" ? v : "");
const percent = (v: unknown) => (typeof v === "number" ? `${Math.round(v * 100)} %` : "");

interface Score {
  name: string;
  value: string;
  found: boolean;
  evidence: string;
}

function topics(a: LogEvent | undefined): Score[] {
  const all = Array.isArray(a?.["topics"]) ? (a["topics"] as { topic?: string; confidence?: number }[]) : [];
  return all.slice(0, 3).map((x) => ({ name: named("topic", x.topic), value: percent(x.confidence), found: false, evidence: "" }));
}

function signals(a: LogEvent | undefined): Score[] {
  const all = Array.isArray(a?.["signals"]) ? (a["signals"] as { signal?: string; strength?: number; found?: boolean; evidence?: string }[]) : [];
  return all
    .filter((x) => (x.strength ?? 0) >= 0.15 || x.found)
    .map((x) => ({ name: named("signal", x.signal), value: percent(x.strength), found: x.found === true, evidence: x.evidence ?? "" }));
}

interface RuleResult {
  rule?: string;
  value?: number;
  bar?: number;
  fired?: boolean;
}

/** ruleName gives a rule in words: of one that is named like its reason, those of the reason. */
const ruleName = (code = ""): string => (known("rule", code) ? named("rule", code) : named("reason", code));

/** rules reads from the decision's record which rules fired, or which came near, each with its value and its bar. */
function rules(record: unknown, fired: boolean): string[] {
  const list = (record as { rules?: RuleResult[] | null } | undefined)?.rules;
  if (!Array.isArray(list)) return [];
  return list
    .filter((x) => x.rule && (x.fired === true) === fired)
    .map((x) => (typeof x.value === "number" && typeof x.bar === "number" ? `${ruleName(x.rule)} ${x.value.toFixed(2)} / ${x.bar.toFixed(2)}` : ruleName(x.rule)));
}

/** TurnChip shows what the bot decided and by which rule; opened, on what grounds. */
export function TurnChip({ turn }: { turn: Turn }) {
  const d = turn.decision;
  const record = d["record"];
  const top = topics(turn.assessment);
  const found = signals(turn.assessment);
  const fired = rules(record, true);
  const nearly = rules(record, false);
  const action = str(d["action"]);
  const reason = named("reason", str(d["reason"]));
  const rule = ruleName(str(d["rule"]));
  return (
    <details class={`turn turn-${action}`}>
      <summary>
        <Icon name="bot" size={12} />
        <b>{named("action", action)}</b>
        {reason && <span title={str(d["rule"])}>{reason}</span>}
        {rule !== reason && <span title={str(d["rule"])}>{rule}</span>}
        <span class="turn-more"><Icon name="down" size={10} /></span>
      </summary>
      <dl class="turn-facts">
        {str(d["topic"]) && <Pair name={t("turn.topic")} value={named("topic", str(d["topic"]))} />}
        {top.length > 0 && <Pair name={t("turn.heard")} value={top.map((x) => `${x.name} ${x.value}`).join(" · ")} />}
        {found.length > 0 && (
          <Pair name={t("turn.signals")} value={found.map((x) => `${x.found ? "● " : "○ "}${x.name} ${x.value}${x.evidence ? ` “${x.evidence}”` : ""}`).join(" · ")} />
        )}
        {fired.length > 0 && <Pair name={t("turn.fired")} value={fired.join(", ")} />}
        {nearly.length > 0 && <Pair name={t("turn.nearly")} value={nearly.join(", ")} />}
        {typeof d["policy"] === "number" && <Pair name={t("turn.policy")} value={String(d["policy"])} />}
      </dl>
    </details>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{value}</dd>
    </>
  );
}
