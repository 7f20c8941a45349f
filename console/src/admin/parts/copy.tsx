import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { parts } from "./words.ts";

/** CopyBox shows a text that is to be put elsewhere, and a button that copies it; where that is not allowed, it selects it. */
export function CopyBox({ text, label }: { text: string; label: string }) {
  const copied = useSignal(false);
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
    } catch {
      const range = document.createRange();
      const code = document.getElementById(id);
      if (code) range.selectNodeContents(code);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  };
  return (
    <div class="adm-copy">
      <p class="adm-copy-label">{label}</p>
      <code id={id} tabIndex={0} dir="ltr">
        {text}
      </code>
      <button type="button" class="button small" onClick={() => void copy()}>
        <Icon name={copied.value ? "check" : "copy"} />
        {copied.value ? parts.w("copied") : parts.w("copy")}
        <span class="sr-only">: {label}</span>
      </button>
    </div>
  );
}
