import { useSignal } from "@preact/signals";
import { SPOKEN, spoken } from "../../i18n/spoken.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { Area, Choice, confirm, Line, Loaded, Many, parts, personName, Sheet, Text, useForm, useResource, when, type Form } from "../parts/index.ts";
import { Markdown } from "./markdown.tsx";
import { languageName, StateMark } from "./page.tsx";
import { articles, type Shown, type State, type Version } from "./store.ts";
import { w } from "./words.ts";

interface Draft {
  language: string;
  title: string;
  topics: string[];
  body: string;
  reason: string;
}

interface Common {
  topics: readonly string[];
  onClose(saved: boolean): void;
}

/** NewArticle writes the first version of an article. */
export function NewArticle({ topics, onClose }: Common) {
  const form = useForm<Draft>(() => ({ language: spoken(), title: "", topics: [], body: "", reason: "" }));
  const save = (state: State) => async (d: Draft) => void (await articles.create(d.language, { ...given(d), state }));
  return <Writing title={w("new")} form={form} topics={topics} save={save} onClose={onClose} fresh />;
}

/** ArticleSheet shows an article to everybody, and lets admins write its next version. */
export function ArticleSheet({ id, topics, onClose }: Common & { id: string }) {
  const shown = useResource(() => articles.read(id), [id]);
  const at = shown.value.value;
  if (!at) {
    return (
      <Sheet title={w("article")} onClose={() => onClose(false)}>
        <Loaded of={shown}>{() => null}</Loaded>
      </Sheet>
    );
  }
  return me.value?.grade === "admin" ? <Edit at={at} topics={topics} onClose={onClose} /> : (
    <Sheet title={at.article.title} onClose={() => onClose(false)}>
      <About at={at} />
      <Markdown text={at.newest.body ?? ""} />
      <History at={at} />
    </Sheet>
  );
}

const given = (d: Draft) => ({ title: d.title.trim(), body: d.body, topics: d.topics, ...(d.reason.trim() && { reason: d.reason.trim() }) });

function Edit({ at, topics, onClose }: Common & { at: Shown }) {
  const { article: a, newest: v } = at;
  const form = useForm<Draft>(() => ({ language: a.language, title: v.title, topics: v.topics ?? [], body: v.body ?? "", reason: "" }), [a.id, v.version]);
  const save = (state: State) => async (d: Draft) => void (await articles.save(a.id, a.version + 1, { ...given(d), state }));
  return (
    <Writing title={a.title} form={form} topics={topics} save={save} onClose={onClose} retire={a.live > 0} approved={a.state === "approved"}>
      <About at={at} />
      <History at={at} />
    </Writing>
  );
}

interface WritingProps extends Common {
  title: string;
  form: Form<Draft>;
  save(state: State): (d: Draft) => Promise<void>;
  fresh?: boolean;
  retire?: boolean;
  /** the newest version is approved already */
  approved?: boolean;
  children?: preact.ComponentChildren;
}

function Writing({ title, form, topics, save, onClose, fresh = false, retire = false, approved = false, children }: WritingProps) {
  const preview = useSignal(false);
  const check = (d: Draft) => ({ title: d.title.trim() ? "" : parts.w("required"), body: d.body.trim() ? "" : parts.w("required") });
  const act = async (state: State) => {
    if (state === "retired" && !(await confirm({ title: w("retire_title"), text: w("retire_text"), act: w("retire"), danger: true }))) return;
    preview.value = false;
    if (!(await form.submit(save(state), check))) return;
    toast(w(`done.${state}`));
    onClose(true);
  };
  const busy = form.busy.value;
  const foot = (
    <>
      {retire && <button type="button" class="button adm-danger" disabled={busy} onClick={() => void act("retired")}>{w("retire")}</button>}
      <span class="sheet-gap" />
      <button type="button" class="button" disabled={busy || !form.dirty.value} onClick={() => void act("draft")}>{w("save_draft")}</button>
      <button type="button" class="button primary" disabled={busy || (approved && !form.dirty.value)} onClick={() => void act("approved")}>{w("approve")}</button>
    </>
  );
  return (
    <Sheet title={title} dirty={form.dirty.value} onClose={() => onClose(false)} foot={foot}>
      <form class="form" noValidate onSubmit={(e) => e.preventDefault()}>
        {form.general.value && <p class="adm-failed" role="alert">{form.general.value}</p>}
        <Text form={form} name="title" label={w("title")} autofocus={fresh} />
        {fresh && <Choice form={form} name="language" label={w("language")} options={SPOKEN.map((l) => ({ value: l, label: languageName(l) }))} />}
        <Many form={form} name="topics" label={w("topics")} hint={w("topics_hint", { topics: topics.slice(0, 6).join(", ") })} optional clean={(s) => (topics.length === 0 || topics.includes(s) ? s : undefined)} />
        <div class="segmented kn-views" role="group" aria-label={w("view")}>
          <button type="button" aria-pressed={!preview.value} onClick={() => (preview.value = false)}>{w("write")}</button>
          <button type="button" aria-pressed={preview.value} onClick={() => (preview.value = true)}>{w("preview")}</button>
        </div>
        {preview.value ? (
          <Line name="body" label={w("body")} error="" group><Markdown text={form.draft.value.body} /></Line>
        ) : (
          <Area form={form} name="body" label={w("body")} hint={w("body_hint")} rows={14} most={100_000} />
        )}
        <Text form={form} name="reason" label={w("reason")} optional />
      </form>
      {children}
    </Sheet>
  );
}

function About({ at: { article: a } }: { at: Shown }) {
  return (
    <p class="kn-about">
      <StateMark state={a.state} />
      <span>{languageName(a.language)}</span>
      <code dir="ltr">{a.slug}</code>
      <span>{a.live > 0 ? w("live", { version: a.live }) : w("not_live")}</span>
    </p>
  );
}

function History({ at }: { at: Shown }) {
  return (
    <section class="kn-history">
      <h3>{w("history")}</h3>
      <ol reversed>
        {at.versions.map((v) => <Old key={v.version} id={at.article.id} v={v} />)}
      </ol>
    </section>
  );
}

/** Old shows one version; its text is fetched when it is first opened. */
function Old({ id, v }: { id: string; v: Version }) {
  const text = useSignal<string | undefined>(undefined);
  const open = async (e: Event) => {
    if (!(e.currentTarget as HTMLDetailsElement).open || text.value !== undefined) return;
    text.value = (await articles.version(id, v.version).catch(() => undefined))?.body;
  };
  return (
    <li>
      <details onToggle={(e) => void open(e)}>
        <summary>
          {w("version", { version: v.version })} <StateMark state={v.state} /> <span class="kn-who">{v.author ? personName(v.author) : w("folder")}, {when(v.at)}</span>
          {v.reason && <span class="kn-why" dir="auto">{v.reason}</span>}
        </summary>
        {text.value !== undefined && <Markdown text={text.value} />}
      </details>
    </li>
  );
}
