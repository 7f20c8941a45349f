/** @jsxImportSource ../dom */
import type { Chat } from "../chat.ts";
import type { Child } from "../dom/jsx-runtime.ts";
import type { View } from "../view.tsx";
import { face } from "./faces.tsx";
import { transcript } from "./more.tsx";

/** What the company asks beside the rating, in the words of the conversation's language. */
interface Question {
  id: string;
  kind: "scale" | "choice" | "text";
  text: string;
  choices?: { id: string; text: string }[];
}

const asked = new WeakMap<Chat, Map<string, Question[]>>();

/** The questions of this conversation's survey: asked for once, and none until they have come. */
function questions({ chat, changed }: View): Question[] {
  const { conversation } = chat.pass;
  const known = asked.get(chat) ?? new Map<string, Question[]>();
  asked.set(chat, known);
  if (!known.has(conversation)) {
    known.set(conversation, []);
    chat
      .fetch("/survey?conversation=" + encodeURIComponent(conversation))
      .then(async (answer) => {
        known.set(conversation, answer.ok ? ((await answer.json()).questions ?? []) : []);
        changed();
      })
      .catch(() => known.delete(conversation));
  }
  return known.get(conversation)!;
}

/** After the end: how it was, what the company wants to know, and a new beginning. */
export function Ended(view: View): Child {
  const { chat, words, ui, changed } = view;
  const ask = !chat.rated;
  const more = ask ? questions(view) : [];
  const choose = (rating: number) => {
    ui.rating = rating;
    changed();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const answers = Object.fromEntries(more.map(({ id }) => [id, field("q-" + id).replace(/\s+/g, " ")]).filter(([, value]) => value));
    const text = field("comment");
    chat.rated = await chat.request("rate", { rating: ui.rating, ...(text && { text }), ...(Object.keys(answers).length && { answers }) });
    ui.error = chat.rated ? "" : "failed";
    changed();
  };
  const chosen = ask && ui.rating > 0;
  return (
    <form key="ended" class="card ended" onSubmit={send}>
      {ask ? (
        <fieldset>
          <legend dir="auto">{chat.question || words.say("rate")}</legend>
          <div class="faces">
            {([1, 2, 3, 4, 5] as const).map((value) => (
              <label title={words.say(`r${value}`)}>
                <input type="radio" name="rating" checked={ui.rating === value} aria-label={words.say(`r${value}`)} onChange={() => choose(value)} />
                {face(value)}
              </label>
            ))}
          </div>
        </fieldset>
      ) : (
        <p role="status">{words.say("thanks")}</p>
      )}
      {chosen && more.map((question) => entry(question, words.say("r1"), words.say("r5")))}
      {chosen && <textarea name="comment" rows="2" dir="auto" maxlength="4000" aria-label={words.say("comment")} placeholder={words.say("comment")} />}
      {ui.error === "failed" && (
        <p class="error" role="alert">
          {words.say("failed")}
        </p>
      )}
      {chosen && (
        <button type="submit" class="strong">
          {words.say("send")}
        </button>
      )}
      <button type="button" class="plain" onClick={() => transcript(view)}>
        {words.say("transcript")}
      </button>
      <button type="button" class={chosen ? "quiet" : "strong"} data-focus onClick={() => chat.startNew()}>
        {words.say("new")}
      </button>
    </form>
  );
}

/** One question: five steps, some choices, or words. None must be answered. */
function entry({ id, kind, text, choices = [] }: Question, worst: string, best: string): Child {
  const name = "q-" + id;
  if (kind === "text") {
    return (
      <label key={name} dir="auto">
        {text}
        <textarea name={name} rows="2" dir="auto" maxlength="200" />
      </label>
    );
  }
  const options = kind === "scale" ? [1, 2, 3, 4, 5].map((n) => ({ id: String(n), text: String(n) })) : choices;
  return (
    <fieldset key={name} class={kind}>
      <legend dir="auto">{text}</legend>
      <div class="options">
        {options.map((option) => (
          <label dir="auto">
            <input type="radio" name={name} value={option.id} />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
      {kind === "scale" && (
        <p class="ends hint low" aria-hidden="true">
          <span>{worst}</span>
          <span>{best}</span>
        </p>
      )}
    </fieldset>
  );
}
