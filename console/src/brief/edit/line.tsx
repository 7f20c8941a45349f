import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { named, t } from "../../i18n/index.ts";
import { explain } from "../../store/acts.ts";
import { correct, stopEditing } from "../../store/amend.ts";
import { focusEdit } from "../focus.ts";
import { words } from "./words.ts";
import "./sheet.ts";

const { w } = words;

/** The remedies that a customer may want, as the script knows them. */
const REMEDIES = ["replacement", "refund", "exchange", "store_credit", "discount", "repair", "callback", "apology", "other"];

/** What can be known of a matter, apart from what has a line of its own. */
const FACTS = [
  "name", "email", "phone", "contact", "order_number", "account_number", "invoice_number", "tracking_number", "product", "amount",
  "since_when", "what_happened", "date", "address", "callback_time",
];

export interface LineProps {
  id: string;
  /** matter, outcome_wanted, the name of a fact, or + for a new one */
  field: string;
  text: string;
  /** names of facts that are there already */
  known: readonly string[];
}

/** LineEditor puts one line of the brief right in its place: Enter saves, Escape leaves it as it was. */
export default function LineEditor({ id, field, text, known }: LineProps) {
  const worded = words.use();
  const value = useSignal(text);
  const which = useSignal(field);
  const error = useSignal("");
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = form.current?.querySelector<HTMLInputElement>("select, textarea, input");
    first?.focus();
    if (first && "select" in first) first.select();
  }, [worded]);
  if (!worded) return null;

  const left = FACTS.filter((f) => !known.includes(f));
  if (which.value === "+") which.value = left[0] ?? "contact";
  const leave = () => {
    stopEditing();
    focusEdit(field);
  };
  const save = async (to: string) => {
    if (busy.value) return;
    const trimmed = to.trim();
    if (!trimmed && field === "matter") return void (error.value = w("say"));
    busy.value = true;
    error.value = "";
    try {
      await correct(id, which.value, trimmed);
      leave();
    } catch (e) {
      error.value = explain(e);
    }
    busy.value = false;
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key === "Escape") {
      e.preventDefault();
      e.stopPropagation();
      leave();
    } else if (e.key === "Enter" && !e.shiftKey && !e.isComposing && !(e.target instanceof HTMLButtonElement)) {
      e.preventDefault();
      void save(value.value);
    }
  };
  const label = field === "matter" ? w("matter") : named("fact", which.value);
  return (
    <form ref={form} class="edit-line" onKeyDown={keys} onSubmit={(e) => (e.preventDefault(), void save(value.value))}>
      {field === "+" && (
        <select class="select" aria-label={w("which")} value={which.value} onChange={(e) => (which.value = e.currentTarget.value)}>
          {left.map((f) => <option key={f} value={f}>{named("fact", f)}</option>)}
        </select>
      )}
      {field === "outcome_wanted" ? (
        <select class="select" aria-label={label} value={value.value} onChange={(e) => (value.value = e.currentTarget.value)}>
          <option value="">{w("not_known")}</option>
          {[...new Set([...REMEDIES, ...(text ? [text] : [])])].map((r) => <option key={r} value={r}>{named("remedy", r)}</option>)}
        </select>
      ) : field === "matter" ? (
        <textarea dir="auto" rows={3} maxLength={240} aria-label={label} aria-invalid={!!error.value} value={value.value} onInput={(e) => (value.value = e.currentTarget.value)} />
      ) : (
        <input dir="auto" maxLength={240} aria-label={label} aria-invalid={!!error.value} value={value.value} onInput={(e) => (value.value = e.currentTarget.value)} />
      )}
      {error.value && <p class="field-error" role="alert">{error.value}</p>}
      <div class="edit-acts">
        {field !== "matter" && field !== "+" && text && <button type="button" class="button ghost small edit-out" onClick={() => void save("")}>{w("take_out")}</button>}
        <button type="button" class="button small" onClick={leave}>{t("ui.cancel")}</button>
        <button type="submit" class="button primary small" disabled={busy.value}>{w("save")}</button>
      </div>
    </form>
  );
}
