import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { facing } from "../chat/facing.ts";
import { dayTime } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { promise, renewPromise } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import { hide } from "../store/view.ts";
import { DateField } from "../ui/datefield.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Choice } from "./close.tsx";
import { customerText, customerTime, customerZone } from "./customer.ts";
import { Area } from "./textarea.tsx";
import "./sheet.ts";
import { acts } from "./words.ts";

/** Minutes from now that are promised most often. */
const SOON = ["15", "60", "240", "1440"];

/** local writes a time as a datetime-local field takes it. */
function local(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** PromiseDialog promises something, or a call, until a time; or gives a promise a new time. It is watched from then on. */
export default function PromiseDialog({ id, call = false, renew = "" }: { id: string; call?: boolean; renew?: string }) {
  const known = acts.use();
  const language = facing(id).language || "en";
  const fact = (name: string) => chat(id).brief.value?.facts?.find((f) => f.name === name)?.value ?? "";
  const within = useSignal(call ? "60" : "240");
  const at = useSignal(local(new Date(Date.now() + 86_400_000)));
  const text = useSignal("");
  const phone = useSignal(fact("phone"));
  const touched = useRef(false);
  const wrong = useSignal("");
  const busy = useSignal(false);
  const due = (): Date => (within.value ? new Date(Date.now() + Number(within.value) * 60_000) : new Date(at.value));
  useSignalEffect(() => {
    const when = due();
    const number = phone.value.trim();
    if (renew || Number.isNaN(when.getTime())) return;
    void customerText(language, call ? (number ? "call_on" : "call") : "promise", { time: customerTime(language, when, customerZone(chat(id).events.value)), phone: number }).then((words) => {
      if (!touched.current) text.value = words;
    });
  });
  const submit = async (e: Event) => {
    e.preventDefault();
    const when = due();
    if (!(when.getTime() > Date.now())) {
      wrong.value = t("error.past");
      return document.getElementById("promise-at")?.focus();
    }
    if (!renew && !text.value.trim()) return document.getElementById("promise-text")?.focus();
    busy.value = true;
    const iso = when.toISOString();
    if (await (renew ? renewPromise(id, renew, iso) : promise(id, text.value.trim(), iso))) hide();
    busy.value = false;
  };
  if (!known) return null;
  return (
    <Dialog title={renew ? acts.w("promise.renew_title") : call ? acts.w("call.title") : acts.w("promise.title")} onClose={hide}>
      <form class="form" onSubmit={submit} noValidate>
        <fieldset class="choices choices-row">
          <legend>{acts.w("promise.until")}</legend>
          {SOON.map((m) => (
            <Choice key={m} name="within" value={m} text={acts.w(`in.${m}` as "in.15")} chosen={within.value} first={m === within.peek()} pick={(v) => (within.value = v)} />
          ))}
          <Choice name="within" value="" text={acts.w("promise.at")} chosen={within.value} pick={(v) => (within.value = v)} />
        </fieldset>
        {within.value === "" ? (
          <div class="field">
            <label for="promise-at">{acts.w("promise.when")}</label>
            <DateField id="promise-at" time min={local(new Date())} value={at.value} invalid={wrong.value !== ""} onChange={(value) => ((at.value = value), (wrong.value = ""))} />
            {wrong.value && <p class="field-error" role="alert">{wrong.value}</p>}
          </div>
        ) : (
          <p class="field-hint">{dayTime(due().toISOString())}</p>
        )}
        {call && !renew && (
          <div class="field">
            <label for="promise-phone">{acts.w("call.phone")}</label>
            <input id="promise-phone" type="tel" dir="ltr" autocomplete="off" value={phone.value} onInput={(e) => (phone.value = e.currentTarget.value)} />
          </div>
        )}
        {!renew && <Area id="promise-text" label={acts.w("to_customer")} hint={acts.w("promise.hint")} value={text} onInput={() => (touched.current = true)} />}
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={busy.value}>{renew ? t("promise.renew") : acts.w("promise.submit")}</button>
        </div>
      </form>
    </Dialog>
  );
}
