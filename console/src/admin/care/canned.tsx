import { useSignal } from "@preact/signals";
import { LANGUAGES, locale, type Language } from "../../i18n/index.ts";
import { admin, type Canned, type CannedText } from "../../wire/admin.ts";
import { Area, Editor, ListPage, RemoveButton, saying, Text, useForm, useResource } from "../parts/index.ts";
import { use, w } from "./words.ts";

const CODES = Object.keys(LANGUAGES) as Language[];

/** shownIn gives the words of a reply in the console's language, or in the first that it has. */
const shownIn = (r: Canned): CannedText | undefined => r.texts[locale.value] ?? Object.values(r.texts)[0];

/** CannedPage keeps the ready replies. */
export default function CannedPage() {
  const known = use();
  const canned = useResource(admin.canned);
  if (!known) return null;
  return (
    <ListPage
      title={w("canned")}
      lead={w("canned_lead")}
      add={w("canned_add")}
      of={canned}
      rows={(all) => all.replies}
      id={(r) => r.id}
      search={(r) => Object.values(r.texts).map((x) => `${x.key} ${x.title} ${x.text}`).join(" ")}
      columns={[
        { key: "title", title: w("ctitle"), sort: (r: Canned) => shownIn(r)?.title ?? r.id, cell: (r: Canned) => shownIn(r)?.title ?? r.id },
        { key: "key", title: w("key"), sort: (r: Canned) => shownIn(r)?.key ?? "", cell: (r: Canned) => <code>/{shownIn(r)?.key}</code> },
        { key: "text", title: w("text"), cell: (r: Canned) => <span class="adm-sub adm-clip" dir="auto">{shownIn(r)?.text}</span> },
        { key: "languages", title: w("in_languages"), cell: (r: Canned) => Object.keys(r.texts).sort().join(", ") },
      ]}
      icon="chat"
      none={w("canned_empty")}
      edit={(one, { variables }, done) => <Reply of={one} variables={variables} onClose={done} />}
    />
  );
}

type Draft = Record<string, string>;

/** draftOf lays the languages out as `en.key`, `en.title`, `en.text`; languages of others are kept as they are. */
function draftOf(r: Canned | undefined): Draft {
  const d: Draft = { id: r?.id ?? "" };
  for (const l of new Set([...CODES, ...Object.keys(r?.texts ?? {})])) {
    const x = r?.texts[l];
    d[`${l}.key`] = x?.key ?? "";
    d[`${l}.title`] = x?.title ?? "";
    d[`${l}.text`] = x?.text ?? "";
  }
  return d;
}

const languagesOf = (d: Draft): string[] => Object.keys(d).filter((k) => k.endsWith(".key")).map((k) => k.slice(0, -4));

function textsOf(d: Draft): Record<string, CannedText> {
  const out: Record<string, CannedText> = {};
  for (const l of languagesOf(d)) {
    const x = { key: d[`${l}.key`]?.trim() ?? "", title: d[`${l}.title`]?.trim() ?? "", text: d[`${l}.text`] ?? "" };
    if (x.key || x.title || x.text.trim()) out[l] = x;
  }
  return out;
}

function check(d: Draft, fresh: boolean): Record<string, string> {
  const wrong: Record<string, string> = {};
  const texts = textsOf(d);
  if (fresh && !/^[a-z0-9][a-z0-9_-]*$/.test(d["id"]?.trim() ?? "")) wrong["id"] = w("id_wrong");
  for (const [l, x] of Object.entries(texts)) {
    for (const field of ["key", "title", "text"] as const) if (!x[field].trim()) wrong[`${l}.${field}`] = w("three_needed");
  }
  if (Object.keys(texts).length === 0) wrong[`${locale.value}.text`] = w("text_needed");
  return wrong;
}

function Reply({ of, variables, onClose }: { of: Canned | undefined; variables: readonly string[]; onClose(): void }) {
  const form = useForm(() => draftOf(of), [of]);
  const at = useSignal<string>(locale.value);
  const checked = (d: Draft) => {
    const wrong = check(d, !of);
    const first = Object.keys(wrong).find((k) => k !== "id")?.split(".")[0];
    if (first) at.value = first; // what is wrong is to be seen
    return wrong;
  };
  const l = at.value;
  return (
    <Editor
      title={of ? (shownIn(of)?.title ?? of.id) : w("canned_add")}
      form={form}
      save={(d) => admin.saveCanned(of?.id ?? d["id"]?.trim() ?? "", of?.version ?? "new", textsOf(d))}
      check={checked}
      onClose={saying(onClose)}
      extra={of && <RemoveButton title={w("remove_title", { name: shownIn(of)?.title ?? of.id })} text={w("canned_remove_text")} remove={() => admin.removeCanned(of.id)} done={onClose} />}
    >
      {!of && <Text form={form} name="id" label={w("id")} hint={w("id_hint")} code autofocus />}
      <div class="segmented" role="group" aria-label={w("in_languages")}>
        {languagesOf(form.draft.value).map((code) => (
          <button key={code} type="button" aria-pressed={l === code} onClick={() => (at.value = code)}>
            {LANGUAGES[code as Language] ?? code}
          </button>
        ))}
      </div>
      <Text key={`${l}k`} form={form} name={`${l}.key`} label={w("key")} />
      <Text key={`${l}t`} form={form} name={`${l}.title`} label={w("ctitle")} />
      <Area key={`${l}x`} form={form} name={`${l}.text`} label={w("text")} hint={w("variables", { list: variables.map((v) => `{${v}}`).join(", ") })} rows={7} most={2000} />
    </Editor>
  );
}
