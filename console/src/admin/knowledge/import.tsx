import { useSignal } from "@preact/signals";
import { SPOKEN, spoken } from "../../i18n/spoken.ts";
import { Choice, Line, Mark, Sheet, trouble, useForm, type Tone } from "../parts/index.ts";
import { languageName } from "./page.tsx";
import { articles, type Imported, type State } from "./store.ts";
import { w } from "./words.ts";

const tones: Record<Imported["outcome"], Tone> = { new: "good", changed: "info", same: "plain", refused: "danger" };

/** ImportSheet takes several Markdown files, and says what became of each. */
export function ImportSheet({ onClose }: { onClose(saved: boolean): void }) {
  const form = useForm<{ language: string; state: string; files: { name: string; text: string }[] }>(() => ({ language: spoken(), state: "draft", files: [] }));
  const done = useSignal<readonly Imported[] | undefined>(undefined);
  const { files, language, state } = form.draft.value;
  const read = async (e: Event) => {
    const chosen = [...((e.currentTarget as HTMLInputElement).files ?? [])].slice(0, 200);
    form.set("files", await Promise.all(chosen.map(async (f) => ({ name: f.webkitRelativePath || f.name, text: await f.text() }))));
  };
  const take = async () => {
    form.busy.value = true;
    form.general.value = "";
    try {
      done.value = await articles.take(files, language, state as State);
    } catch (err) {
      form.general.value = trouble(err).text;
    }
    form.busy.value = false;
  };
  const saved = done.value !== undefined;
  const foot = saved ? (
    <button type="button" class="button primary" onClick={() => onClose(true)}>{w("close")}</button>
  ) : (
    <button type="button" class="button primary" disabled={files.length === 0 || form.busy.value} onClick={() => void take()}>{w("import_count", { count: files.length })}</button>
  );
  return (
    <Sheet title={w("import")} onClose={() => onClose(saved)} foot={<><span class="sheet-gap" />{foot}</>}>
      {form.general.value && <p class="adm-failed" role="alert">{form.general.value}</p>}
      {saved ? (
        <div role="status"><ul class="kn-imported">
          {done.value?.map((f) => (
            <li key={f.name}>
              <code dir="ltr">{f.name}</code> <Mark tone={tones[f.outcome]}>{w(`outcome.${f.outcome}`)}</Mark>
              {f.error && <p class="field-error">{f.error}</p>}
            </li>
          ))}
        </ul></div>
      ) : (
        <form class="form" noValidate onSubmit={(e) => e.preventDefault()}>
          <Line name="files" label={w("files")} hint={w("files_hint")} error="">
            <input id="f-files" type="file" accept=".md,text/markdown" multiple aria-describedby="f-files-hint" onChange={(e) => void read(e)} />
          </Line>
          <Choice form={form} name="language" label={w("language")} hint={w("language_hint")} options={SPOKEN.map((l) => ({ value: l, label: languageName(l) }))} />
          <Choice form={form} name="state" label={w("state")} options={(["draft", "approved"] as const).map((s) => ({ value: s, label: w(`state.${s}`) }))} />
        </form>
      )}
    </Sheet>
  );
}
