/** @jsxImportSource ../dom */
// What a message has beside words: files, offers, promises.
import type { Chat } from "../chat.ts";
import type { Child } from "../dom/jsx-runtime.ts";
import type { Data } from "../frames.ts";
import { newId } from "../store.ts";
import type { Item } from "../timeline.ts";
import type { UI, View } from "../view.tsx";

const widest = 240; // pixels of a thumbnail

/** The inside of a message's bubble, or undefined where words are enough. */
export function More(view: View, item: Item): Child {
  const more = item.more!;
  if (more.kind === "file") return file(view, more);
  if (more.kind === "offer") return offer(view, more);
  if (more.kind === "promise") return promise(view, more);
  return undefined;
}

/** A picture is drawn on a canvas: a page's policy may forbid pictures from elsewhere, and does not concern drawing. */
function file({ chat, words, ui, changed }: View, more: Data): Child {
  const get = async () => {
    const answer = await chat.fetch(`/files/${more.file}?conversation=${more.conversation}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.blob();
  };
  const draw = async (canvas: HTMLCanvasElement) => {
    if (canvas.dataset.of === more.file) return;
    canvas.dataset.of = more.file;
    try {
      const picture = await createImageBitmap(await get());
      const scale = Math.min(1, widest / Math.max(picture.width, picture.height));
      canvas.width = picture.width * scale;
      canvas.height = picture.height * scale;
      canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
    } catch {
      delete canvas.dataset.of; // the name below still leads to it
    }
  };
  const open = async () => {
    try {
      save(await get(), more.file_name!);
    } catch {
      ui.file = "badFile";
      changed();
    }
  };
  const size = new Intl.NumberFormat(words.locale, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(Math.max(1, more.size! / 1000));
  return (
    <button type="button" class="file" onClick={open}>
      {more.type!.startsWith("image/") && <canvas ref={draw} width="120" height="90" aria-hidden="true" />}
      <bdi>{more.file_name}</bdi> <small>{size}</small>
    </button>
  );
}

function offer({ chat, words, changed }: View, more: Data): Child {
  const answer = async (accept: boolean) => {
    await chat.request("answer_offer", { offer: more.id, accept });
    changed();
  };
  const worth =
    more.worth && more.currency
      ? new Intl.NumberFormat(words.locale, { style: "currency", currency: more.currency }).format(more.worth / 10 ** digits(more.currency))
      : "";
  return (
    <div class="offer">
      <p dir="auto">{more.text}</p>
      {worth && <strong>{worth}</strong>}
      {more.state === "offered" ? (
        <div class="actions">
          <button type="button" class="quiet" onClick={() => answer(false)}>
            {words.say("decline")}
          </button>
          <button type="button" class="strong" onClick={() => answer(true)}>
            {words.say("accept")}
          </button>
        </div>
      ) : (
        <p class="hint">{words.say(more.state === "accepted" ? "accepted" : "declined")}</p>
      )}
    </div>
  );
}

/** How many digits a currency's minor unit has: 2 for most, none for the yen. */
const digits = (currency: string) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

function promise({ words }: View, more: Data): Child {
  const due = Date.parse(more.due_at ?? "");
  const mark = more.state === "kept" ? "✓ " : "";
  return (
    <div class="offer">
      <p dir="auto">{more.text}</p>
      {due > 0 && (
        <p class="hint">
          {mark}
          <time datetime={more.due_at}>{`${words.day(due)}, ${words.time(due)}`}</time>
        </p>
      )}
    </div>
  );
}

/** Gives the visitor a file to keep. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The button that lets the visitor choose a file, and sends it. */
export function Attach({ chat, words, ui, changed }: View): Child {
  const choose = () => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = chat.fileTypes.join();
    input.onchange = () => {
      const [chosen] = input.files!;
      if (chosen) void send(chat, ui, changed, chosen);
    };
    input.click();
  };
  return (
    <button type="button" class="icon attach" aria-label={words.say("attach")} title={words.say("attach")} onClick={choose}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l7.9-7.9a3 3 0 0 1 4.3 4.3l-7.6 7.6a1.5 1.5 0 0 1-2.1-2.1l6.6-6.6" />
      </svg>
    </button>
  );
}

/** What becomes of the file that is being sent. */
export function FileStatus({ chat, words, ui }: View): Child {
  if (ui.file === "badFile") return <p class="notice warn">{words.say(ui.file, chat.fileLimit >> 20)}</p>;
  return ui.file && <p class="notice">{words.say(ui.file)}</p>;
}

/** Sends a file once, however often the network breaks. */
async function send(chat: Chat, ui: UI, changed: () => void, file: File): Promise<void> {
  ui.file = "sending";
  changed();
  const path = `/files?id=${newId()}&name=${encodeURIComponent(file.name.slice(-200))}`;
  let taken = false;
  for (let tries = 0; tries < 3 && file.size <= chat.fileLimit; tries++) {
    const answer = await chat.fetch(path, { method: "POST", body: file }).catch(() => undefined);
    taken = answer?.ok ?? false;
    if (answer && answer.status < 500) break;
    await new Promise((done) => setTimeout(done, 1000 << tries));
  }
  ui.file = taken ? "" : "badFile";
  changed();
  if (taken) return;
  await new Promise((done) => setTimeout(done, 8000));
  ui.file = "";
  changed();
}

/** The whole conversation as text. */
export function transcript({ chat, words }: View): void {
  const lines = chat.timeline.all(chat.outbox.pending()).map((item) => {
    const who = item.role === "visitor" ? words.say("you") : item.role === "bot" ? words.say("bot") : item.name || chat.agent;
    const said = item.line ? `— ${words.say(item.line, item.name)}` : item.role === "system" ? item.text : `${who}: ${item.text}`;
    return `[${new Date(item.at).toLocaleString(words.locale)}] ${said}`;
  });
  save(new Blob([`${chat.site}\n\n${lines.join("\n")}\n`], { type: "text/plain" }), "chat.txt");
}
