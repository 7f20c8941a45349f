import { t } from "../i18n/index.ts";
import { waiting } from "../store/board.ts";
import { picked, pickedNow, show } from "../store/view.ts";
import { Icon } from "../ui/icon.tsx";

/** BulkBar stands in place of the accept bar while a supervisor has picked chats out of the queue. */
export function BulkBar() {
  const many = pickedNow.value.length;
  const all = waiting.value.length;
  return (
    <div class="bulk-bar" role="group" aria-label={t("bulk.picked", { count: many })}>
      <strong role="status">{t("bulk.picked", { count: many })}</strong>
      {many < all && (
        <button type="button" class="button ghost small" onClick={() => (picked.value = new Set(waiting.value.map((i) => i.conversation)))}>
          {t("bulk.all", { count: all })}
        </button>
      )}
      <button type="button" class="button ghost square small bulk-none" aria-label={t("bulk.none")} title={t("bulk.none")} onClick={() => (picked.value = new Set())}>
        <Icon name="close" size={13} />
      </button>
      <span class="bulk-acts">
        <button type="button" class="button small" onClick={() => show({ kind: "bulk", act: "assign" })}>{t("bulk.assign")}</button>
        <button type="button" class="button small" onClick={() => show({ kind: "bulk", act: "transfer" })}>{t("bulk.transfer")}</button>
        <button type="button" class="button small" onClick={() => show({ kind: "bulk", act: "close" })}>{t("bulk.close")}</button>
      </span>
    </div>
  );
}
