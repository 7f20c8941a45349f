import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { named, t } from "../../i18n/index.ts";
import { explain } from "../../store/acts.ts";
import { reclassify, stopEditing, type Sorting } from "../../store/amend.ts";
import { board, me } from "../../store/board.ts";
import { focusEdit } from "../focus.ts";
import { words } from "./words.ts";
import "./sheet.ts";

const { w } = words;

const SEVERITIES = ["low", "medium", "high", "critical"];
const TOPICS = [
  "order_status", "delivery_problem", "return_refund", "wrong_or_damaged_item", "billing_problem", "cancel_order", "cancel_subscription", "account_access",
  "change_details", "technical_problem", "product_question", "price_or_discount", "warranty_repair", "invoice_request", "staff_complaint", "opening_hours_contact",
];
const SKILLS = ["orders", "delivery", "returns", "billing", "accounts", "technical", "sales", "repairs", "complaints"];

export interface SortProps {
  id: string;
  severity: string;
  topic: string;
  skill: string;
}

/** SortEditor sorts a conversation anew: how urgent it is, what it is about, which skill it needs. Why the bot handed over stays on record. */
export default function SortEditor({ id, severity, topic, skill }: SortProps) {
  const worded = words.use();
  const now = { severity: useSignal(severity), topic: useSignal(topic), skill: useSignal(skill) };
  const error = useSignal("");
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("select")?.focus(), [worded]);
  if (!worded) return null;

  const leave = () => {
    stopEditing();
    focusEdit("sort");
  };
  const save = async (e: Event) => {
    e.preventDefault();
    const to: Sorting = {};
    if (now.severity.value !== severity) to.severity = now.severity.value;
    if (now.topic.value !== topic) to.topic = now.topic.value;
    if (now.skill.value !== skill) to.skill = now.skill.value;
    if (Object.keys(to).length === 0) return leave();
    busy.value = true;
    try {
      await reclassify(id, to);
      leave();
    } catch (err) {
      error.value = explain(err);
    }
    busy.value = false;
  };
  const escape = (e: KeyboardEvent) => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    leave();
  };
  const waiting = [...board.value.values()].flatMap((i) => (i.skill ? [i.skill] : []));
  return (
    <form ref={form} class="edit-line edit-sort" onSubmit={(e) => void save(e)} onKeyDown={escape}>
      <Pick label={w("severity")} group="severity" from={SEVERITIES} value={now.severity} />
      <Pick label={w("topic")} group="topic" from={[...TOPICS, topic]} value={now.topic} />
      <Pick label={w("skill")} group="skill" from={[...SKILLS, ...(me.value?.skills ?? []), ...waiting, skill]} value={now.skill} />
      <p class="quiet">{w("reason_stays")}</p>
      {error.value && <p class="field-error" role="alert">{error.value}</p>}
      <div class="edit-acts">
        <button type="button" class="button small" onClick={leave}>{t("ui.cancel")}</button>
        <button type="submit" class="button primary small" disabled={busy.value}>{w("save")}</button>
      </div>
    </form>
  );
}

/** Pick chooses one of the codes; what is not set yet may stay so, what is set cannot be unset. */
function Pick({ label, group, from, value }: { label: string; group: string; from: readonly string[]; value: Signal<string> }) {
  const codes = [...new Set(from)].filter(Boolean);
  return (
    <label class="edit-pick">
      <span>{label}</span>
      <select class="select" value={value.value} onChange={(e) => (value.value = e.currentTarget.value)}>
        {!value.peek() && <option value="">–</option>}
        {codes.map((c) => <option key={c} value={c}>{named(group, c)}</option>)}
      </select>
    </label>
  );
}
