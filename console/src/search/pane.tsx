import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { wear } from "../admin/wear.ts";
import { LANGUAGES, named, t } from "../i18n/index.ts";
import { languageName } from "../i18n/format.ts";
import { causeName, causes, colleagues } from "../store/board.ts";
import { go, route } from "../store/route.ts";
import { listed } from "../store/view.ts";
import { DateField } from "../ui/datefield.tsx";
import { Icon } from "../ui/icon.tsx";
import { Result } from "./result.tsx";
import { ask, asked, clear, empty, filters, hits, look, more, next, state } from "./store.ts";
import sheet from "./search.css?inline";
import { words } from "./words.ts";

wear(sheet);

/** SearchPane stands in place of the queue: what to look for, and what was found; the chat opens beside it. */
export default function SearchPane() {
  const known = words.use();
  const box = useRef<HTMLInputElement>(null);
  const open = useSignal(filters.value > 0);
  useEffect(() => {
    if (known) box.current?.focus();
  }, [known]);
  if (!known) return <section class="pane pane-list" />;
  const back = () => {
    listed.value = "queue";
    if (route.value.page === "search") go("#/queue");
  };
  return (
    <section class="pane pane-list search" aria-label={t("search.title")}>
      <header class="list-head search-head">
        <button type="button" class="button ghost square" aria-label={words.w("back")} title={words.w("back")} onClick={back}>
          <span class="flip"><Icon name="right" /></span>
        </button>
        <h2>{t("search.title")}</h2>
      </header>
      <form class="search-form" role="search" onSubmit={(e) => { e.preventDefault(); if (!empty.value) void look(); }}>
        <div class="search-box">
          <Icon name="search" />
          <input ref={box} id="search-words" type="search" dir="auto" aria-label={words.w("words")} placeholder={words.w("placeholder")} maxLength={200}
            value={asked.value.words} onInput={(e) => ask({ words: e.currentTarget.value })} onKeyDown={toResults} />
        </div>
        <div class="search-row">
          <button type="button" class="button ghost small" aria-expanded={open.value} aria-controls="search-filters" onClick={() => (open.value = !open.value)}>
            <Icon name="sliders" size={13} />
            {filters.value > 0 ? words.w("filters_on", { count: filters.value }) : words.w("more_filters")}
          </button>
          {!empty.value && (
            <button type="button" class="button ghost small" onClick={clear}>{words.w("clear")}</button>
          )}
        </div>
        <div id="search-filters" hidden={!open.value}>{open.value && <Filters />}</div>
      </form>
      <Found />
    </section>
  );
}

/** toResults moves from the field into what was found. */
function toResults(e: KeyboardEvent): void {
  if (e.key !== "ArrowDown") return;
  e.preventDefault();
  document.querySelector<HTMLElement>(".search-hits button")?.focus();
}

function Filters() {
  const a = asked.value;
  return (
    <div class="search-filters">
      <label for="search-customer">{words.w("customer")}</label>
      <input id="search-customer" type="text" dir="auto" placeholder={words.w("customer_hint")} maxLength={200} value={a.customer} onInput={(e) => ask({ customer: e.currentTarget.value })} />
      <Select name="cause" label={words.w("cause")} value={a.cause} options={causes.value.map((c) => [c.id, causeName(c)])} />
      <Select name="language" label={words.w("language")} value={a.language} options={Object.keys(LANGUAGES).map((code) => [code, languageName(code)])} />
      <Select name="agent" label={words.w("agent")} value={a.agent} options={colleagues.value.map((c) => [c.id, c.name])} />
      <label for="search-from">{words.w("from")}</label>
      <DateField id="search-from" value={a.from} max={a.to} onChange={(from) => ask({ from })} />
      <label for="search-to">{words.w("to")}</label>
      <DateField id="search-to" value={a.to} min={a.from} onChange={(to) => ask({ to })} />
    </div>
  );
}

function Select({ name, label, value, options }: { name: "cause" | "language" | "agent"; label: string; value: string; options: string[][] }) {
  return (
    <>
      <label for={`search-${name}`}>{label}</label>
      <select id={`search-${name}`} class="select" value={value} onChange={(e) => ask({ [name]: e.currentTarget.value })}>
        <option value="">{words.w("any")}</option>
        {options.map(([id = "", text = ""]) => (
          <option key={id} value={id}>{text || named("cause", id)}</option>
        ))}
      </select>
    </>
  );
}

/** said is what the status line tells: also to those who do not see the list. */
function said(): string {
  const count = hits.value.length;
  switch (state.value) {
    case "idle":
      return "";
    case "looking":
      return count === 0 && next.value ? words.w("none_yet") : words.w("looking");
    case "failed":
      return words.w("failed");
    default:
      return count === 0 ? words.w("none") : words.w(next.value ? "found_more" : "found", { count });
  }
}

function Found() {
  return (
    <div class="list-scroll search-list">
      <p class="search-said" role="status">
        {said()}
        {state.value === "failed" && <button type="button" class="button small" onClick={() => void look()}>{words.w("again")}</button>}
      </p>
      {state.value === "idle" && <p class="list-empty">{words.w("begin")}</p>}
      <ul class="search-hits" aria-busy={state.value === "looking"}>
        {hits.value.map((h) => (
          <Result key={h.conversation.id} hit={h} />
        ))}
      </ul>
      {next.value && hits.value.length > 0 && (
        <button type="button" class="button small search-more" disabled={state.value === "looking"} onClick={() => void more()}>{words.w("more")}</button>
      )}
    </div>
  );
}
