/** @jsxImportSource ../dom */
import type { Chat } from "../chat.ts";
import type { Child } from "../dom/jsx-runtime.ts";
import type { View } from "../view.tsx";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Asks when the visitor can be called, in their own time zone. */
export const findSlots = (chat: Chat) => chat.request("slots", { zone });

/** Leave a message, or ask to be called, instead of waiting. */
export function LeaveMessage(view: View): Child {
  const { chat, words, ui, changed, show } = view;
  const call = ui.form === "call";
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const left = Object.fromEntries(["text", "email", "phone", "callback"].map((name) => [name, field(name)]).filter(([, value]) => value));
    // Where e-mail is off the answer is given here: words are enough, and no address is asked for.
    if (left.phone || (!call && (chat.mails ? left.email : left.text))) {
      if (await chat.request("leave_message", { ...left, zone })) return show("");
      ui.error = "failed";
      if (call) findSlots(chat); // the slot may have been taken meanwhile
    } else {
      ui.error = call ? "number" : chat.mails ? "contact" : "words";
      form.querySelector<HTMLElement>(ui.error === "words" ? "textarea" : "input")!.focus();
    }
    changed();
  };
  const input = (props: object) => <input dir="ltr" aria-describedby={ui.error ? "leave-error" : undefined} {...props} />;
  const phone = (
    <label key="phone">
      {words.say("phone")}
      {input({ name: "phone", type: "tel", autocomplete: "tel", maxlength: 40, "data-focus": call })}
    </label>
  );
  const text = (
    <label key="text">
      {words.say("message")}
      <textarea name="text" rows="2" dir="auto" maxlength="4000" data-focus={!call} aria-describedby={ui.error ? "leave-error" : undefined} />
    </label>
  );
  return (
    <form key={ui.form} class="card" onSubmit={submit} novalidate aria-labelledby="card">
      <h2 id="card">{words.say(call ? "callMe" : "leave")}</h2>
      {call ? (
        <>
          {phone}
          {times(view)}
          {text}
        </>
      ) : (
        <>
          <p class="hint">{words.say(chat.mails ? "leaveHint" : "leaveHintHere")}</p>
          {text}
          {chat.mails && (
            <label key="email">
              {words.say("email")}
              {input({ name: "email", type: "email", autocomplete: "email", maxlength: 254 })}
            </label>
          )}
          {phone}
        </>
      )}
      {ui.error && (
        <p class="error" id="leave-error" role="alert">
          {words.say(ui.error as "failed")}
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

/** The times to choose from, each with its day. */
function times({ chat, words }: View): Child {
  if (!chat.slots.length) return <p class="hint low">{words.say("noSlots")}</p>;
  const format = new Intl.DateTimeFormat(words.locale, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  return (
    <label key="callback">
      {words.say("call")}
      <select name="callback">
        {chat.slots.map(({ from, until }) => (
          <option value={from}>{format.formatRange(new Date(from), new Date(until))}</option>
        ))}
      </select>
      <small class="hint low">{words.say("zone", zone.replaceAll("_", " "))}</small>
    </label>
  );
}
