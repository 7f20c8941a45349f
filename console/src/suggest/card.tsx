import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { chat, write } from "../store/chats.ts";
import { askSuggestion, dismissSuggestion, suggestion } from "../store/suggest.ts";
import { wear } from "../admin/wear.ts";
import { Icon } from "../ui/icon.tsx";
import { words } from "./words.ts";
import css from "./suggest.css?inline";

wear(css);

const { w, or } = words;

/** SuggestCard shows what a model drafted over the composer: to take, to ask for another, or to dismiss. */
export default function SuggestCard({ id }: { id: string }) {
  const known = words.use();
  const take = useRef<HTMLButtonElement>(null);
  const s = suggestion.value;
  const text = s?.reply?.text;
  useEffect(() => {
    if (text) take.current?.focus();
  }, [text, known]);
  if (!known || !s || s.conversation !== id) return null;
  const back = () => document.getElementById("composer-text")?.focus();
  const leave = () => {
    dismissSuggestion();
    back();
  };
  // What the agent has written stays: the draft follows it.
  const use = () => {
    const own = chat(id).draft.value.reply.trimEnd();
    write(id, { reply: own ? `${own}\n\n${text}` : (text ?? ""), mode: "reply", suggested: true });
    dismissSuggestion();
    requestAnimationFrame(() => {
      back();
      const area = document.querySelector<HTMLTextAreaElement>("#composer-text");
      area?.setSelectionRange(area.value.length, area.value.length);
    });
  };
  const events = chat(id).events.value;
  const last = events[events.length - 1];
  const old = last !== undefined && events.some((e) => e.seq > s.upTo && e.kind === "message" && e.role === "visitor");
  const again = () => void askSuggestion(id, last?.seq ?? 0);
  return (
    <section class="suggest" aria-labelledby="suggest-title"
      onKeyDown={(e) => {
        if (e.key !== "Escape") return;
        e.preventDefault();
        e.stopPropagation();
        leave();
      }}>
      <header>
        <Icon name="spark" size={14} />
        <h3 id="suggest-title">{w("title")}</h3>
        {text && <span class="suggest-by">{w("by_model")}</span>}
        <button type="button" class="button ghost square suggest-close" aria-label={w("dismiss")} title={w("dismiss")} onClick={leave}><Icon name="close" size={12} /></button>
      </header>
      <div role="status">
        {!s.reply && !s.why && <p class="suggest-wait"><span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>{w("wait")}</p>}
        {s.why && <p class="suggest-why">{or(`why.${s.why}`, w("why.failed"))}</p>}
        {text && <p class="suggest-text" dir="auto">{text}</p>}
        {text && old && <p class="suggest-why">{w("old")}</p>}
      </div>
      {s.reply && (
        <p class="suggest-cites">
          {s.reply.cites?.length ? (
            <>
              {t("chat.cites")}{" "}
              {s.reply.cites.map((c) => (c.article ? <a key={c.passage} href={`#/admin/knowledge/${c.article}`} dir="auto">{c.title}</a> : <span key={c.passage} dir="auto">{c.title}</span>))}
            </>
          ) : w("from_script")}
        </p>
      )}
      {(text || s.why) && (
        <div class="suggest-acts">
          {text && <button ref={take} type="button" class="button primary small" onClick={use}>{w("take")}</button>}
          {s.why !== "no_model" && s.why !== "spent" && <button type="button" class="button small" onClick={again}>{w(text ? "another" : "again")}</button>}
          {text && <span class="suggest-note">{w("not_sent")}</span>}
        </div>
      )}
    </section>
  );
}
