import { t } from "../i18n/index.ts";
import { dismiss, toasts } from "../store/toasts.ts";
import { Icon } from "./icon.tsx";

/** Toasts is the status region: short words that go by themselves. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((x) => (
        <div key={x.key} class={`toast toast-${x.tone}`}>
          {x.tone !== "info" && <Icon name="alert" />}
          <span>{x.text}</span>
          <button type="button" class="button ghost square" aria-label={t("ui.dismiss")} onClick={() => dismiss(x.key)}>
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  );
}
