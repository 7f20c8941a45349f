import { signal, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { keys } from "../desk/keys.ts";
import { go } from "../store/route.ts";
import { Icon } from "../ui/icon.tsx";
import sheet from "./admin.css?inline";
import { GROUPS } from "./groups.ts";
import { pagesFor, type AdminPage } from "./pages.ts";
import { Confirms } from "./parts/confirm.tsx";
import { parts } from "./parts/words.ts";
import { me } from "../store/board.ts";
import { wear } from "./wear.ts";

wear(sheet);

/** Whether a narrow screen shows the navigation in place of the page. */
const unfolded = signal(false);

/** Frame is the administration: the navigation, and one page, whose code is fetched when it is first opened. */
export default function Frame({ page }: { page: AdminPage }) {
  const known = parts.use();
  useEffect(() => {
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
  if (!known) return <main class="admin" />;
  return (
    <main class="admin">
      <Bar page={page} />
      <Nav at={page.path} />
      <Shown key={page.path} page={page} />
      <Confirms />
    </main>
  );
}

/** Shown fetches a page and shows it from its top. */
function Shown({ page }: { page: AdminPage }) {
  const view = useSignal<{ Body: ComponentType } | undefined>(undefined);
  const failed = useSignal(false);
  const load = () => {
    failed.value = false;
    page.load().then((m) => (view.value = { Body: m.default }), () => (failed.value = true));
  };
  useSignalEffect(load);
  useEffect(() => {
    unfolded.value = false;
    const before = document.title;
    document.title = `${t(page.title)} · ${before.split(" · ").at(-1)}`;
    return () => void (document.title = before);
  }, []);
  const Body = view.value?.Body;
  return (
    <div class="adm-main" data-page={page.path} tabIndex={0}>
      {Body ? <Body /> : failed.value && (
        <p class="adm-failed" role="alert">
          {t("error.unavailable")}{" "}
          <button type="button" class="button small" onClick={load}>
            {parts.w("again")}
          </button>
        </p>
      )}
    </div>
  );
}

/** Bar stands in place of the navigation on a narrow screen, and unfolds it. */
function Bar({ page }: { page: AdminPage }) {
  return (
    <div class="adm-bar">
      <button type="button" class="button" aria-expanded={unfolded.value} aria-controls="adm-nav" onClick={() => (unfolded.value = !unfolded.value)}>
        <Icon name={unfolded.value ? "close" : "menu"} />
        <span class="sr-only">{parts.w("menu")}: </span>
        <span class="adm-bar-at">{t(page.title)}</span>
      </button>
      <span class="adm-bar-gap" />
      <button type="button" class="button ghost adm-bar-back" title={parts.w("back")} onClick={() => go("#/queue")}>
        <Icon name="inbox" />
        <span class="adm-bar-text">{parts.w("back")}</span>
      </button>
    </div>
  );
}

/** Nav lists the pages by what they are about. Arrows move through it, as Tab does. */
function Nav({ at }: { at: string }) {
  const ref = useRef<HTMLElement>(null);
  const pages = pagesFor(me.value);
  const move = (e: KeyboardEvent) => {
    const all = [...(ref.current?.querySelectorAll<HTMLElement>("a") ?? [])];
    const from = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: from + 1, ArrowUp: from - 1 + all.length, Home: 0, End: all.length - 1 };
    const to = steps[e.key];
    if (e.key === "Escape" && unfolded.value) unfolded.value = false;
    if (to === undefined || from < 0) return;
    e.preventDefault();
    all[to % all.length]?.focus();
  };
  return (
    <nav id="adm-nav" ref={ref} class={unfolded.value ? "adm-nav adm-nav-open" : "adm-nav"} aria-label={parts.w("title")} onKeyDown={move}>
      {pages.length > 1 && <p class="adm-nav-title">{parts.w("title")}</p>}
      {GROUPS.map((group) => {
        const inIt = pages.filter((p) => p.group === group);
        if (inIt.length === 0) return null;
        return (
          <section key={group} aria-labelledby={`adm-group-${group}`}>
            <h2 id={`adm-group-${group}`}>{parts.w(`group.${group}`)}</h2>
            <ul>
              {inIt.map((p) => (
                <li key={p.path}>
                  <a href={`#/admin/${p.path}`} aria-current={p.path === at ? "page" : undefined} onClick={() => (unfolded.value = false)}>
                    <Icon name={p.icon} />
                    {t(p.title)}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
