import { unnamed } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { accept, takeOver } from "../store/acts.ts";
import { board, fits, isSupervisor, me, mine, nextForMe, waiting } from "../store/board.ts";
import { chat, visitorOf } from "../store/chats.ts";
import { letters } from "../store/link.ts";
import { current } from "../store/view.ts";
import type { Owner, Person, QueueItem } from "../wire/frames.ts";
import { Kbd } from "../ui/chips.tsx";
import { Logo } from "../signin/gate.tsx";
import { Composer } from "./composer.tsx";
import { ChatHeader } from "./header.tsx";
import { ownerOf } from "./rows.ts";
import { Transcript } from "./transcript.tsx";
import "./chat.css";
import "./said.css";

/** What the panes need to know of the open conversation, from the board or, once it left it, from the log. */
export interface Facing {
  id: string;
  name: string;
  owner: Owner | undefined;
  holder: Person | undefined;
  mine: boolean;
  language: string;
  item: QueueItem | undefined;
}

/** facing gathers it from the signals; reading it in a render follows all of them. */
export function facing(id: string): Facing {
  const c = chat(id);
  const item = board.value.get(id);
  const detail = c.detail.value;
  const owner = item?.owner ?? ownerOf(c.events.value) ?? detail?.owner;
  const kept = detail?.agent ? { id: detail.agent, name: detail.agent_name ?? "" } : undefined;
  const holder = owner === "agent" ? item?.agent ?? kept : undefined;
  const name = item?.visitor.name || visitorOf(c).name || unnamed(id);
  return {
    id, name, owner, holder: holder ?? undefined, item,
    mine: owner === "agent" && holder?.id === me.value?.id,
    language: item?.language ?? detail?.language ?? "",
  };
}

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
      {f.owner && <Composer key={`c${id}`} id={id} language={f.language || "en"} visitor={f.name} canReply={f.mine} />}
    </section>
  );
}

/** Standing says why one cannot reply here, and offers what one can do instead. */
function Standing({ facing: f }: { facing: Facing }) {
  const take = (text: string) => (
    <button type="button" class="button primary" onClick={() => void takeOver(f.id)}>
      {text}
    </button>
  );
  switch (f.owner) {
    case "queue":
    case "ticket": {
      const can = f.item ? fits(f.item, me.value) : true;
      return (
        <div class="standing">
          <span>{can ? t("chat.waiting_for_you") : t("chat.not_fit")}</span>
          {(can || isSupervisor.value) && (
            <button type="button" class="button primary" aria-keyshortcuts="A" onClick={() => void accept(f.id)}>
              {t("queue.accept")} <Kbd>A</Kbd>
            </button>
          )}
        </div>
      );
    }
    case "agent":
      return (
        <div class="standing">
          <span>{t("chat.held_by", { name: f.holder?.name ?? t("chat.agent") })}</span>
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
        <li><Kbd>A</Kbd> {t("keys.accept")}</li>
        <li><Kbd>J</Kbd> <Kbd>K</Kbd> {t("keys.walk")}</li>
        <li><Kbd>Ctrl K</Kbd> {t("keys.palette")}</li>
        <li><Kbd>?</Kbd> {t("keys.help")}</li>
      </ul>
    </section>
  );
}
