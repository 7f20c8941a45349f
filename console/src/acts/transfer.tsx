import { useSignal } from "@preact/signals";
import { named, t } from "../i18n/index.ts";
import { transfer, type TransferTo } from "../store/acts.ts";
import { board, colleagues, me } from "../store/board.ts";
import { hide } from "../store/view.ts";
import type { Colleague } from "../wire/frames.ts";
import { Avatar } from "../ui/chips.tsx";
import { acts } from "./words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";

/** byPresence puts who takes chats first, then by name. */
export const byPresence = (a: Colleague, b: Colleague): number =>
  PRESENCE_ORDER[a.state ?? "offline"] - PRESENCE_ORDER[b.state ?? "offline"] || (a.held ?? 0) - (b.held ?? 0) || a.name.localeCompare(b.name);

/** The skills that the agents' welcome lets one know of: mine, and those that waiting chats ask for. */
export function skills(): string[] {
  const all = new Set(me.value?.skills ?? []);
  for (const i of board.value.values()) if (i.skill) all.add(i.skill);
  return [...all].sort();
}

const PRESENCE_ORDER = { online: 0, busy: 1, wrapping_up: 2, away: 3, offline: 4 };

/** TransferDialog passes a chat to a colleague, or to the queue under a skill or level, with a word to the next. */
export default function TransferDialog({ id }: { id: string }) {
  const worded = acts.use();
  const to = useSignal("");
  const skill = useSignal(board.value.get(id)?.skill ?? "");
  const level = useSignal(String(board.value.get(id)?.level ?? 1));
  const word = useSignal("");
  const busy = useSignal(false);
  const people = colleagues.value
    .filter((p) => p.id !== me.value?.id)
    .sort(byPresence);
  const submit = async (e: Event) => {
    e.preventDefault();
    busy.value = true;
    const where: TransferTo = to.value ? { to: to.value } : { level: Number(level.value) };
    if (!to.value && skill.value) where.skill = skill.value;
    if (word.value.trim()) where.word = word.value.trim();
    if (await transfer(id, where)) hide();
    busy.value = false;
  };
  if (!worded) return null;
  return (
    <Dialog title={acts.w("transfer.title")} onClose={hide}>
      <form class="form" onSubmit={submit}>
        <fieldset class="people">
          <legend>{acts.w("transfer.to")}</legend>
          <label class="choice person">
            <input type="radio" name="to" value="" checked={to.value === ""} data-autofocus onChange={() => (to.value = "")} />
            <span><b>{acts.w("transfer.queue")}</b></span>
          </label>
          {people.map((p) => (
            <label key={p.id} class="choice person">
              <input type="radio" name="to" value={p.id} checked={to.value === p.id} onChange={() => (to.value = p.id)} />
              <span>
                <Avatar name={p.name} size={24} />
                <b dir="auto">{p.name}</b>
                {p.level ? <span class="tag" title={named("level", String(p.level))}>L{p.level}</span> : null}
                <span class="person-state">
                  <span class={`dot dot-${p.state ?? "offline"}`} aria-hidden="true" />
                  {t(`presence.${p.state ?? "offline"}`)}
                  {p.held ? ` · ${p.held}` : ""}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        {to.value === "" && (
          <div class="form-row">
            <LevelSelect id="transfer-level" label={acts.w("transfer.level")} value={level.value} from={1} pick={(v) => (level.value = v)} />
            <div class="field">
              <label for="transfer-skill">{acts.w("transfer.skill")}</label>
              <select id="transfer-skill" class="select" value={skill.value} onChange={(e) => (skill.value = e.currentTarget.value)}>
                <option value="">{acts.w("transfer.any_skill")}</option>
                {skills().map((s) => (
                  <option key={s} value={s}>{named("skill", s)}</option>
                ))}
              </select>
            </div>
          </div>
        )}
        <Field id="transfer-word" label={acts.w("transfer.word")} hint={acts.w("transfer.word_hint")} value={word} />
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={busy.value}>{t("chat.transfer")}</button>
        </div>
      </form>
    </Dialog>
  );
}

export function LevelSelect({ id, label, value, from, pick }: { id: string; label: string; value: string; from: number; pick(v: string): void }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="select" value={value} onChange={(e) => pick(e.currentTarget.value)}>
        {[1, 2, 3, 4].filter((n) => n >= from).map((n) => (
          <option key={n} value={String(n)}>{named("level", String(n))}</option>
        ))}
      </select>
    </div>
  );
}
