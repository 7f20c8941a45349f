import { useEffect } from "preact/hooks";
import { fullTime } from "../i18n/format.ts";
import { rowsOf, type Said, type SentFile } from "../chat/rows.ts";
import { chat } from "../store/chats.ts";
import { hide, show } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { size } from "./size.ts";
import { addressOf } from "./view.tsx";
import { words } from "./words.ts";
import "./sheet.ts";

const { w } = words;

type Shown = Said & { file: SentFile };

/** PictureDialog shows a picture of a chat as large as fits; the arrows go on to the others of the chat. */
export default function PictureDialog({ id, file }: { id: string; file: string }) {
  const known = words.use();
  const all = rowsOf(chat(id).events.value, []).filter((r): r is Shown => r.row === "said" && r.file !== undefined && r.file.type.startsWith("image/"));
  const at = all.findIndex((r) => r.file.id === file);
  const step = (by: number) => {
    const to = all[at + by];
    if (to) show({ kind: "picture", id, file: to.file.id });
  };
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (by) step(document.documentElement.dir === "rtl" ? -by : by);
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  });
  const one = all[at];
  if (!known || !one) return null;
  const href = addressOf(id, one.file.id);
  return (
    <Dialog title={one.file.name} onClose={hide} wide>
      <div class="picture-large">
        <img src={href} alt={one.file.name} width={one.file.width} height={one.file.height} />
      </div>
      <div class="picture-foot">
        <span class="quiet">{[one.name, fullTime(one.at), one.file.width ? `${one.file.width} × ${one.file.height}` : "", size(one.file.size)].filter(Boolean).join(" · ")}</span>
        {all.length > 1 && (
          <span class="picture-steps">
            <button type="button" class="button square" aria-label={w("before")} title={w("before")} disabled={at === 0} onClick={() => step(-1)}><span class="flip"><Icon name="right" /></span></button>
            <span class="quiet">{at + 1} / {all.length}</span>
            <button type="button" class="button square" aria-label={w("after")} title={w("after")} disabled={at === all.length - 1} onClick={() => step(1)}><Icon name="right" /></button>
          </span>
        )}
        <a class="button" href={href} download={one.file.name} data-autofocus><Icon name="download" size={14} /> {w("download")}</a>
      </div>
    </Dialog>
  );
}
