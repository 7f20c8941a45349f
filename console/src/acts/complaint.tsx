import { useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { complain } from "../store/acts.ts";
import { hide } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import "./sheet.ts";
import { acts } from "./words.ts";

/** ComplaintDialog registers a formal complaint, which cannot be taken back: it gets a number and a date. */
export default function ComplaintDialog({ id }: { id: string }) {
  const known = acts.use();
  const busy = useSignal(false);
  const register = async () => {
    busy.value = true;
    if (await complain(id)) hide();
    busy.value = false;
  };
  if (!known) return null;
  return (
    <Dialog title={acts.w("complaint.title")} onClose={hide}>
      <div class="form">
        <p>{acts.w("complaint.what")}</p>
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="button" class="button primary" data-autofocus disabled={busy.value} onClick={() => void register()}>{acts.w("complaint.submit")}</button>
        </div>
      </div>
    </Dialog>
  );
}
