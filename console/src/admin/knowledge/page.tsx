import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { named, t } from "../../i18n/index.ts";
import { SPOKEN } from "../../i18n/spoken.ts";
import { me } from "../../store/board.ts";
import { go, route } from "../../store/route.ts";
import { Icon } from "../../ui/icon.tsx";
import { ago, Empty, Loaded, Mark, Page, parts, Search, Table, useResource, when, type Column, type Tone } from "../parts/index.ts";
import { wear } from "../wear.ts";
import { ArticleSheet, NewArticle } from "./editor.tsx";
import { ImportSheet } from "./import.tsx";
import sheet from "./knowledge.css?inline";
import { articles, filter, type Article, type State } from "./store.ts";
import { Try } from "./try.tsx";
import { use, w } from "./words.ts";

wear(sheet);

export const languageName = (code: string): string => new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(code) ?? code;

const tones: Record<State, Tone> = { draft: "warn", approved: "good", retired: "plain" };

/** StateMark says what state a version is in. */
export const StateMark = ({ state }: { state: State }) => <Mark tone={tones[state]}>{w(`state.${state}`)}</Mark>;

const home = () => go("#/admin/knowledge");

/** KnowledgePage keeps what the bot may draw on: written, approved, imported and tried here. */
export default function KnowledgePage() {
  const known = use();
  const making = useSignal<"" | "new" | "import">("");
  const list = useResource(() => articles.list(filter.value), [filter.value]);
  if (!known) return null;
  const admin = me.value?.grade === "admin";
  const at = route.value.page === "admin" ? route.value.path.split("/")[1] : undefined;
  const closed = (saved: boolean) => {
    making.value = "";
    home();
    if (saved) void list.load();
  };
  return (
    <Page
      title={t("knowledge.title")}
      lead={w("lead")}
      actions={
        admin && (
          <>
            <button type="button" class="button" onClick={() => (making.value = "import")}>
              <Icon name="up" />
              {w("import")}
            </button>
            <button type="button" class="button primary" onClick={() => (making.value = "new")}>
              <Icon name="plus" />
              {w("new")}
            </button>
          </>
        )
      }
    >
      <Try />
      <Loaded of={list}>{(l) => <List first={l.articles} next={l.next ?? ""} />}</Loaded>
      {at && <ArticleSheet key={at} id={at} topics={list.value.value?.topics ?? []} onClose={closed} />}
      {making.value === "new" && <NewArticle topics={list.value.value?.topics ?? []} onClose={closed} />}
      {making.value === "import" && <ImportSheet onClose={closed} />}
    </Page>
  );
}

function List({ first, next }: { first: readonly Article[]; next: string }) {
  const more = useSignal<{ articles: Article[]; next: string }>({ articles: [], next });
  useEffect(() => void (more.value = { articles: [], next }), [first]);
  const columns: Column<Article>[] = [
    { key: "title", title: w("title"), cell: (a) => <span dir="auto">{a.title}</span>, sort: (a) => a.title },
    { key: "state", title: w("state"), cell: (a) => <States a={a} />, sort: (a) => a.state },
    { key: "language", title: w("language"), cell: (a) => languageName(a.language), sort: (a) => a.language },
    { key: "topics", title: w("topics"), cell: (a) => (a.topics ?? []).map((id) => named("topic", id)).join(", ") || "–" },
    { key: "updated", title: w("updated"), cell: (a) => <time dateTime={a.updated_at} title={when(a.updated_at)}>{ago(a.updated_at)}</time>, sort: (a) => a.updated_at },
  ];
  const filtered = filter.value.state !== "" || filter.value.language !== "" || filter.value.search !== "";
  const load = async () => {
    const page = await articles.list(filter.value, more.value.next);
    more.value = { articles: [...more.value.articles, ...page.articles], next: page.next ?? "" };
  };
  return (
    <div class="kn-list">
      {(first.length > 0 || filtered) && <Filters />}
      <Table
        caption={t("knowledge.title")}
        columns={columns}
        rows={[...first, ...more.value.articles]}
        id={(a) => a.id}
        open={(a) => go(`#/admin/knowledge/${a.id}`)}
        empty={filtered ? <p class="adm-wait" role="status">{parts.w("none_found")}</p> : <Empty icon="book" title={w("empty")} text={w("empty_text")} />}
      />
      {more.value.next && (
        <button type="button" class="button kn-more" onClick={() => void load()}>
          {w("more")}
        </button>
      )}
    </div>
  );
}

/** States shows the newest version's state, and what is live beneath a draft. */
function States({ a }: { a: Article }) {
  return (
    <span class="kn-states">
      <StateMark state={a.state} />
      {a.state === "draft" && a.live > 0 && <span class="kn-live">{w("live_below", { version: a.live })}</span>}
    </span>
  );
}

function Filters() {
  const f = filter.value;
  const typed = useSignal(f.search);
  useEffect(() => {
    const timer = setTimeout(() => typed.value !== filter.value.search && (filter.value = { ...filter.value, search: typed.value }), 200);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <div class="adm-filters">
      <Search words={typed.value} set={(v) => (typed.value = v)} />
      <select class="select" aria-label={w("state")} value={f.state} onChange={(e) => (filter.value = { ...f, state: e.currentTarget.value as State | "" })}>
        <option value="">{w("any_state")}</option>
        {(["approved", "draft", "retired"] as const).map((s) => <option key={s} value={s}>{w(`state.${s}`)}</option>)}
      </select>
      <select class="select" aria-label={w("language")} value={f.language} onChange={(e) => (filter.value = { ...f, language: e.currentTarget.value })}>
        <option value="">{w("any_language")}</option>
        {SPOKEN.map((l) => <option key={l} value={l}>{languageName(l)}</option>)}
      </select>
    </div>
  );
}
