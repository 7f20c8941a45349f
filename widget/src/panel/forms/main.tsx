/** @jsxImportSource ../dom */
// What few visitors need: fetched apart, after the panel stands.
import type { Child } from "../dom/jsx-runtime.ts";
import { face } from "./faces.tsx";
import { transcript } from "./more.tsx";
import type { View } from "../view.tsx";
import css from "./forms.css?inline";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export { css };
export { Attach, FileStatus, More } from "./more.tsx";
export { linked } from "./text.tsx";

/** Leave a message, or ask to be called, instead of waiting. */
export function LeaveMessage({ chat, words, ui, changed, show }: View): Child {
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const left = Object.fromEntries(["text", "email", "phone", "callback"].map((name) => [name, field(name)]).filter(([, value]) => value));
    if (left.email || left.phone) {
      const stored = await chat.request("leave_message", { ...left, zone });
      if (stored) return show("");
      ui.error = "failed";
    } else {
      ui.error = "contact";
      form.querySelector("input")!.focus();
    }
    changed();
  };
  const describe = ui.error && "leave-error";
  const calls = ({ currentTarget }: Event) => {
    const phone = (currentTarget as HTMLInputElement).value !== "";
    if (phone && !ui.phone) chat.request("slots", { zone });
    ui.phone = phone;
    changed();
  };
  const input = (props: object) => <input dir="ltr" aria-describedby={describe || undefined} {...props} />;
  return (
    <form key="leave" class="card" onSubmit={submit} novalidate aria-labelledby="card">
      <h2 id="card">{words.say("leave")}</h2>
      <p class="hint">{words.say("leaveHint")}</p>
      <label>
        {words.say("message")}
        <textarea name="text" rows="2" dir="auto" maxlength="4000" data-focus />
      </label>
      <label>
        {words.say("email")}
        {input({ name: "email", type: "email", autocomplete: "email", maxlength: 254 })}
      </label>
      <label>
        {words.say("phone")}
        {input({ name: "phone", type: "tel", autocomplete: "tel", maxlength: 40, onInput: calls })}
      </label>
      {ui.phone && chat.slots.length > 0 && (
        <label>
          {words.say("call")}
          <select name="callback">
            <option value="">–</option>
            {chat.slots.map(({ from, until }) => (
              <option value={from}>{words.slot(from, until)}</option>
            ))}
          </select>
        </label>
      )}
      {ui.error && (
        <p class="error" id="leave-error" role="alert">
          {words.say(ui.error)}
        </p>
      )}
      <div class="actions">
        <button type="button" class="quiet" onClick={() => show("")}>
          {words.say("cancel")}
        </button>
        <button type="submit" class="strong">
          {words.say("send")}
        </button>
      </div>
    </form>
  );
}

/** What the site wants to know before the first message, and does not know yet. */
export function Introduce({ chat, words, ui, changed }: View): Child {
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (!form.reportValidity()) return;
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    if (await chat.request("introduce", given)) chat.ask = [];
    else ui.error = "failed";
    changed();
  };
  const input = { name: { type: "text", autocomplete: "name", maxlength: 100, dir: "auto" }, email: { type: "email", autocomplete: "email", maxlength: 254, dir: "ltr" } };
  return (
    <form key="introduce" class="card" onSubmit={submit} aria-labelledby="card">
      <h2 id="card">{words.say("intro")}</h2>
      {chat.ask.map((name, i) => (
        <label>
          {words.say(name as "name")}
          <input name={name} required {...input[name as "name"]} data-focus={i === 0} />
        </label>
      ))}
      {ui.error && (
        <p class="error" role="alert">
          {words.say(ui.error)}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="strong">
          {words.say("send")}
        </button>
      </div>
    </form>
  );
}

/** "End this chat?", asked before it is done. */
export function EndChat({ chat, words, show }: View): Child {
  const end = () => {
    chat.end();
    show("");
  };
  return (
    <div key="end" class="card" role="group" aria-labelledby="card">
      <h2 id="card">{words.say("sure")}</h2>
      <div class="actions">
        <button type="button" class="quiet" onClick={() => show("")}>
          {words.say("cancel")}
        </button>
        <button type="button" class="strong" data-focus onClick={end}>
          {words.say("end")}
        </button>
      </div>
    </div>
  );
}

/** After the end: how it was, and a new beginning. */
export function Ended(view: View): Child {
  const { chat, words, ui, changed } = view;
  const ask = !chat.rated;
  const choose = (rating: number) => {
    ui.rating = rating;
    changed();
  };
  const send = (event: Event) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget as HTMLFormElement).get("comment");
    chat.rate(ui.rating, String(said ?? "").trim());
  };
  return (
    <form key="ended" class="card ended" onSubmit={send}>
      {ask ? (
        <fieldset>
          <legend>{words.say("rate")}</legend>
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
      {ask && ui.rating > 0 && <textarea name="comment" rows="2" dir="auto" maxlength="4000" aria-label={words.say("comment")} placeholder={words.say("comment")} />}
      {ask && ui.rating > 0 && (
        <button type="submit" class="strong">
          {words.say("send")}
        </button>
      )}
      <button type="button" class="plain" onClick={() => transcript(view)}>
        {words.say("transcript")}
      </button>
      <button type="button" class={ui.rating && ask ? "quiet" : "strong"} data-focus onClick={() => chat.startNew()}>
        {words.say("new")}
      </button>
    </form>
  );
}
