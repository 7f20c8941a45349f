import { useSignal } from "@preact/signals";
import { SPOKEN, spoken } from "../../i18n/spoken.ts";
import { Icon } from "../../ui/icon.tsx";
import { Card, trouble } from "../parts/index.ts";
import { languageName } from "./page.tsx";
import { articles, type Passage } from "./store.ts";
import { w } from "./words.ts";

/** Try asks as a customer would, and shows which passages the bot would draw on. */
export function Try() {
  const text = useSignal("");
  const language = useSignal<string>(spoken());
  const found = useSignal<readonly Passage[] | undefined>(undefined);
  const failed = useSignal("");
  const ask = async (e: Event) => {
    e.preventDefault();
    if (!text.value.trim()) return;
    failed.value = "";
    try {
      found.value = await articles.find(text.value, language.value);
    } catch (err) {
      failed.value = trouble(err).text;
    }
  };
  return (
    <Card title={w("try")} text={w("try_text")}>
      <form class="kn-try" onSubmit={(e) => void ask(e)}>
        <label class="adm-search">
          <Icon name="search" />
          <span class="sr-only">{w("question")}</span>
          <input type="search" dir="auto" maxLength={1000} placeholder={w("question")} value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
        </label>
        <select class="select" aria-label={w("language")} value={language.value} onChange={(e) => (language.value = e.currentTarget.value)}>
          {SPOKEN.map((l) => <option key={l} value={l}>{languageName(l)}</option>)}
        </select>
        <button type="submit" class="button">{w("ask")}</button>
      </form>
      <div role="status">
        {failed.value && <p class="field-error">{failed.value}</p>}
        {found.value?.length === 0 && <p class="field-hint">{w("nothing_found")}</p>}
      </div>
      {found.value && found.value.length > 0 && <Passages all={found.value} />}
    </Card>
  );
}

function Passages({ all }: { all: readonly Passage[] }) {
  const best = all[0]?.score ?? 1;
  return (
    <ol class="kn-found" aria-label={w("found")}>
      {all.map((p) => (
        <li key={p.id}>
          <p class="kn-found-head">
            {p.article ? <a href={`#/admin/knowledge/${p.article}`} dir="auto">{p.title}</a> : <strong dir="auto">{p.title}</strong>}
            <meter min={0} max={best} value={p.score} aria-label={w("fit")} />
          </p>
          <p dir="auto">{p.text}</p>
        </li>
      ))}
    </ol>
  );
}
