import { toast } from "../../store/toasts.ts";
import type { Rules } from "../../wire/admin.ts";
import { Card, Num, numberError, parts, SaveBar, Text, useForm } from "../parts/index.ts";
import { shortSpan, spanError } from "./level.tsx";
import type { Change } from "./page.tsx";
import { w } from "./words.ts";

/** Limits sets what holds for all skills and levels. */
export function Limits({ rules, change }: { rules: Rules; change: Change }) {
  const form = useForm(() => ({ handovers: rules.handovers, warn: Math.round(rules.warn_share * 100), offer_after: shortSpan(rules.offer_after), grace: shortSpan(rules.grace) }));
  const submit = async () => {
    const saved = await form.submit(
      (d) => change((r) => ({ ...r, handovers: d.handovers, warn_share: d.warn / 100, offer_after: d.offer_after.trim() || "0s", grace: d.grace.trim() || "0s" })),
      (d) => ({ handovers: numberError(d.handovers, 0, 100), warn: numberError(d.warn, 0, 99), offer_after: spanError(d.offer_after), grace: spanError(d.grace) }),
    );
    if (saved) toast(parts.w("saved"));
  };
  return (
    <Card title={w("limits")}>
      <form
        class="form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        <div class="adm-two">
          <Num form={form} name="handovers" label={w("handovers")} hint={w("handovers_hint")} min={0} max={100} />
          <Num form={form} name="warn" label={w("warn")} min={0} max={99} unit="%" />
          <Text form={form} name="offer_after" label={w("offer_after")} hint={w("clock_hint")} code />
          <Text form={form} name="grace" label={w("grace")} hint={w("clock_hint")} code />
        </div>
        <SaveBar form={form} save={() => void submit()} />
      </form>
    </Card>
  );
}
