import { clockTime, fullTime } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { me } from "../store/board.ts";
import { chat, write } from "../store/chats.ts";
import { discardLetter, retryLetter } from "../store/link.ts";
import { Icon } from "../ui/icon.tsx";
import { lazy } from "../ui/lazy.tsx";
import type { Said, SentFile } from "./rows.ts";

const FileView = lazy<{ conversation: string; file: SentFile }>(() => import("../files/view.tsx"));

function speaker(s: Said, visitor: string): string {
  if (s.role === "visitor") return visitor;
  if (s.role === "bot") return t("chat.bot");
  if (s.role === "system") return t("chat.system");
  const own = s.state !== undefined || s.sender === me.value?.id;
  return own ? t("chat.you") : s.name || t("chat.agent");
}

/** Bubble is one message or note: who, when, what, and how far it got. */
export function Bubble({ said, visitor, conversation, flash }: { said: Said; visitor: string; conversation: string; flash: boolean }) {
  const side = said.note ? "note" : said.role;
  const readByVisitor = said.role === "agent" && !said.note && said.seq > 0 && chat(conversation).seenByVisitor.value >= said.seq;
  return (
    <div class={`said said-${side}${said.head ? " said-head" : ""}${flash ? " said-flash" : ""}${said.state === "failed" ? " said-failed" : ""}`} data-seq={said.seq || undefined}>
      {said.head && (
        <div class="said-who">
          {said.role === "bot" && <Icon name="bot" size={12} />}
          {said.note && <Icon name="note" size={12} />}
          <span dir="auto">{speaker(said, visitor)}</span>
          {said.note && <span class="said-kind">{t(said.whisper ? "chat.whisper" : "chat.note_private")}</span>}
          {said.source === "model" && <span class="said-kind">{t("chat.model")}</span>}
          {said.source === "suggestion" && <span class="said-kind">{t("chat.suggested")}</span>}
        </div>
      )}
      <div class="said-bubble">
        {said.file ? <FileView conversation={conversation} file={said.file} /> : <p class="said-text" dir="auto">{said.text}</p>}
        {said.quick.length > 0 && (
          <p class="said-quick">
            {said.quick.map((q) => (
              <span key={q} dir="auto">{q}</span>
            ))}
          </p>
        )}
      </div>
      {said.cites.length > 0 && (
        <p class="said-cites">
          {t("chat.cites")}{" "}
          {said.cites.map((c) => (c.article ? <a key={c.passage} href={`#/admin/knowledge/${c.article}`} dir="auto">{c.title}</a> : <span key={c.passage} dir="auto">{c.title}</span>))}
        </p>
      )}
      <div class="said-when">
        <time dateTime={said.at} title={fullTime(said.at)}>{clockTime(said.at)}</time>
        {said.state === "sending" && <span class="said-state">{t("chat.sending")}</span>}
        {readByVisitor && <span class="said-state said-read" title={t("chat.seen")}><Icon name="checks" size={13} /><span class="sr-only">{t("chat.seen")}</span></span>}
        {said.seq > 0 && said.role === "agent" && !said.note && !readByVisitor && <span class="said-state" title={t("chat.stored")}><Icon name="check" size={12} /></span>}
      </div>
      {said.state === "failed" && said.id && <Failed id={said.id} code={said.code ?? ""} conversation={conversation} note={said.note} />}
    </div>
  );
}

/** Failed says why a message was refused, and lets it be sent again or taken back into the composer. */
function Failed({ id, code, conversation, note }: { id: string; code: string; conversation: string; note: boolean }) {
  const takeBack = () => {
    const letter = discardLetter(id);
    if (letter) write(conversation, note ? { note: letter.text, mode: "note" } : { reply: letter.text, mode: "reply", suggested: letter.suggested === true });
  };
  return (
    <div class="said-refused" role="alert">
      <Icon name="alert" size={13} />
      <span>{t("chat.not_sent", { why: named("refused", code) })}</span>
      <button type="button" class="button small" onClick={() => retryLetter(id)}>{t("chat.try_again")}</button>
      <button type="button" class="button small" onClick={takeBack}>{t("chat.take_back")}</button>
    </div>
  );
}
