/** @jsxImportSource ./dom */
import type { Chat } from "./chat.ts";
import type { Child } from "./dom/jsx-runtime.ts";
import { downIcon, sparkIcon } from "./icons.tsx";
import { midnight } from "./locale.ts";
import type { Item } from "./timeline.ts";
import type { View } from "./view.tsx";

const groupWithin = 5 * 60_000; // messages of one sender within this time stand together

/** The message list. Newest at the bottom by layout alone (column-reverse), so nothing has to be scrolled by script. */
export function Messages(view: View): Child {
  const { chat, words, ui, changed, forms } = view;
  const items = chat.timeline.all(chat.outbox.pending());
  const scrolled = ({ currentTarget }: Event) => {
    const away = (currentTarget as Element).scrollTop < -120;
    if (away === ui.away) return;
    ui.away = away;
    changed();
  };
  const text = chat.typing?.text;
  const newest = ({ currentTarget }: Event) => (currentTarget as Element).previousElementSibling!.scrollTo({ top: 0 });
  return (
    <div class="middle">
      <div class="scroll" onScroll={scrolled} tabindex="0" role="region" aria-label={words.say("log")}>
        {/* What is being written stands below the log and out of it: it is read out once, as the message it becomes. */}
        {text && (
          <div class="draft" aria-hidden="true">
            {entry({ key: "", seq: 1, at: Date.now(), role: "bot", text, name: "" }, items.at(-1), undefined, view)}
          </div>
        )}
        {/* History fills the log before it is live: nobody wants it read out. */}
        <div class="log" role="log" aria-label={words.say("log")} aria-live={chat.settled ? "polite" : "off"}>
          {items.map((item, i) => entry(item, items[i - 1], items[i + 1], view))}
        </div>
      </div>
      {ui.away && forms && (
        <button type="button" class="newer" onClick={newest}>
          {downIcon}
          {words.say("newer")}
        </button>
      )}
    </div>
  );
}

function entry(item: Item, before: Item | undefined, after: Item | undefined, view: View): Child {
  const { chat, words, forms } = view;
  const newDay = !before || midnight(before.at) !== midnight(item.at);
  const first = newDay || !together(before, item);
  const last = !after || !together(item, after) || midnight(after.at) !== midnight(item.at);
  return (
    <div key={item.key} class={`entry ${item.role}${first ? " first" : ""}`}>
      {newDay && <p class="day">{words.day(item.at)}</p>}
      {item.line ? (
        <p class="line">{words.say(item.line, item.due ? words.when(item.due) : item.name)}</p>
      ) : item.role === "system" ? (
        <p class="line" dir="auto">
          {forms?.linked(item.text) ?? item.text}
        </p>
      ) : (
        bubble(item, first, last, view)
      )}
      {!after && quickReplies(item, chat)}
    </div>
  );
}

const together = (a: Item, b: Item) => !a.line && !b.line && a.role === b.role && a.name === b.name && b.at - a.at < groupWithin;

function bubble(item: Item, first: boolean, last: boolean, view: View): Child {
  const { chat, words, forms } = view;
  const mine = item.role === "visitor";
  return (
    <>
      {first && (
        <p class={mine ? "hidden" : "who"}>
          {item.role === "bot" ? (
            <>
              {sparkIcon}
              {words.say("bot")} <span class="tag">{words.say("ai")}</span>
            </>
          ) : (
            <bdi>{mine ? words.say("you") : item.name || chat.agent}</bdi>
          )}
        </p>
      )}
      <div class="bubble">
        {(item.more && forms?.More(view, item)) || <p dir="auto">{(!mine && forms?.linked(item.text)) || item.text}</p>}
      </div>
      {item.refused ? (
        <p class="meta bad">
          {words.say("failed")}{" "}
          <button type="button" class="plain" onClick={() => chat.outbox.retry(item.key)}>
            {words.say("retry")}
          </button>
        </p>
      ) : (
        last && <p class="meta">{item.seq ? stamp(item, view) : words.say("sending")}</p>
      )}
    </>
  );
}

function stamp(item: Item, { chat, words, forms }: View): Child {
  const seen = item.role === "visitor" && chat.seen >= item.seq;
  return (
    <>
      <time datetime={new Date(item.at).toISOString()}>{words.time(item.at)}</time>
      {seen && forms && " · " + words.say("seen")}
    </>
  );
}

/** Taps under the bot's last message only: an old question is not asked again. */
function quickReplies(item: Item, chat: Chat): Child {
  if (!item.replies?.length || chat.owner !== "bot") return undefined;
  return (
    <div class="replies">
      {item.replies.map(({ label, text }) => (
        <button type="button" dir="auto" onClick={() => chat.say(text)}>
          {label}
        </button>
      ))}
    </div>
  );
}
