import { duration } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { signOut } from "../store/acts.ts";
import { me, mine } from "../store/board.ts";
import { now } from "../store/clock.ts";
import { phase, presence, setPresence, wrapsUntil } from "../store/link.ts";
import { show } from "../store/view.ts";
import type { PresenceState } from "../wire/frames.ts";
import { keyOf, shown } from "../desk/shortcuts.ts";
import { Avatar } from "../ui/chips.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";

const STATES: PresenceState[] = ["online", "busy", "away", "wrapping_up", "offline"];

/** PresencePicker says who is signed in and whether they take chats, and leads to settings and the way out. */
export function PresencePicker() {
  const who = me.value;
  if (!who) return null;
  const state = phase.value === "ready" ? presence.value : "offline";
  const full = !!who.capacity && mine.value.length >= who.capacity;
  const held = who.capacity ? `${mine.value.length}/${who.capacity}` : String(mine.value.length);
  return (
    <Menu
      label={t("presence.label", { name: who.name, state: t(`presence.${state}`) })}
      worded
      class="presence"
      button={
        <>
          <Avatar name={who.name} size={30} />
          <span class="presence-text">
            <strong dir="auto">{who.name}</strong>
            <span>
              <span class={`dot dot-${state}`} aria-hidden="true" />
              {t(`presence.${state}`)} · <span class={full ? "presence-full" : undefined} title={t("presence.held")}>{held}</span>
              {state === "wrapping_up" && wrapsUntil.value > 0 && <span class="presence-left"> {duration(Math.max(0, wrapsUntil.value - now.value))}</span>}
            </span>
          </span>
          <Icon name="down" size={12} />
        </>
      }
      items={[
        ...STATES.map((s) => ({
          key: s,
          label: t(`presence.${s}`),
          checked: presence.value === s,
          lead: <span class={`dot dot-${s}`} aria-hidden="true" />,
          onPick: () => setPresence(s),
        })),
        { key: "settings", label: t("settings.title"), lead: <Icon name="gear" size={14} />, onPick: () => show({ kind: "settings" }) },
        { key: "help", label: t("help.title"), hint: shown(keyOf("help")), lead: <Icon name="help" size={14} />, onPick: () => show({ kind: "help" }) },
        { key: "out", label: t("presence.sign_out"), lead: <Icon name="out" size={14} />, onPick: () => void signOut() },
      ]}
    />
  );
}
