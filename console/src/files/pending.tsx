import { useEffect, useRef } from "preact/hooks";
import { uploads, type Upload } from "../store/uploads.ts";
import type { SendLimits } from "../wire/records.ts";
import { Icon } from "../ui/icon.tsx";
import { again, drop, tooMany } from "./sender.ts";
import { size } from "./size.ts";
import { words } from "./words.ts";
import "./sheet.ts";

const { w, or } = words;

/** Pending lists the files of a message that is being written or is on its way: how far each got, and what went wrong. */
export default function Pending({ id, limits }: { id: string; limits: SendLimits }) {
  if (!words.use()) return null;
  const all = uploads.value.filter((u) => u.conversation === id);
  if (all.length === 0) return null;
  return (
    <>
      <ul class="pending" aria-label={w("pending")}>
        {all.map((u) => (
          <Item key={u.id} upload={u} limits={limits} />
        ))}
      </ul>
      {tooMany.value === id && <p class="pending-note" role="alert">{w("too_many")}</p>}
    </>
  );
}

function Item({ upload: u, limits }: { upload: Upload; limits: SendLimits }) {
  const percent = Math.round(u.done * 100);
  const wrong = u.state === "failed" || u.state === "refused";
  const why = or(`why.${u.why}`, w("why.other")).replace("{most}", size(limits.file ?? 0));
  return (
    <li class={`pending-file pending-${u.state}`}>
      <Preview file={u.file} />
      <span class="pending-what">
        <b dir="auto" title={u.name}>{u.name}</b>
        {wrong ? (
          <span class="pending-why" role="alert">{why}</span>
        ) : u.state === "sending" ? (
          <>
            <progress max={1} value={u.done} aria-label={w("progress", { name: u.name })} />
            <span class="quiet">{u.done >= 1 ? w("checked") : `${percent} %`}</span>
          </>
        ) : (
          <span class="quiet">{size(u.file.size)} · {w("staged")}</span>
        )}
      </span>
      {u.state === "failed" && <button type="button" class="button small" onClick={() => again(u.id)}>{w("again")}</button>}
      <button type="button" class="button ghost square pending-drop" aria-label={w("remove", { name: u.name })} title={w("remove", { name: u.name })} onClick={() => drop(u.id)}>
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}

const EDGE = 72;

/** Preview draws a small picture of the file on a canvas: the page's policy allows no address for it, and needs none. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    let gone = false;
    void createImageBitmap(file).then(
      (b) => {
        const c = canvas.current;
        if (c && !gone) {
          const scale = Math.max(EDGE / b.width, EDGE / b.height);
          c.getContext("2d")?.drawImage(b, (EDGE - b.width * scale) / 2, (EDGE - b.height * scale) / 2, b.width * scale, b.height * scale);
        }
        b.close();
      },
      () => undefined, // no picture after all: the server will say so
    );
    return () => {
      gone = true;
    };
  }, [file]);
  return file.type.startsWith("image/") ? <canvas ref={canvas} class="pending-picture" width={EDGE} height={EDGE} aria-hidden="true" /> : <span class="pending-picture"><Icon name="doc" size={20} /></span>;
}
