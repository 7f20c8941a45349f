import { t } from "../i18n/index.ts";
import { now } from "../store/clock.ts";
import { letters, nudge, phase, retryAt } from "../store/link.ts";
import { Icon } from "../ui/icon.tsx";

/** LineState says that the line is down, when it is tried next, and that nothing written is lost. */
export function LineState() {
  const p = phase.value;
  const down = p === "waiting" || p === "refused" || (p === "connecting" && letters.value.length > 0);
  if (!down) return <div class="line-state" role="status" />;
  const seconds = Math.max(0, Math.ceil((retryAt.value - now.value) / 1000));
  return (
    <div class={`line-state line-down`} role="status">
      <Icon name="alert" />
      <span>{p === "refused" ? t("line.refused") : t("line.down")}</span>
      {p === "waiting" && (
        <>
          {seconds > 0 && <span class="line-when" aria-hidden="true">{t("line.again", { seconds })}</span>}
          <button type="button" class="button small" onClick={nudge}>
            {t("line.now")}
          </button>
        </>
      )}
      {p === "refused" && (
        <button type="button" class="button small" onClick={() => location.reload()}>
          {t("line.reload")}
        </button>
      )}
    </div>
  );
}
