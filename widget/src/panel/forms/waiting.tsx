/** @jsxImportSource ../dom */
import type { Child } from "../dom/jsx-runtime.ts";
import type { UI, View } from "../view.tsx";
import { askFact } from "./fact.tsx";

/** Where the visitor stands, how long it takes, and a new time where the one given before cannot be kept. */
export function Waiting({ chat, words }: View): Child {
  const { position = 1, minutes, until, renewed, opens } = chat.waiting ?? {};
  if (opens) {
    return (
      <div class="notice calm">
        <strong>{words.say("opens", words.when(Date.parse(opens)))}</strong>
      </div>
    );
  }
  return (
    <div class="notice calm">
      <strong>{words.say("handoff")}</strong>
      {chat.waiting && (
        <p>
          {position > 1 ? words.say("place", position) : words.say("next")}
          {minutes && minutes[1] > 1 && ` · ${words.say("minutes", ...spread(minutes))}`}
        </p>
      )}
      {until && <p>{words.say(renewed ? "later" : "by", words.when(Date.parse(until)))}</p>}
    </div>
  );
}

/** Nobody waits 0 minutes, or 3 to 3: a span reads from 1 on, and has two ends. Up to one minute, the time that follows says it. */
const spread = ([from, to]: [number, number]): [number, number] => [Math.max(1, Math.min(from, to - 1)), to];

/** What stands beside the composer: the form for a fact, and what one may do instead of waiting. */
export function Beside(view: View): Child {
  return (
    <>
      {askFact(view)}
      {view.chat.owner === "queue" && instead(view)}
    </>
  );
}

function instead({ chat, words, ui, changed, show }: View): Child {
  const offers = chat.waiting?.offers ?? [];
  const about = offers.join();
  const keep = () => {
    ui.about = about;
    changed();
  };
  const button = (name: "leave" | "callMe" | "keep", press: () => void) => (
    <button type="button" key={name} class="quiet" onClick={press}>
      {words.say(name)}
    </button>
  );
  const open = (form: UI["form"]) => () => show(form);
  // Somebody who chose to wait is not asked again, until there is something else to choose.
  const asks = about && about !== ui.about;
  return (
    <div class="instead choices" role="group" aria-label={words.say("wait")}>
      {asks && <p>{words.say("wait")}</p>}
      {asks && offers.includes("keep_waiting") && button("keep", keep)}
      {(asks || chat.reason === "callback") && (offers.includes("call_back") || chat.reason === "callback") && button("callMe", open("call"))}
      {button("leave", open("leave"))}
    </div>
  );
}
