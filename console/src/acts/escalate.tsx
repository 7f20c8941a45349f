import { useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { escalate } from "../store/acts.ts";
import { board } from "../store/board.ts";
import { hide } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { acts } from "./words.ts";
import { LevelSelect } from "./transfer.tsx";

/** EscalateDialog raises a chat to a higher level, with the reason. */
export default function EscalateDialog({ id }: { id: string }) {
  const worded = acts.use();
  const now = board.value.get(id)?.level ?? 1;
  const level = useSignal(String(Math.min(4, now + 1)));
  const reason = useSignal("");
  const busy = useSignal(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    busy.value = true;
    if (await escalate(id, Number(level.value), reason.value.trim())) hide();
    busy.value = false;
  };
  if (!worded) return null;
  return (
    <Dialog title={acts.w("escalate.title")} onClose={hide}>
      <form class="form" onSubmit={submit}>
        <LevelSelect id="escalate-level" label={acts.w("transfer.level")} value={level.value} from={Math.min(4, now + 1)} pick={(v) => (level.value = v)} />
        <Field id="escalate-reason" label={acts.w("escalate.reason")} value={reason} required autofocus />
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={busy.value}>{t("chat.escalate")}</button>
        </div>
      </form>
    </Dialog>
  );
}
