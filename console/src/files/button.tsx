import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { aria } from "../desk/shortcuts.ts";
import type { SendLimits } from "../wire/records.ts";
import { Icon } from "../ui/icon.tsx";
import { Shortcut } from "../ui/shortcut.tsx";
import { stage } from "./sender.ts";
import { words } from "./words.ts";
import "./sheet.ts";

const { w } = words;

/** AttachButton chooses files for the visitor: by the button, by dropping them on the chat, or by pasting a picture. */
export default function AttachButton({ id, limits }: { id: string; limits: SendLimits }) {
  const known = words.use();
  const button = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  useEffect(() => {
    const pane = button.current?.closest<HTMLElement>(".pane-chat");
    if (!pane) return;
    return takeFrom(pane, (files) => stage(id, files, limits), (on) => (over.value = on));
  }, [id, limits, known]);
  if (!known) return null;
  return (
    <>
      <button ref={button} type="button" class="button ghost small" title={w("kinds")} aria-keyshortcuts={aria("attach")} onClick={() => input.current?.click()}>
        <Icon name="clip" size={14} /> <span class="foot-text">{w("attach")}</span> <Shortcut of="attach" />
      </button>
      <input ref={input} id="composer-file" type="file" multiple hidden aria-label={w("attach")} accept={(limits.file_types ?? []).join(",")}
        onChange={(e) => {
          stage(id, e.currentTarget.files ?? [], limits);
          e.currentTarget.value = ""; // the same file may be chosen once more
          document.getElementById("composer-text")?.focus();
        }} />
      {over.value && <div class="drop-here" aria-hidden="true"><Icon name="clip" size={22} /> {w("drop")}</div>}
    </>
  );
}

/** takeFrom follows what is dropped on and pasted into the chat; it gives the way to stop. */
function takeFrom(pane: HTMLElement, take: (files: FileList) => void, hover: (on: boolean) => void): () => void {
  const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes("Files") === true;
  const drag = (e: DragEvent) => {
    if (!hasFiles(e)) return;
    e.preventDefault();
    hover(true);
  };
  const out = (e: DragEvent) => {
    if (!pane.contains(e.relatedTarget as Node | null)) hover(false);
  };
  const dropped = (e: DragEvent) => {
    if (!hasFiles(e) || !e.dataTransfer) return;
    e.preventDefault();
    hover(false);
    take(e.dataTransfer.files);
    document.getElementById("composer-text")?.focus();
  };
  // A paste of words with a picture of them (from an office program) is a paste of words.
  const pasted = (e: ClipboardEvent) => {
    const data = e.clipboardData;
    if (!data || data.files.length === 0 || data.types.includes("text/plain")) return;
    e.preventDefault();
    take(data.files);
  };
  pane.addEventListener("dragover", drag);
  pane.addEventListener("dragleave", out);
  pane.addEventListener("drop", dropped);
  pane.addEventListener("paste", pasted);
  // Beside the chat a dropped file would take the browser away from the console.
  const missed = (e: DragEvent) => hasFiles(e) && e.preventDefault();
  document.addEventListener("dragover", missed);
  document.addEventListener("drop", missed);
  return () => {
    document.removeEventListener("dragover", missed);
    document.removeEventListener("drop", missed);
    pane.removeEventListener("dragover", drag);
    pane.removeEventListener("dragleave", out);
    pane.removeEventListener("drop", dropped);
    pane.removeEventListener("paste", pasted);
  };
}
