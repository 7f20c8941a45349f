import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { go, route } from "../../store/route.ts";
import { Mark, Page } from "../parts/index.ts";
import { wear } from "../wear.ts";
import { Flow } from "./flow.tsx";
import { Languages } from "./languages.tsx";
import { Publish } from "./publish.tsx";
import sheet from "./script.css?inline";
import { away, follow, load, overview, unsaved } from "./store.ts";
import { Trial } from "./trial.tsx";
import { Unanswered } from "./unanswered.tsx";
import { Versions } from "./versions.tsx";
import { words } from "./words.ts";
import { Write } from "./write.tsx";

wear(sheet);

const VIEWS = { write: Write, flow: Flow, languages: Languages, trial: Trial, unanswered: Unanswered, versions: Versions } as const;
type View = keyof typeof VIEWS;

/** view is the part of the page that the address names: #/admin/script/<view>. */
function view(): View {
  const second = route.value.page === "admin" ? route.value.path.split("/")[1] : undefined;
  return second && second in VIEWS ? (second as View) : "write";
}

/** ScriptPage writes, shows, tries out and publishes what the bot says. */
export default function ScriptPage() {
  const known = words.use();
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    void load();
    void follow();
  }, []);
  useSignalEffect(() => {
    if (unsaved.value === 0) return;
    const ask = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  });
  const at = view();
  // On a narrow screen the tabs scroll, and the chosen one may be out of sight.
  useEffect(() => {
    const chosen = tabs.current?.querySelector<HTMLElement>("[aria-current]");
    if (tabs.current && chosen) tabs.current.scrollLeft = chosen.offsetLeft - (tabs.current.clientWidth - chosen.clientWidth) / 2;
  }, [at, known]);
  if (!known) return null;
  const Body = VIEWS[at];
  return (
    <Page title={t("script.title")} lead={words.w("lead")} wide actions={<State />}>
      {away.value && (
        <p class="form-error" role="alert">
          {t("error.unavailable")}{" "}
          <button type="button" class="button small" onClick={() => void load()}>
            {words.w("again")}
          </button>
        </p>
      )}
      <nav class="script-tabs" ref={tabs} aria-label={words.w("views")}>
        {(Object.keys(VIEWS) as View[]).map((v) => (
          <a key={v} href={`#/admin/script/${v}`} aria-current={v === at ? "page" : undefined} onClick={(e) => { e.preventDefault(); go(`#/admin/script/${v}`); }}>
            {words.w(`view.${v}`)}
          </a>
        ))}
      </nav>
      {overview.value && (
        <div class="script-view" data-view={at}>
          <Body />
        </div>
      )}
      {overview.value && at !== "versions" && <Publish />}
    </Page>
  );
}

/** State tells what is live, and how far the newest version is. */
function State() {
  const o = overview.value;
  if (!o) return null;
  const version = (n: number) => (n === 0 ? words.w("built_in") : words.w("version", { version: n }));
  return (
    <div class="script-state" role="status">
      <Mark tone="accent">{words.w("live", { version: version(o.live) })}</Mark>
      {o.live !== o.newest && (o.next.stage === "failed" ? (
        <Mark tone="danger">{words.w("take_up_failed", { version: version(o.newest) })}</Mark>
      ) : (
        <Mark tone="info">{words.w("taking_up", { version: version(o.newest), share: Math.round(o.next.share * 100) })}</Mark>
      ))}
      {(o.draft.revision ?? 0) > 0 && <Mark tone="warn">{words.w("drafted")}</Mark>}
      {unsaved.value > 0 && <Mark tone="warn">{words.w("unsaved", { count: unsaved.value })}</Mark>}
    </div>
  );
}
