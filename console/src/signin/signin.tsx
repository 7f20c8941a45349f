import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { enter } from "../store/acts.ts";
import { go } from "../store/route.ts";
import { rest, RestError } from "../wire/rest.ts";
import { Field } from "../ui/field.tsx";
import { Gate } from "./gate.tsx";

/** refusalText says in words why a sign-in did not work. */
function refusalText(e: unknown): string {
  if (!(e instanceof RestError)) return t("error.other");
  if (e.status === 401 || e.status === 403) return t("signin.wrong");
  if (e.status === 429) return t("error.rate_limited");
  return e.status === 0 || e.status >= 500 ? t("error.unavailable") : t("signin.wrong");
}

/** SignIn asks for e-mail and password. On a server without users it leads to the set-up. */
export function SignIn() {
  const email = useSignal("");
  const password = useSignal("");
  const error = useSignal("");
  const busy = useSignal(false);
  const fresh = useSignal(false);
  useEffect(() => {
    rest.setupNeeded().then((needed) => (fresh.value = needed), () => {});
  }, []);

  const submit = async (e: Event) => {
    e.preventDefault();
    if (busy.value) return;
    busy.value = true;
    error.value = "";
    try {
      await rest.signIn(email.value.trim(), password.value);
      await enter();
    } catch (err) {
      error.value = refusalText(err);
      document.getElementById("signin-password")?.focus();
    }
    busy.value = false;
  };
  return (
    <Gate title={t("signin.title")} lead={t("signin.lead")}>
      {fresh.value && <p class="gate-hint">{t("signin.fresh")}</p>}
      <form class="form" onSubmit={submit}>
        <Field id="signin-email" label={t("signin.email")} type="email" autocomplete="username" value={email} required autofocus />
        <Field id="signin-password" label={t("signin.password")} type="password" autocomplete="current-password" value={password} required />
        <p class="form-error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="button primary large" disabled={busy.value}>
          {busy.value ? t("signin.busy") : t("signin.submit")}
        </button>
      </form>
      <p class="gate-small">{t("signin.forgot")}</p>
    </Gate>
  );
}

/** UseLink signs in by a one-time link. The token is used on a press, not on a load: mail scanners load pages. */
export function UseLink({ token }: { token: string }) {
  const error = useSignal("");
  const busy = useSignal(false);
  const use = async () => {
    busy.value = true;
    error.value = "";
    try {
      await rest.useLink(token);
      await enter();
      go("#/queue", true);
    } catch (e) {
      const gone = e instanceof RestError && e.status >= 400 && e.status < 500 && e.status !== 429;
      error.value = gone ? t("link.used") : refusalText(e);
    }
    busy.value = false;
  };
  return (
    <Gate title={t("link.title")} lead={t("link.lead")}>
      <p class="form-error" role="alert">
        {error.value}
      </p>
      <div class="form">
        <button type="button" class="button primary large" disabled={busy.value} onClick={use}>
          {t("link.use")}
        </button>
        <button type="button" class="button ghost large" onClick={() => go("#/queue", true)}>
          {t("link.password")}
        </button>
      </div>
    </Gate>
  );
}
