/** @jsxImportSource ../dom */
import type { Child } from "../dom/jsx-runtime.ts";
import type { View } from "../view.tsx";
import { transcript } from "./more.tsx";
import { ownWindow } from "./window.ts";

/** What can be done with the whole conversation. */
export function Menu(view: View): Child {
  const { host, chat, words, close, show } = view;
  const entry = (name: "window" | "transcript" | "mailIt" | "end", press: () => void, first = false) => (
    <button type="button" class="entry-button" data-focus={first} onClick={press}>
      {words.say(name)}
    </button>
  );
  const apart = () => {
    if (ownWindow(host, chat)) close();
    show("");
  };
  const saved = () => {
    transcript(view);
    show("");
  };
  return (
    <div key="menu" class="card menu" role="group" aria-label={words.say("more")}>
      {!host.storage && entry("window", apart, true)}
      {chat.wrote && entry("transcript", saved, !!host.storage)}
      {chat.wrote && chat.mails && entry("mailIt", () => show("mail"))}
      {chat.wrote && chat.status === "online" && chat.owner !== "closed" && entry("end", () => show("end"))}
      <button type="button" class="quiet" data-focus={!!host.storage && !chat.wrote} onClick={() => show("")}>
        {words.say("cancel")}
      </button>
    </div>
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

/** The conversation by e-mail: to the address that the site vouches for, or to one whose owner typed the code sent there. */
export function ByMail({ chat, words, ui, changed, show }: View): Child {
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (!form.reportValidity()) return;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const email = ui.mailed || field("email");
    const code = field("code");
    const body = JSON.stringify({ conversation: chat.pass.conversation, email, locale: words.locale, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...(code && { code }) });
    const answer = await chat.fetch("/transcript", { method: "POST", body, headers: { "content-type": "application/json" } }).catch(() => undefined);
    const { state = "" } = answer?.ok ? await answer.json() : {};
    ui.error = answer?.ok ? "" : answer?.status === 429 ? "mailMany" : answer?.status === 422 && code ? "codeBad" : "failed";
    ui.mailed = email;
    if (!answer?.ok && !code) ui.mailed = "";
    if (state === "sent") ui.about = "sent " + email;
    changed();
    await undefined; // drawn
    form.querySelector<HTMLElement>("[data-focus]")?.focus();
  };
  const sent = ui.mailed && ui.about === "sent " + ui.mailed;
  return (
    <form key="mail" class="card" onSubmit={submit} aria-labelledby="card">
      <h2 id="card">{words.say("mailIt")}</h2>
      {sent ? (
        <p role="status">{words.say("mailed", ui.mailed)}</p>
      ) : ui.mailed ? (
        <label key="code">
          {words.say("code", ui.mailed)}
          <input name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="12" dir="ltr" data-focus aria-describedby={ui.error ? "mail-error" : undefined} />
        </label>
      ) : (
        <label key="email">
          {words.say("email")}
          <input name="email" type="email" required autocomplete="email" maxlength="254" dir="ltr" data-focus aria-describedby="mail-hint" />
          <small class="hint low" id="mail-hint">
            {words.say("mailHint")}
          </small>
        </label>
      )}
      {ui.error && (
        <p class="error" id="mail-error" role="alert">
          {words.say(ui.error as "failed")}
        </p>
      )}
      <div class="actions">
        <button type="button" class="quiet" data-focus={!!sent} onClick={() => show("")}>
          {words.say(sent ? "done" : "cancel")}
        </button>
        {!sent && (
          <button type="submit" class="strong">
            {words.say("send")}
          </button>
        )}
      </div>
    </form>
  );
}
