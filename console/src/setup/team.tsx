import { useSignal } from "@preact/signals";
import { CopyBox } from "../admin/parts/copy.tsx";
import { trouble } from "../admin/parts/problem.ts";
import { admin } from "../wire/admin.ts";
import { Field } from "../ui/field.tsx";
import { w } from "./words.ts";

/** Team invites the first colleague, or leaves that for later. */
export function Team({ onDone }: { onDone(): void }) {
  const name = useSignal("");
  const email = useSignal("");
  const error = useSignal("");
  const url = useSignal("");
  const invite = async (e: Event) => {
    e.preventDefault();
    error.value = name.value.trim() && email.value.trim() ? "" : w("needed");
    if (error.value) return;
    try {
      const made = await admin.addPerson({ name: name.value.trim(), email: email.value.trim(), grade: "agent", level: 1, capacity: 5 });
      url.value = (await admin.invite(made.id, false)).url;
    } catch (err) {
      error.value = trouble(err).text;
    }
  };
  return (
    <form class="form" noValidate onSubmit={invite}>
      <p>{w("team_lead")}</p>
      <Field id="team-name" label={w("name")} value={name} required autofocus />
      <Field id="team-email" label={w("email")} type="email" value={email} required />
      <p class="form-error" role="alert">{error.value}</p>
      {url.value && <CopyBox label={w("link", { name: name.value })} text={url.value} />}
      <div class="form-row">
        {!url.value && <button type="submit" class="button primary large">{w("invite")}</button>}
        <button type="button" class={url.value ? "button primary large" : "button large"} onClick={onDone}>
          {url.value ? w("done") : w("later")}
        </button>
      </div>
    </form>
  );
}
