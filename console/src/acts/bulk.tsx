import { useSignal, type Signal } from "@preact/signals";
import { named, t } from "../i18n/index.ts";
import { quietly } from "../store/acts.ts";
import { causeName, causes, colleagues, me, usualCauses } from "../store/board.ts";
import { toast } from "../store/toasts.ts";
import { hide, picked, pickedNow, type BulkAct } from "../store/view.ts";
import { Avatar } from "../ui/chips.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Choice } from "./close.tsx";
import { byPresence, LevelSelect, skills } from "./transfer.tsx";
import "./sheet.ts";
import { acts } from "./words.ts";

/** BulkDialog does one thing with all chats that were picked out of the queue, one after the other. */
export default function BulkDialog({ act }: { act: BulkAct }) {
  const known = acts.use();
  const data: Record<string, Signal<string>> = {
    to: useSignal(""), level: useSignal("1"), skill: useSignal(""), word: useSignal(""), cause: useSignal(""), outcome: useSignal("not_settled"),
  };
  const done = useSignal(-1);
  const many = pickedNow.value.length;
  const submit = async (e: Event) => {
    e.preventDefault();
    const frame = frameOf(act, data);
    if (!frame) return document.querySelector<HTMLElement>(act === "assign" ? "[name=to]" : "[name=cause]")?.focus();
    const refused = new Map<string, number>();
    const all = pickedNow.value.map((i) => i.conversation);
    done.value = 0;
    for (const conversation of all) {
      const why = await quietly(act === "close" ? "close" : "transfer", { conversation, ...frame });
      if (why) refused.set(why, (refused.get(why) ?? 0) + 1);
      done.value++;
    }
    picked.value = new Set();
    hide();
    const failed = [...refused.values()].reduce((a, b) => a + b, 0);
    toast(acts.w("bulk.done", { count: all.length - failed }));
    for (const [why, n] of refused) toast(acts.w("bulk.failed", { count: n, why }), "warn");
  };
  if (!known) return null;
  return (
    <Dialog title={acts.w(`bulk.${act}_title`, { count: many })} onClose={hide} wide={act === "close"}>
      <form class="form" onSubmit={submit}>
        {act === "assign" && <People to={data["to"] as Signal<string>} />}
        {act === "transfer" && <Queue level={data["level"] as Signal<string>} skill={data["skill"] as Signal<string>} />}
        {act === "close" && <Cause cause={data["cause"] as Signal<string>} outcome={data["outcome"] as Signal<string>} />}
        {act !== "close" && <Field id="bulk-word" label={acts.w("transfer.word")} hint={acts.w("transfer.word_hint")} value={data["word"] as Signal<string>} />}
        <div class="form-row">
          {done.value >= 0 && <progress class="bulk-progress" max={Math.max(1, many)} value={done.value} aria-label={acts.w("bulk.working")} />}
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={done.value >= 0}>{t(`bulk.${act}`)}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** frameOf gives what each chat's frame says, or undefined while something is not chosen yet. */
function frameOf(act: BulkAct, d: Record<string, Signal<string>>): Record<string, unknown> | undefined {
  const of = (name: string) => d[name]?.value.trim() ?? "";
  const word = of("word") ? { word: of("word") } : {};
  if (act === "assign") return of("to") ? { to: of("to"), ...word } : undefined;
  if (act === "close") return of("cause") ? { cause: of("cause"), outcome: of("outcome") } : undefined;
  return { level: Number(of("level")), ...(of("skill") ? { skill: of("skill") } : {}), ...word };
}

function People({ to }: { to: Signal<string> }) {
  const here = colleagues.value.filter((p) => p.state === "online" || p.state === "busy" || p.id === me.value?.id).sort(byPresence);
  return (
    <fieldset class="people">
      <legend>{acts.w("transfer.to")}</legend>
      {here.map((p, i) => (
        <label key={p.id} class="choice person">
          <input type="radio" name="to" value={p.id} checked={to.value === p.id} data-autofocus={i === 0 || undefined} onChange={() => (to.value = p.id)} />
          <span>
            <Avatar name={p.name} size={24} />
            <b dir="auto">{p.name}</b>
            {p.level ? <span class="tag" title={named("level", String(p.level))}>L{p.level}</span> : null}
            <span class="person-state">
              <span class={`dot dot-${p.state ?? "offline"}`} aria-hidden="true" />
              {t(`presence.${p.state ?? "offline"}`)} · {p.held ?? 0}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Queue({ level, skill }: { level: Signal<string>; skill: Signal<string> }) {
  return (
    <div class="form-row">
      <LevelSelect id="bulk-level" label={acts.w("transfer.level")} value={level.value} from={1} pick={(v) => (level.value = v)} />
      <div class="field">
        <label for="bulk-skill">{acts.w("transfer.skill")}</label>
        <select id="bulk-skill" class="select" value={skill.value} onChange={(e) => (skill.value = e.currentTarget.value)}>
          <option value="">{acts.w("bulk.same_skill")}</option>
          {skills().map((s) => (
            <option key={s} value={s}>{named("skill", s)}</option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Cause({ cause, outcome }: { cause: Signal<string>; outcome: Signal<string> }) {
  const list = causes.value.length > 0 ? causes.value : usualCauses;
  return (
    <>
      <fieldset class="choices choices-two">
        <legend>{acts.w("close.cause")}</legend>
        {list.map((x, i) => (
          <Choice key={x.id} name="cause" value={x.id} text={causeName(x)} chosen={cause.value} first={i === 0} pick={(v) => (cause.value = v)} />
        ))}
      </fieldset>
      <fieldset class="choices choices-row">
        <legend>{acts.w("close.outcome")}</legend>
        {["settled", "not_settled", "abandoned", "duplicate"].map((v) => (
          <Choice key={v} name="outcome" value={v} text={named("outcome", v)} chosen={outcome.value} pick={(x) => (outcome.value = x)} />
        ))}
      </fieldset>
    </>
  );
}
