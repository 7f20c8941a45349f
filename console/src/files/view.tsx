import { useSignal } from "@preact/signals";
import { show } from "../store/view.ts";
import type { SentFile } from "../chat/rows.ts";
import { Icon } from "../ui/icon.tsx";
import { size } from "./size.ts";
import { words } from "./words.ts";
import "./sheet.ts";

const { w } = words;

/** addressOf is where a file lies: our own route, which gives it to whoever may see the conversation. */
export const addressOf = (conversation: string, file: string) => `/api/v1/conversations/${encodeURIComponent(conversation)}/files/${encodeURIComponent(file)}`;

const WIDEST = 280;
const HIGHEST = 220;

/** FileView shows a file in the transcript: a picture small, which opens large, and anything else as a named link. */
export default function FileView({ conversation, file }: { conversation: string; file: SentFile }) {
  const known = words.use();
  const gone = useSignal(false);
  if (!known) return null;
  const href = addressOf(conversation, file.id);
  if (!file.type.startsWith("image/") || gone.value) {
    return (
      <a class="file-doc" href={href} download={file.name}>
        <Icon name="doc" size={22} />
        <span>
          <b dir="auto">{file.name}</b>
          <small>{gone.value ? w("gone") : [file.type === "application/pdf" ? "PDF" : "", size(file.size)].filter(Boolean).join(" · ")}</small>
        </span>
        <Icon name="download" size={15} />
        <span class="sr-only">{w("download")}</span>
      </a>
    );
  }
  // The place is kept while the picture comes, so that nothing jumps.
  const scale = Math.min(1, WIDEST / (file.width || WIDEST), HIGHEST / (file.height || HIGHEST));
  const width = Math.max(48, Math.round((file.width || WIDEST) * scale));
  return (
    <figure class="file-picture">
      <button type="button" aria-label={w("open", { name: file.name })} onClick={() => show({ kind: "picture", id: conversation, file: file.id })}>
        <img src={href} alt="" loading="lazy" decoding="async" width={file.width} height={file.height} style={{ width: `${width}px`, aspectRatio: `${file.width || 4} / ${file.height || 3}` }} onError={() => (gone.value = true)} />
      </button>
      <figcaption>
        <span dir="auto">{file.name}</span> <span>{size(file.size)}</span>
      </figcaption>
    </figure>
  );
}
