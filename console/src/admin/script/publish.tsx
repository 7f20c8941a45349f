import { useSignal } from "@preact/signals";
import { toast } from "../../store/toasts.ts";
import { RestError } from "../../wire/rest.ts";
import { Field } from "../../ui/field.tsx";
import { confirm, trouble } from "../parts/index.ts";
import { checking, discard, errors, mayEdit, overview, publish, renew, save, unsaved } from "./store.ts";
import { words } from "./words.ts";

/** whyNot puts a refused change into words: of a conflict it says that somebody else was quicker. */
export const whyNot = (err: unknown): string =>
  err instanceof RestError && err.status === 409 ? words.w("conflict") : trouble(err).text;

/** Publish saves the draft, and makes it live with a reason. */
export function Publish() {
  const reason = useSignal("");
  const error = useSignal("");
  const busy = useSignal(false);
  const o = overview.value;
  const drafted = (o?.draft.revision ?? 0) > 0;
  const behind = drafted && o !== undefined && o.draft.base !== o.newest ? { base: o.draft.base, newest: o.newest } : undefined;
  if (!mayEdit.value) return <p class="quiet script-foot">{words.w("admin_only")}</p>;
  if (!drafted && unsaved.value === 0) return null;
  const doing = async (act: () => Promise<void>) => {
    busy.value = true;
    error.value = "";
    try {
      await act();
    } catch (err) {
      error.value = whyNot(err);
    }
    busy.value = false;
  };
  const submit = (e: Event) => {
    e.preventDefault();
    error.value = reason.value.trim() ? "" : words.w("reason_missing");
    if (error.value) return document.getElementById("script-reason")?.focus();
    void doing(async () => {
      const made = await publish(reason.value.trim());
      toast(words.w("published", { version: made.version }));
      reason.value = "";
    });
  };
  const drop = async () => {
    if (await confirm({ title: words.w("discard_title"), text: words.w("discard_text"), act: words.w("discard"), danger: true })) await doing(discard);
  };
  const catchUp = () =>
    doing(async () => {
      const both = await renew();
      toast(both.length > 0 ? words.w("renewed_both", { files: both.join(", ") }) : words.w("renewed"));
    });
  return (
    <form class="script-foot script-publish" onSubmit={submit} noValidate>
      <Field id="script-reason" label={words.w("reason")} hint={words.w("reason_hint")} value={reason} error={error.value} />
      <div class="script-buttons">
        <button type="button" class="button ghost" disabled={busy.value} onClick={() => void drop()}>{words.w("discard")}</button>
        <button type="button" class="button" disabled={busy.value || unsaved.value === 0} onClick={() => void doing(async () => { await save(); toast(words.w("saved")); })}>
          {words.w("save_draft")}
        </button>
        {behind && (
          <button type="button" class="button" disabled={busy.value} onClick={() => void catchUp()}>{words.w("renew", behind)}</button>
        )}
        <button type="submit" class="button primary" disabled={busy.value || checking.value || errors.value > 0 || behind !== undefined}>
          {words.w("publish", { version: (o?.newest ?? 0) + 1 })}
        </button>
      </div>
      {behind && <p class="quiet" role="status">{words.w("behind", behind)}</p>}
      {errors.value > 0 && <p class="field-error">{words.w("not_sound", { errors: errors.value })}</p>}
    </form>
  );
}
