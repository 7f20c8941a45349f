import { useComputed } from "@preact/signals";
import { duration } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { now } from "../store/clock.ts";
import { Icon } from "./icon.tsx";

/** Since shows how long ago something began, ticking; only its text changes, nothing renders again. */
export function Since({ at, label }: { at: string | number; label?: string }) {
  const from = typeof at === "number" ? at : Date.parse(at);
  const text = useComputed(() => duration(Math.max(0, now.value - from)));
  return (
    <span class="ticker" title={label}>
      {text}
    </span>
  );
}

/** Due counts down to a time, and below zero after it: then it is late, in red and with a sign. */
export function Due({ at, what = "answer" }: { at: string; what?: "answer" | "promise" }) {
  const until = Date.parse(at);
  const late = useComputed(() => now.value >= until);
  const soon = useComputed(() => !late.value && until - now.value < 60_000);
  const text = useComputed(() => duration(until - now.value));
  const cls = late.value ? "due due-late" : soon.value ? "due due-soon" : "due";
  return (
    <span class={cls} title={t(what === "promise" ? (late.value ? "promise.late" : "promise.due") : late.value ? "queue.due_late" : "queue.due")}>
      <Icon name={late.value ? "alert" : "clock"} size={12} />
      <span class="ticker">{text}</span>
    </span>
  );
}
