import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { enter } from "../store/acts.ts";
import { board } from "../store/board.ts";
import { Icon } from "../ui/icon.tsx";

/** snippetFor gives the one line that a page needs. */
export function snippetFor(site: string, host: string): string {
  return `<script async src="${host}/w/loader.js" data-site="${site}"></script>`;
}

/**
 * Installed shows the snippet and waits for the first conversation: whoever writes to the widget and asks
 * for a person shows up here.
 */
export function Installed({ site, onDone }: { site: string; onDone(): void }) {
  const copied = useSignal(false);
  const arrived = board.value.size > 0;
  const snippet = snippetFor(site, location.origin);
  useEffect(() => {
    // The set-up signed us in: the board now tells of the test message.
    void enter().catch(() => undefined);
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(snippet);
      copied.value = true;
    } catch {
      const range = document.createRange();
      const code = document.getElementById("snippet");
      if (code) range.selectNodeContents(code);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  };
  return (
    <div class="form">
      <p>{t("setup.snippet")}</p>
      <div class="snippet">
        <code id="snippet" tabIndex={0}>{snippet}</code>
        <button type="button" class="button" onClick={copy}>
          <Icon name={copied.value ? "check" : "copy"} />
          {copied.value ? t("setup.copied") : t("setup.copy")}
        </button>
      </div>
      <p>{t("setup.csp")}</p>
      <code class="snippet-line">
        script-src {location.origin}; connect-src {location.origin} {location.origin.replace(/^http/, "ws")}
      </code>
      <p class={arrived ? "test-wait test-done" : "test-wait"} role="status">
        <Icon name={arrived ? "check" : "clock"} />
        {arrived ? t("setup.test_arrived") : t("setup.test_wait")}
      </p>
      <button type="button" class="button primary large" onClick={onDone}>
        {t("setup.done")}
      </button>
    </div>
  );
}
