/** @jsxImportSource ../dom */
import type { Child } from "../dom/jsx-runtime.ts";
import type { Asked } from "../frames.ts";
import type { View } from "../view.tsx";

/** The input for each kind of fact that needs more than a sentence. An order number may hold letters: no keypad without them. */
const inputs: Record<string, object> = {
  number: { autocapitalize: "characters", autocomplete: "off", spellcheck: "false", dir: "ltr", maxlength: 60 },
  contact: { inputmode: "email", autocomplete: "email", spellcheck: "false", dir: "ltr", maxlength: 254 },
  name: { autocomplete: "name", dir: "auto", maxlength: 60 },
  date: { type: "date", dir: "ltr" },
};

/** A small form for what the last message asks for, beside the free text. Undefined where a sentence is the best answer. */
export function askFact(view: View): Child {
  const { chat, words, ui, changed } = view;
  const item = chat.timeline.all(chat.outbox.pending()).at(-1);
  const asks = item?.asks;
  if (!asks || (chat.owner !== "bot" && chat.owner !== "queue")) return undefined;
  const props = inputs[asks.kind] ?? (asks.pattern ? inputs.number : undefined);
  if (!props) return undefined;
  const wrong = ui.error === "fact" && ui.about === item.key;
  const submit = (event: Event) => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).querySelector("input")!;
    const value = input.value.trim();
    if (fits(asks, value)) return chat.say(value);
    Object.assign(ui, { error: "fact", about: item.key });
    input.focus();
    changed();
  };
  const { skip } = asks;
  return (
    <form key={"fact" + item.key} class="fact" onSubmit={submit} novalidate>
      <label>
        <span>
          <bdi>{asks.label}</bdi>
        </span>
        <input name="fact" {...props} {...digitsOnly(asks)} aria-invalid={wrong} aria-describedby={wrong ? "fact-error" : undefined} />
      </label>
      <button type="submit" class="strong">
        {words.say("send")}
      </button>
      {wrong && (
        <p class="error" id="fact-error" role="alert" dir="auto">
          {asks.invalid}
        </p>
      )}
      {skip && (
        <button type="button" class="plain" onClick={() => chat.say(skip)}>
          <bdi>{skip}</bdi>
        </button>
      )}
    </form>
  );
}

/** A keypad of digits, where the script's pattern has nothing else in it. */
const digitsOnly = ({ pattern }: Asked) => (pattern && /^[\d\\[\]{},-]+$/.test(pattern.replaceAll("\\d", "")) ? { inputmode: "numeric" } : {});

/** A first look at a value: the bot has the last word, and asks again for what it cannot use. */
function fits({ kind, pattern }: Asked, value: string): boolean {
  if (pattern) {
    try {
      return new RegExp(`^(?:${pattern})$`, "iu").test(value);
    } catch {
      // written for RE2, and no expression here
    }
  }
  const address = /^\S+@\S+\.\S+$/.test(value);
  const digits = value.replace(/\D/g, "").length;
  if (kind === "number") return address || digits >= 3;
  if (kind === "contact") return address || digits >= 7;
  return value !== "" && !(kind === "name" && digits);
}
