import { useSignal } from "@preact/signals";
import { toast } from "../../store/toasts.ts";
import { admin, type Site } from "../../wire/admin.ts";
import { confirm, CopyBox, Mark, trouble } from "../parts/index.ts";
import { w } from "./words.ts";

/** Keys makes and removes the keys by which a site says who its visitors are; each acts at once. */
export function Keys({ of }: { of: Site }) {
  const keys = useSignal<readonly string[]>(of.keys ?? []);
  const secret = useSignal("");
  const act = async (what: () => Promise<void>) => {
    try {
      await what();
    } catch (err) {
      toast(trouble(err).text, "error");
    }
  };
  const add = () =>
    act(async () => {
      const made = await admin.addKey(of.id);
      secret.value = made.key;
      keys.value = made.keys;
    });
  const remove = async (key: string) => {
    if (!(await confirm({ title: w("key_title"), text: w("key_text"), act: w("key_remove"), danger: true }))) return;
    await act(async () => void (keys.value = (await admin.removeKey(of.id, key)).keys ?? []));
  };
  return (
    <section class="form">
      <div>
        <h3>{w("keys")}</h3>
        <p class="field-hint">{w("keys_lead")}</p>
      </div>
      {keys.value.length > 0 && (
        <ul class="adm-lines">
          {keys.value.map((key, i) => (
            <li key={key}>
              <code>{key}</code>
              {i === 0 && <Mark tone="good">{w("key_newest")}</Mark>}
              <button type="button" class="button small adm-danger" onClick={() => void remove(key)}>
                {w("key_remove")}
                <span class="sr-only">: {key}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {secret.value && <CopyBox label={w("key_once")} text={secret.value} />}
      <p class="adm-actions">
        <button type="button" class="button" onClick={() => void add()}>
          {w("key_new")}
        </button>
      </p>
    </section>
  );
}
