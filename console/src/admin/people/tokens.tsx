import { useSignal } from "@preact/signals";
import { toast } from "../../store/toasts.ts";
import { admin, type ApiToken, type Person } from "../../wire/admin.ts";
import { confirm, CopyBox, day, Loaded, trouble, useResource } from "../parts/index.ts";
import { w } from "./words.ts";

/** Tokens lists the API tokens of somebody, makes new ones and revokes old ones. */
export function Tokens({ of }: { of: Person }) {
  const tokens = useResource(() => admin.tokens(of.id), [of.id]);
  const name = useSignal("");
  const made = useSignal("");
  const make = async () => {
    if (!name.value.trim()) return document.getElementById("token-name")?.focus();
    try {
      made.value = (await admin.addToken(of.id, name.value.trim())).token;
      name.value = "";
      await tokens.load();
    } catch (err) {
      toast(trouble(err).text, "error");
    }
  };
  const revoke = async (x: ApiToken) => {
    if (!(await confirm({ title: w("revoke_title", { name: x.name }), text: w("revoke_text"), act: w("revoke"), danger: true }))) return;
    await admin.revokeToken(of.id, x.id).catch((err: unknown) => toast(trouble(err).text, "error"));
    await tokens.load();
  };
  const enter = (e: KeyboardEvent) => {
    if (e.key !== "Enter" || e.isComposing) return;
    e.preventDefault(); // it would save the form around it
    void make();
  };
  return (
    <section class="form">
      <div>
        <h3>{w("tokens")}</h3>
        <p class="field-hint">{w("tokens_lead")}</p>
      </div>
      <Loaded of={tokens}>
        {(all) =>
          all.length === 0 ? <p class="field-hint">{w("token_none")}</p> : (
            <ul class="adm-lines">
              {all.map((x) => (
                <li key={x.id}>
                  <span dir="auto">{x.name}</span> <span class="quiet">{day(x.created_at)}</span>
                  <button type="button" class="button small adm-danger" onClick={() => void revoke(x)}>
                    {w("revoke")}
                    <span class="sr-only">: {x.name}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {made.value && <CopyBox label={w("token_once")} text={made.value} />}
      <div class="field">
        <label for="token-name">{w("token_name")}</label>
        <span class="adm-add">
          <input id="token-name" type="text" dir="auto" autocomplete="off" value={name.value} onInput={(e) => (name.value = e.currentTarget.value)} onKeyDown={enter} />
          <button type="button" class="button" onClick={() => void make()}>
            {w("token_make")}
          </button>
        </span>
      </div>
    </section>
  );
}
