/** @jsxImportSource ../dom */
import type { Child } from "../dom/jsx-runtime.ts";
import type { View } from "../view.tsx";

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
          {words.say("failed")}
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
