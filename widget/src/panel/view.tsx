/** @jsxImportSource ./dom */
import type { Host } from "../api.ts";
import type { Chat } from "./chat.ts";
import { Composer } from "./composer.tsx";
import type { Child } from "./dom/jsx-runtime.ts";
import { closeIcon, moreIcon, peopleIcon, sparkIcon } from "./icons.tsx";
import type { Words } from "./locale.ts";
import { Messages } from "./messages.tsx";

/** The rarely needed part of the panel, a bundle of its own. */
export type Forms = typeof import("./forms/main.tsx");

/** What the panel is drawn from: the chat, and what the visitor is doing with the panel itself. */
export interface View {
  host: Host;
  chat: Chat;
  /** Undefined until it has come. */
  forms: Forms | undefined;
  words: Words;
  ui: UI;
  /** The panel fills the screen. */
  full: boolean;
  /** Something here changed: draw again. */
  changed: () => void;
  close: () => void;
  /** Puts a form in the composer's place, or takes it away. */
  show: (form: UI["form"]) => void;
}

export interface UI {
  form: "" | "menu" | "leave" | "call" | "mail" | "end";
  /** Scrolled away from the newest message. */
  away: boolean;
  /** Characters in the composer. */
  count: number;
  error: "" | "contact" | "number" | "words" | "failed" | "fact" | "codeBad" | "mailMany";
  /** What the error, or the choice to keep waiting, is about. */
  about: string;
  /** The address that a code was sent to. */
  mailed: string;
  rating: number;
  /** The composer has what was written before. */
  begun: boolean;
  /** What became of the file that is being sent. */
  file: "" | "sending" | "badFile";
}

/** The whole panel. */
export function Dialog(view: View): Child {
  const { host, chat, forms, words, ui, close, show } = view;
  const icon = (name: "more" | "close", drawing: Child, press: () => void) => (
    <button type="button" class="icon" aria-label={words.say(name)} title={words.say(name)} onClick={press}>
      {drawing}
    </button>
  );
  return (
    <div class="panel" role="dialog" aria-modal={view.full || undefined} aria-labelledby="title">
      <header>
        <span class={`face ${chat.owner}`} aria-hidden="true">
          {chat.owner === "agent" ? [...chat.agent][0] : chat.owner === "bot" ? sparkIcon : peopleIcon}
        </span>
        <div class="heading">
          <h1 id="title">
            <bdi>{chat.site || words.say("title")}</bdi>
          </h1>
          {answers(view)}
        </div>
        {icon("more", moreIcon, () => show(ui.form ? "" : "menu"))}
        {!host.storage && icon("close", closeIcon, close)}
      </header>
      {Messages(view)}
      <div class="status" role="status">
        {status(view)}
      </div>
      {chat.status === "online" && !ui.form && forms?.Beside(view)}
      {chat.status === "stopped" && (
        <button type="button" class="quiet instead" onClick={() => chat.again()}>
          {words.say("retry")}
        </button>
      )}
      {foot(view)}
    </div>
  );
}

/** Who answers, in the line under the site's name. */
function answers({ chat, words }: View): Child {
  if (chat.owner === "agent") {
    return (
      <p>
        <bdi>{chat.agent}</bdi>
      </p>
    );
  }
  if (chat.owner !== "bot") return undefined;
  return (
    <p>
      {words.say("bot")} <span class="tag">{words.say("ai")}</span>
    </p>
  );
}

function foot(view: View): Child {
  const { forms, ui, chat } = view;
  if (forms && ui.form) return forms.form(view, ui.form);
  if (forms && chat.owner === "closed") return forms.Ended(view);
  if (forms && chat.ask.length && chat.owner === "bot" && !chat.wrote) return forms.Introduce(view);
  return Composer(view);
}

/** What goes on beside the messages: the connection, the queue, who is typing. Read out apart from the log. */
function status(view: View): Child {
  const { chat, words, ui, forms } = view;
  if (chat.status === "stopped") return <p class="notice bad">{words.say("stopped")}</p>;
  if (chat.status === "offline") return <p class="notice warn">{words.say("offline")}</p>;
  if (chat.status === "connecting" && !chat.settled) return <p class="notice">{words.say("connecting")}</p>;
  if (ui.file) return forms?.FileStatus(view);
  if (chat.typing) {
    const { role, name } = chat.typing;
    return (
      <p class="typing">
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {words.say("typing", name || (role === "bot" ? words.say("bot") : chat.agent))}
      </p>
    );
  }
  return chat.owner === "queue" && forms?.Waiting(view);
}
