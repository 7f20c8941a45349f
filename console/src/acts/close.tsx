import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { LABELS } from "../brief/label.tsx";
import { labelOf } from "../chat/rows.ts";
import { t, type Key } from "../i18n/index.ts";
import { closeChat, type CloseWith } from "../store/acts.ts";
import { causeName, causes, usualCauses } from "../store/board.ts";
import { chat } from "../store/chats.ts";
import { go } from "../store/route.ts";
import { hide, pane } from "../store/view.ts";
import type { Label } from "../wire/frames.ts";
import { rest } from "../wire/rest.ts";
import { acts } from "./words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";

const OUTCOMES: readonly [string, Key][] = [
  ["settled", "outcome.settled"],
  ["not_settled", "outcome.not_settled"],
  ["abandoned", "outcome.abandoned"],
  ["duplicate", "outcome.duplicate"],
];

/** CloseDialog ends a chat: what caused it, which product, how it ended. Arrows choose, Enter closes. */
export default function CloseDialog({ id }: { id: string }) {
  const worded = acts.use();
  const c = chat(id);
  const known = c.brief.value?.facts?.find((f) => f.name === "product")?.value ?? "";
  const cause = useSignal("");
  const product = useSignal(known);
  const outcome = useSignal("settled");
  const label = useSignal<string>(labelOf(c.events.value));
  const error = useSignal("");
  const busy = useSignal(false);
  const handed = c.events.value.some((e) => e.kind === "handoff_requested");

  const products = useSignal<readonly string[]>([]);
  useEffect(() => void rest.products().then((all) => (products.value = all.map((p) => p.name)), () => undefined), []);
  const list = causes.value.length > 0 ? causes.value : usualCauses;

  const submit = async (e: Event) => {
    e.preventDefault();
    if (!cause.value) {
      error.value = acts.w("close.choose_cause");
      document.querySelector<HTMLElement>("[name=cause]")?.focus();
      return;
    }
    busy.value = true;
    const how: CloseWith = { cause: cause.value, outcome: outcome.value };
    if (product.value.trim()) how.product = product.value.trim();
    if (label.value) how.label = label.value as Label;
    if (await closeChat(id, how)) {
      hide();
      pane.value = "list";
      go("#/queue");
    }
    busy.value = false;
  };
  if (!worded) return null;
  return (
    <Dialog title={acts.w("close.title")} onClose={hide} wide>
      <form class="form" onSubmit={submit}>
        <fieldset class="choices choices-two">
          <legend>{acts.w("close.cause")}</legend>
          {list.map((x, i) => (
            <Choice key={x.id} name="cause" value={x.id} text={causeName(x)} chosen={cause.value} first={i === 0} pick={(v) => ((cause.value = v), (error.value = ""))} />
          ))}
        </fieldset>
        <p class="form-error" role="alert">{error.value}</p>
        <Field id="close-product" label={acts.w("close.product")} value={product} suggest={products.value} />
        <fieldset class="choices choices-row">
          <legend>{acts.w("close.outcome")}</legend>
          {OUTCOMES.map(([v, key]) => (
            <Choice key={v} name="outcome" value={v} text={t(key)} chosen={outcome.value} pick={(x) => (outcome.value = x)} />
          ))}
        </fieldset>
        {handed && (
          <fieldset class="choices choices-row">
            <legend>{t("label.title")}</legend>
            {LABELS.map(([v, key]) => (
              <Choice key={v} name="label" value={v} text={t(key)} chosen={label.value} pick={(x) => (label.value = x)} />
            ))}
          </fieldset>
        )}
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={busy.value}>{acts.w("close.submit")}</button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  text: string;
  chosen: string;
  first?: boolean;
  pick(value: string): void;
}

/** Choice is one radio button that looks like a tile. */
export function Choice({ name, value, text, chosen, first = false, pick }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name={name} value={value} checked={chosen === value} data-autofocus={first || undefined} onChange={() => pick(value)} />
      <span>{text}</span>
    </label>
  );
}
