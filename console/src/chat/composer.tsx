import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { chat, write } from "../store/chats.ts";
import { heldByMe, mail, send } from "../store/link.ts";
import { sendKey } from "../store/prefs.ts";
import { aria } from "../desk/shortcuts.ts";
import { Kbd } from "../ui/chips.tsx";
import { Icon } from "../ui/icon.tsx";
import { Shortcut } from "../ui/shortcut.tsx";
import { lazy } from "../ui/lazy.tsx";
import { askSuggestion, canSuggest } from "../store/suggest.ts";
import { sendFiles, stagedIn } from "../store/uploads.ts";
import type { SendLimits } from "../wire/records.ts";
import { ByMail } from "./bymail.tsx";
import { loadCanned } from "./canned.ts";
import { CannedList, useCanned } from "./cannedlist.tsx";
import { harsh, loadTone } from "./tone.ts";

const AttachButton = lazy<{ id: string; limits: SendLimits }>(() => import("../files/button.tsx"));
const Pending = lazy<{ id: string; limits: SendLimits }>(() => import("../files/pending.tsx"));

const LONGEST = 4000;
const TYPING_EVERY = 3000;

export interface ComposerProps {
  id: string;
  language: string;
  visitor: string;
  canReply: boolean;
  /** set for a supervisor who watches: the name of who holds the chat, to whom a word may be whispered */
  whisperTo?: string | undefined;
}

/** Composer writes replies to the visitor, or notes to colleagues: in another colour, by another frame. */
export function Composer({ id, language, visitor, canReply, whisperTo }: ComposerProps) {
  const c = chat(id);
  const area = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const confirmed = useSignal("");
  const whispers = useSignal(true);
  const whisper = whisperTo !== undefined && whispers.value;
  const mode = canReply ? c.draft.value.mode : "note";
  const text = mode === "note" ? c.draft.value.note : c.draft.value.reply;
  const warnings = useComputed(() => (c.draft.value.mode === "note" ? [] : harsh(c.draft.value.reply)));
  const canned = useCanned(id, language, area);
  const limits = canReply && mode === "reply" && c.detail.value?.limits?.file ? c.detail.value.limits : undefined;
  const files = limits ? stagedIn(id).length : 0;
  useEffect(() => void Promise.all([loadTone(), loadCanned()]), []);
  useEffect(() => grow(area.current), [text, mode]);
  useEffect(() => () => hush(), [id]);

  const hush = () => {
    if (told.current) send("typing", { conversation: id, on: false });
    told.current = 0;
  };
  const input = (value: string) => {
    // An emptied composer begins anew: what is written then is the agent's own.
    write(id, mode === "note" ? { note: value } : value.trim() ? { reply: value } : { reply: value, suggested: false });
    canned.typed(value);
    if (mode === "note" || !heldByMe(id)) return;
    if (!value.trim()) return hush();
    if (Date.now() - told.current > TYPING_EVERY && send("typing", { conversation: id, on: true })) told.current = Date.now();
  };
  const submit = () => {
    const words = text.trim();
    if ((!words && files === 0) || [...words].length > LONGEST) return;
    // The warning asks once for a second press; the agent has the last word.
    if (mode === "reply" && warnings.value.length > 0 && confirmed.value !== words) {
      confirmed.value = words;
      return;
    }
    if (words) mail(mode === "reply" ? "say" : whisper ? "whisper" : "note", id, words, mode === "reply" && c.draft.value.suggested === true);
    if (files > 0) sendFiles(id);
    write(id, mode === "note" ? { note: "" } : { reply: "", suggested: false });
    confirmed.value = "";
    hush();
    area.current?.focus();
  };
  const keydown = (e: KeyboardEvent) => {
    if (canned.keydown(e)) return;
    if (e.key === "Escape") return area.current?.blur();
    if (e.key !== "Enter" || e.isComposing) return;
    const withCtrl = e.ctrlKey || e.metaKey;
    if (withCtrl || (sendKey.value === "enter" && !e.shiftKey)) {
      e.preventDefault();
      submit();
    }
  };
  const length = [...text].length;
  const asksTwice = mode === "reply" && warnings.value.length > 0;
  return (
    <div class={`composer composer-${mode}${canReply ? "" : " composer-aside"}`}>
      <div class="composer-modes" role="group" aria-label={t("composer.mode")}>
        {whisperTo === undefined ? (
          <button type="button" class="mode mode-reply" aria-pressed={mode === "reply"} disabled={!canReply} aria-keyshortcuts={aria("reply")} onClick={() => setMode(id, "reply", area.current)}>
            <Icon name="chat" size={13} />
            {t("composer.reply")} <Shortcut of="reply" />
          </button>
        ) : (
          <button type="button" class="mode mode-note" aria-pressed={whisper} onClick={() => ((whispers.value = true), setMode(id, "note", area.current))}>
            <Icon name="ear" size={13} />
            {t("composer.whisper", { name: whisperTo })}
          </button>
        )}
        <button type="button" class="mode mode-note" aria-pressed={mode === "note" && !whisper} aria-keyshortcuts={aria("note")} onClick={() => ((whispers.value = false), setMode(id, "note", area.current))}>
          <Icon name="note" size={13} />
          {t("composer.note")} <Shortcut of="note" />
        </button>
        {mode === "note" && <span class="composer-hint">{whisper ? t("composer.whisper_hint") : t("composer.note_hint")}</span>}
      </div>
      {canReply && mode === "reply" && <ByMail id={id} />}
      {canned.open.value && <CannedList canned={canned} id={id} />}
      <textarea
        ref={area}
        id="composer-text"
        dir="auto"
        rows={canReply ? 2 : 1}
        value={text}
        aria-label={mode === "note" ? t("composer.note_label") : t("composer.reply_label", { name: visitor })}
        aria-describedby={asksTwice ? "by-mail tone" : "by-mail"}
        aria-controls={canned.open.value ? "canned" : undefined}
        aria-activedescendant={canned.open.value ? canned.activeId() : undefined}
        placeholder={whisper ? t("composer.whisper_placeholder") : mode === "note" ? t("composer.note_placeholder") : t("composer.reply_placeholder")}
        onInput={(e) => input(e.currentTarget.value)}
        onKeyDown={keydown}
        onBlur={() => canned.close()}
      />
      {asksTwice && (
        <p class="tone" id="tone" role="status">
          <Icon name="alert" size={14} />
          {t(confirmed.value === text.trim() ? "composer.tone_again" : "composer.tone", { words: warnings.value.map((w) => `“${w}”`).join(", ") })}
        </p>
      )}
      {limits && <Pending id={id} limits={limits} />}
      <div class="composer-foot">
        <button type="button" class="button ghost small" disabled={mode === "note"} onMouseDown={(e) => e.preventDefault()} onClick={() => canned.show()}>
          <Kbd>/</Kbd> <span class="narrow-icon"><Icon name="list" size={14} /></span> <span class="foot-text">{t("composer.canned")}</span>
        </button>
        {canSuggest.value && canReply && mode === "reply" && (
          <button type="button" class="button ghost small" aria-keyshortcuts={aria("suggest")} onClick={() => void askSuggestion(id, c.log.last)}>
            <Icon name="spark" size={14} /> <span class="foot-text">{t("composer.suggest")}</span> <Shortcut of="suggest" />
          </button>
        )}
        {limits && <AttachButton id={id} limits={limits} />}
        <span class="composer-keys">{sendKey.value === "enter" ? t("composer.keys_enter") : t("composer.keys_ctrl")}</span>
        {length > LONGEST - 400 && <span class={length > LONGEST ? "composer-count over" : "composer-count"}>{length} / {LONGEST}</span>}
        <button type="button" class={mode === "note" ? "button note-send" : "button primary"} disabled={(!text.trim() && files === 0) || length > LONGEST} onClick={submit}>
          <Icon name={mode === "note" ? "note" : "send"} size={14} />
          {whisper ? t("composer.whisper_send") : mode === "note" ? t("composer.add_note") : asksTwice && confirmed.value === text.trim() ? t("composer.send_anyway") : t("composer.send")}
        </button>
      </div>
    </div>
  );
}

/** setMode switches between reply and note and puts the cursor where one goes on writing. */
export function setMode(id: string, mode: "reply" | "note", area: HTMLTextAreaElement | null): void {
  write(id, { mode });
  area?.focus(); // at once: what is typed next is meant for it, and not for the shortcuts
  requestAnimationFrame(() => {
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  });
}

function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
}
