import { named, t } from "../i18n/index.ts";
import { colleagues, isSupervisor, me, others } from "../store/board.ts";
import { hide, pane } from "../store/view.ts";
import { openChat } from "../store/route.ts";
import { Avatar } from "../ui/chips.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { visitorName } from "../queue/row.tsx";
import { byPresence } from "./transfer.tsx";
import "./sheet.ts";
import { acts } from "./words.ts";

/** TeamDialog says who is here and how busy; supervisors step from a name into the chats behind it. */
export default function TeamDialog() {
  const known = acts.use();
  if (!known) return null;
  const all = [...colleagues.value].sort(byPresence);
  return (
    <Dialog title={t("team.title")} onClose={hide}>
      <ul class="team">
        {all.map((p) => (
          <li key={p.id}>
            <div class="team-row">
              <Avatar name={p.name} size={28} />
              <span class="team-who">
                <b dir="auto">{p.name}</b>
                {p.id === me.value?.id && <span class="quiet"> {acts.w("team.you")}</span>}
                <span class="team-state">
                  <span class={`dot dot-${p.state ?? "offline"}`} aria-hidden="true" />
                  {t(`presence.${p.state ?? "offline"}`)}
                </span>
              </span>
              {p.level ? <span class="tag" title={named("level", String(p.level))}>L{p.level}</span> : null}
              <span class="team-held" title={acts.w("team.held")}>
                {p.held ?? 0}
                <span class="sr-only"> {acts.w("team.held")}</span>
              </span>
            </div>
            {isSupervisor.value && <Chats agent={p.id} />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Chats({ agent }: { agent: string }) {
  const theirs = others.value.filter((i) => i.agent?.id === agent);
  if (theirs.length === 0) return null;
  return (
    <ul class="team-chats">
      {theirs.map((i) => (
        <li key={i.conversation}>
          <button
            type="button"
            class="button ghost small"
            onClick={() => {
              hide();
              openChat(i.conversation);
              pane.value = "chat";
            }}
          >
            <span dir="auto">{visitorName(i)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
