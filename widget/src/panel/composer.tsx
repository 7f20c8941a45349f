/** @jsxImportSource ./dom */
import type { Child } from "./dom/jsx-runtime.ts";
import { sendIcon } from "./icons.tsx";
import type { View } from "./view.tsx";

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line; an input method's own Enter does neither. */
export function Composer(view: View): Child {
  const { chat, words, ui, changed, forms } = view;
  const over = ui.count > chat.limit;
  const typed = ({ currentTarget }: Event) => {
    const { value } = currentTarget as HTMLTextAreaElement;
    chat.write(value.trim() !== "");
    chat.keep({ draft: value });
    ui.count = [...value].length;
    changed();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const box = (event.currentTarget as HTMLFormElement).querySelector("textarea")!;
    box.focus();
    if (over || !box.value.trim()) return;
    chat.say(box.value);
    box.value = "";
    chat.keep({ draft: "" });
    ui.count = 0;
    changed();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    (event.currentTarget as HTMLTextAreaElement).form!.requestSubmit();
  };
  // What was begun on another page, or is being written in another tab.
  const follow = (box: HTMLTextAreaElement) => {
    if (ui.begun && !document.hidden) return;
    ui.begun = true;
    box.value = chat.draft;
    ui.count = [...box.value].length;
  };
  return (
    <form key="composer" class="composer" onSubmit={submit}>
      <textarea
        rows="1"
        dir="auto"
        enterkeyhint="send"
        data-focus
        ref={follow}
        placeholder={words.say("write")}
        aria-label={words.say("write")}
        aria-invalid={over}
        aria-describedby={over ? "long" : undefined}
        onInput={typed}
        onKeyDown={key}
      />
      {chat.fileLimit > 0 && forms?.Attach(view)}
      <button type="submit" class="send" aria-label={words.say("send")} aria-disabled={!ui.count || over}>
        {sendIcon}
      </button>
      {over && (
        <p class="error" id="long" role="alert">
          {words.say("long", chat.limit)}
        </p>
      )}
    </form>
  );
}
