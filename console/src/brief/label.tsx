import { useSignal } from "@preact/signals";
import { labelOf } from "../chat/rows.ts";
import { t, type Key } from "../i18n/index.ts";
import { setLabel } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import type { Label } from "../wire/frames.ts";

export const LABELS: readonly [Label, Key][] = [
  ["right_time", "label.right_time"],
  ["too_late", "label.too_late"],
  ["not_needed", "label.not_needed"],
];

/** LabelBar asks at pick-up, over the composer, until it is answered; the side pane keeps the answer. */
export function LabelBar({ id }: { id: string }) {
  const events = chat(id).events.value;
  if (!events.some((e) => e.kind === "handoff_requested") || labelOf(events)) return null;
  return (
    <div class="label-bar" role="group" aria-label={t("label.title")}>
      <span>{t("label.title")}</span>
      {LABELS.map(([label, key]) => (
        <button key={label} type="button" class="button small" onClick={() => void setLabel(id, label)}>
          {t(key)}
        </button>
      ))}
    </div>
  );
}

/** LabelTap asks in one tap whether the bot handed over at the right time: the policy learns from it. */
export function LabelTap({ id, mine }: { id: string; mine: boolean }) {
  const events = chat(id).events.value;
  const busy = useSignal<Label | "">("");
  if (!events.some((e) => e.kind === "handoff_requested")) return null;
  const chosen = busy.value || labelOf(events);
  if (mine && !chosen) return null; // the bar over the composer asks
  const tap = async (label: Label) => {
    busy.value = label;
    await setLabel(id, label);
    setTimeout(() => (busy.value = ""), 1500);
  };
  return (
    <section class="card label-card">
      <h2 id="label-title">{t("label.title")}</h2>
      <div class="segmented" role="group" aria-labelledby="label-title">
        {LABELS.map(([label, key]) => (
          <button key={label} type="button" aria-pressed={chosen === label} onClick={() => void tap(label)}>
            {t(key)}
          </button>
        ))}
      </div>
    </section>
  );
}
