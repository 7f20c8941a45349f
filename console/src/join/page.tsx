import { useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { Gate } from "../signin/gate.tsx";
import { enter } from "../store/acts.ts";
import { go } from "../store/route.ts";
import { rest, RestError } from "../wire/rest.ts";
import { Field } from "../ui/field.tsx";
import { use, w } from "./words.ts";

/** The least length of a password, as the server has it. */
const LEAST = 10;

/** Join lets whoever was invited choose a password; the link is used up by that, not by opening it. */
export default function Join({ token }: { token: string }) {
  const known = use();
  const password = useSignal("");
  const again = useSignal("");
  const short = useSignal("");
  const differ = useSignal("");
  const error = useSignal("");
  const busy = useSignal(false);
  if (!known) return null;
  const submit = async (e: Event) => {
    e.preventDefault();
    short.value = [...password.value].length < LEAST ? w("short") : "";
    differ.value = again.value === password.value ? "" : w("differ");
    error.value = "";
    if (short.value || differ.value) return document.getElementById(short.value ? "join-password" : "join-again")?.focus();
    busy.value = true;
    try {
      await rest.choosePassword(token, password.value);
      await enter();
      go("#/queue", true);
    } catch (err) {
      if (!(err instanceof RestError) || err.status === 0 || err.status >= 500) error.value = t("error.unavailable");
      else if (err.status === 429) error.value = t("error.rate_limited");
      else error.value = err.status === 422 ? err.hint || err.message : w("used");
    }
    busy.value = false;
  };
  return (
    <Gate title={w("title")} lead={w("lead")}>
      <form class="form" noValidate onSubmit={submit}>
        <Field id="join-password" label={w("password")} type="password" autocomplete="new-password" hint={w("hint")} value={password} error={short.value} required autofocus />
        <Field id="join-again" label={w("again")} type="password" autocomplete="new-password" value={again} error={differ.value} required />
        <p class="form-error" role="alert">{error.value}</p>
        <button type="submit" class="button primary large" disabled={busy.value}>{w("submit")}</button>
      </form>
    </Gate>
  );
}
