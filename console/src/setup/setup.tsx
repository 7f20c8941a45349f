import { useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { Gate } from "../signin/gate.tsx";
import { enter } from "../store/acts.ts";
import { go } from "../store/route.ts";
import { FIRST_SITE, rest, RestError } from "../wire/rest.ts";
import { Field } from "../ui/field.tsx";
import { wear } from "../admin/wear.ts";
import { Installed } from "./installed.tsx";
import { exactOrigin } from "./origin.ts";
import css from "./setup.css?inline";
import { Team } from "./team.tsx";
import { use, w } from "./words.ts";

wear(css);

const STEPS = ["setup.step_account", "setup.step_site", "setup.step_install"] as const;

/** Setup leads the first admin through account, site and snippet; the token comes from the server's own output. */
export default function Setup({ token }: { token: string }) {
  const known = use();
  const step = useSignal(0);
  const code = useSignal(token);
  const name = useSignal("");
  const email = useSignal("");
  const password = useSignal("");
  const origin = useSignal("");
  const error = useSignal("");
  const busy = useSignal(false);

  const account = (e: Event) => {
    e.preventDefault();
    error.value = [...password.value].length < 10 ? w("setup.password_short") : "";
    if (!error.value) step.value = 1;
  };
  const finish = async (e: Event) => {
    e.preventDefault();
    const exact = exactOrigin(origin.value);
    if (!exact) {
      error.value = w("setup.origin_wrong");
      return;
    }
    busy.value = true;
    error.value = "";
    try {
      const form = { token: code.value.trim(), name: name.value.trim(), email: email.value.trim(), password: password.value };
      await rest.setup({ ...form, origin: exact });
      step.value = 2;
    } catch (err) {
      if (!(err instanceof RestError) || err.status === 0 || err.status >= 500) error.value = t("error.unavailable");
      else error.value = err.status === 401 || err.status === 403 ? w("setup.used") : err.message;
    }
    busy.value = false;
  };
  const enterDesk = async () => {
    await enter().catch(() => undefined);
    go("#/queue", true);
  };

  if (!known) return null;
  return (
    <Gate title={w("setup.title")} lead={w("setup.lead")} wide>
      <ol class="steps">
        {[...STEPS.map((key) => w(key)), w("step_team")].map((text, i) => (
          <li key={i} class={i < step.value ? "step step-done" : "step"} aria-current={i === step.value ? "step" : undefined}>
            {text}
          </li>
        ))}
      </ol>
      {step.value === 0 && (
        <form class="form" onSubmit={account}>
          {!token && <Field id="setup-token" label={w("setup.token")} hint={w("setup.token_hint")} value={code} required autofocus />}
          <Field id="setup-name" label={w("setup.name")} hint={w("setup.name_hint")} autocomplete="name" value={name} required autofocus={!!token} />
          <Field id="setup-email" label={t("signin.email")} type="email" autocomplete="username" value={email} required />
          <Field id="setup-password" label={t("signin.password")} type="password" autocomplete="new-password" hint={w("setup.password_hint")} value={password} required />
          <p class="form-error" role="alert">{error.value}</p>
          <button type="submit" class="button primary large">{w("setup.next")}</button>
        </form>
      )}
      {step.value === 1 && (
        <form class="form" onSubmit={finish}>
          <Field id="setup-origin" label={w("setup.origin")} hint={w("setup.origin_hint")} placeholder="https://shop.example.com" value={origin} required autofocus />
          <p class="form-error" role="alert">{error.value}</p>
          <div class="form-row">
            <button type="button" class="button large" onClick={() => (step.value = 0)}>{w("setup.back")}</button>
            <button type="submit" class="button primary large" disabled={busy.value}>{w("setup.create")}</button>
          </div>
        </form>
      )}
      {step.value === 2 && <Installed site={FIRST_SITE} onNext={() => (step.value = 3)} />}
      {step.value === 3 && <Team onDone={enterDesk} />}
    </Gate>
  );
}
