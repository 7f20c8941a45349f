import { useSignal } from "@preact/signals";
import { go } from "../../store/route.ts";
import type { Outline, TextRow } from "../../wire/script.ts";
import { useOutline } from "./flow.tsx";
import { away, open, outline, outlineError } from "./store.ts";
import { words } from "./words.ts";

/** Rows that are shown at once. */
const SHOWN = 40;

/** Languages shows every text in two languages side by side, what is missing first where only that is wanted. */
export function Languages() {
  useOutline();
  const o = outline.value;
  if (!o) return <p role="status">{outlineError.value || words.w("loading")}</p>;
  return <Side o={o} />;
}

function Side({ o }: { o: Outline }) {
  const left = useSignal(o.languages[0] ?? "");
  const right = useSignal(o.languages[1] ?? o.languages[0] ?? "");
  const only = useSignal(false);
  const term = useSignal("");
  const shown = useSignal(SHOWN);
  const lacks = (r: TextRow) => o.languages.filter((l) => !r.wordings[l]?.length);
  const missing = o.texts.filter((r) => lacks(r).length > 0);
  const find = term.value.trim().toLowerCase();
  const fits = (r: TextRow) => !find || r.key.includes(find) || [left.value, right.value].some((l) => r.wordings[l]?.some((s) => s.toLowerCase().includes(find)));
  const rows = (only.value ? missing : o.texts).filter(fits);
  const pick = (label: string, value: typeof left) => (
    <label class="field-line">
      <span>{label}</span>
      <select class="select" value={value.value} onChange={(e) => (value.value = e.currentTarget.value)}>
        {o.languages.map((l) => (
          <option key={l} value={l}>{languageName(l)}</option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <div class="script-bar">
        {pick(words.w("left"), left)}
        {pick(words.w("right"), right)}
        <label class="field-line">
          <span>{words.w("search")}</span>
          <input class="script-input" type="search" value={term.value} onInput={(e) => (term.value = e.currentTarget.value)} />
        </label>
        <label class="script-check">
          <input type="checkbox" checked={only.value} onChange={(e) => (only.value = e.currentTarget.checked)} />
          {words.w("only_missing")}
        </label>
      </div>
      <p role="status">{missing.length === 0 ? words.w("none_missing") : words.w("some_missing", { count: missing.reduce((n, r) => n + lacks(r).length, 0), languages: [...new Set(missing.flatMap(lacks))].map(languageName).join(", ") })}</p>
      <div class="script-scroll" tabIndex={0} role="region" aria-label={words.w("view.languages")}>
        <table class="script-table script-side">
          <thead>
            <tr>
              <th scope="col">{words.w("col_text")}</th>
              <th scope="col">{languageName(left.value)}</th>
              <th scope="col">{languageName(right.value)}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown.value).map((r) => (
              <tr key={r.key}>
                <th scope="row" dir="ltr">{r.key}{lacks(r).length > 0 && <small class="script-lack">{words.w("lacks", { languages: lacks(r).join(", ") })}</small>}</th>
                <Wordings r={r} language={left.value} />
                <Wordings r={r} language={right.value} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += 200)}>{words.w("more", { count: rows.length - shown.value })}</button>
      )}
    </>
  );
}

/** languageName names a language in itself, as its readers look for it. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function Wordings({ r, language }: { r: TextRow; language: string }) {
  const all = r.wordings[language];
  const edit = () => {
    open(`texts/${language}.yaml`, r.lines[language] ?? 1).then(() => go("#/admin/script/write"), () => (away.value = true));
  };
  return (
    <td lang={language} dir="auto" class={all?.length ? "" : "script-missing"}>
      {all?.length ? (
        <ul>
          {all.map((s, i) => (
            <li key={i}>{s}</li>
          ))}
        </ul>
      ) : (
        <strong>{words.w("missing")}</strong>
      )}
      <button type="button" class="button ghost small" onClick={edit}>
        {words.w("edit")}
        <span class="sr-only"> {r.key}, {language}</span>
      </button>
    </td>
  );
}
