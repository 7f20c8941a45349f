import { t } from "../i18n/index.ts";
import { accept, takeOver } from "../store/acts.ts";
import { fits, isSupervisor, me, mine, nextForMe, waiting } from "../store/board.ts";
import { letters } from "../store/link.ts";
import { current } from "../store/view.ts";
import { aria } from "../desk/shortcuts.ts";
import { LabelBar } from "../brief/label.tsx";
import { suggestion } from "../store/suggest.ts";
import { lazy } from "../ui/lazy.tsx";
import { Shortcut } from "../ui/shortcut.tsx";
import { Logo } from "../signin/gate.tsx";
import { Composer } from "./composer.tsx";
import { ChatHeader } from "./header.tsx";
import { facing, type Facing } from "./facing.ts";
import { Transcript } from "./transcript.tsx";
import "./chat.css";
import "./header.css";
import "./said.css";
import "./marks.css";

const SuggestCard = lazy<{ id: string }>(() => import("../suggest/card.tsx"));

/** ChatPane is the middle: who, what was said, and what to say next. */
export function ChatPane() {
  const id = current.value;
  if (!id) return <Nothing />;
  const f = facing(id);
  return (
    <section class="pane pane-chat" aria-label={t("desk.chat")} key={id}>
      <ChatHeader facing={f} />
      <Transcript key={id} id={id} visitor={f.name} />
      {!f.mine && <Standing facing={f} />}
      {f.mine && <LabelBar id={id} />}
      {f.mine && suggestion.value?.conversation === id && <SuggestCard id={id} />}
      {f.owner && (
        <Composer key={`c${id}`} id={id} language={f.language || "en"} visitor={f.name} canReply={f.mine}
          whisperTo={isSupervisor.value && f.owner === "agent" && !f.mine ? f.holder?.name ?? t("chat.agent") : undefined} />
      )}
    </section>
  );
}

/** stay keeps the cursor where it is: the whisper box folds when it loses it, and the button would move from under the mouse. */
const stay = (e: MouseEvent) => e.preventDefault();

/** Standing says why one cannot reply here, and offers what one can do instead. */
function Standing({ facing: f }: { facing: Facing }) {
  const take = (text: string) => (
    <button type="button" class="button primary" onMouseDown={stay} onClick={() => void takeOver(f.id)}>
      {text}
    </button>
  );
  switch (f.owner) {
    case "queue":
    case "ticket": {
      // The board holds what one may take: what is not on it went to another level, skill or person.
      const can = f.item !== undefined && fits(f.item, me.value);
      return (
        <div class="standing">
          <span>{can ? t("chat.waiting_for_you") : t("chat.not_fit")}</span>
          {(can || isSupervisor.value) && (
            <button type="button" class="button primary" aria-keyshortcuts={aria("accept")} onMouseDown={stay} onClick={() => void accept(f.id)}>
              {t("queue.accept")} <Shortcut of="accept" />
            </button>
          )}
        </div>
      );
    }
    case "agent":
      return (
        <div class="standing">
          <span>
            {t("chat.held_by", { name: f.holder?.name ?? t("chat.agent") })} {isSupervisor.value && t("chat.watching")}
          </span>
          {isSupervisor.value && take(t("chat.take_over"))}
        </div>
      );
    case "bot":
      return (
        <div class="standing">
          <span>{t("chat.held_by_bot")}</span>
          {isSupervisor.value && take(t("chat.take_over"))}
        </div>
      );
    case "closed":
      return (
        <div class="standing">
          <span>{t("chat.is_closed")}</span>
        </div>
      );
    default:
      return null;
  }
}

/** Nothing fills the middle while no chat is open: what there is to do next. */
function Nothing() {
  const unsent = letters.value.length;
  return (
    <section class="pane pane-chat pane-nothing" aria-label={t("desk.chat")}>
      <Logo size={56} />
      <h2>{nextForMe.value ? t("nothing.next") : mine.value.length > 0 ? t("nothing.choose") : t("nothing.quiet")}</h2>
      <p>{t("nothing.counts", { waiting: waiting.value.length, mine: mine.value.length })}</p>
      {unsent > 0 && <p>{t("nothing.unsent", { count: unsent })}</p>}
      <ul class="nothing-keys">
        <li><Shortcut of="accept" /> {t("keys.accept")}</li>
        <li><Shortcut of="next" /> <Shortcut of="previous" /> {t("keys.walk")}</li>
        <li><Shortcut of="palette" /> {t("keys.palette")}</li>
        <li><Shortcut of="help" /> {t("keys.help")}</li>
      </ul>
    </section>
  );
}
