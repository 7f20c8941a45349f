// The chat in a window of its own, on the server's own origin. The page that opened it hands over who the visitor is.
import { storageKey, type Host } from "../api.ts";
import { direction } from "../loader/direction.ts";
import { pickLanguage } from "../loader/language.ts";
import * as forms from "../panel/forms/main.tsx";
import type { Passed } from "../panel/forms/window.ts";
import { mount } from "../panel/main.tsx";
import css from "./window.css?inline";

const answerWithin = 2_000; // milliseconds; after that the page is gone, and what is known here has to do
const key = "ombud-window";
const base = new URL(".", location.href).href;

/** Asks the page that opened this window; where it is gone, what it said before counts. Undefined: nobody did who may. */
function passed(): Promise<Passed | undefined> {
  const before = sessionStorage.getItem(key);
  return new Promise((done) => {
    const late = setTimeout(() => done(before ? JSON.parse(before) : undefined), opener ? answerWithin : 0);
    addEventListener("message", async ({ source, origin, data }) => {
      if (source !== opener || data?.ombud !== "pass" || typeof data.token !== "string" || !data.token) return;
      clearTimeout(late);
      done((await listed(data.site, origin)) ? data : undefined);
    });
    // Whoever opened this window may know that it is there: nothing is told.
    opener?.postMessage({ ombud: "ready" }, "*");
  });
}

/**
 * Whether the site lists the page that opened this window. Any page can open it, and this window may talk to the server: what a
 * page that is not listed hands over is not believed.
 */
async function listed(site: string, origin: string): Promise<boolean> {
  if (origin === location.origin) return true;
  const query = new URLSearchParams({ origin });
  const answer = await fetch(new URL(`../api/v1/sites/${encodeURIComponent(site)}/opener?${query}`, base), { credentials: "omit" }).catch(() => undefined);
  return answer?.ok === true;
}

const words = async (language: string) => (await fetch(`${base}locale/${language}.json?${LOCALE_HASH}`)).json();

/** A host for the panel as the loader is one, with nothing to fold away. */
async function host({ site, identity, locale, theme }: Passed): Promise<Host> {
  const language = pickLanguage(locale);
  const texts = await words(language);
  const place = document.createElement("ombud-chat");
  const root = place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  Object.assign(document.documentElement, { lang: language, dir: direction(language) });
  place.dir = direction(language);
  place.setAttribute("data-theme", theme);
  document.title = texts.title;
  document.body.append(place);
  return {
    base,
    root,
    identity,
    texts,
    settings: { site, locale: language, position: "right", bubble: "hide", theme: theme as "auto" },
    storage: sessionStorage,
    language: () => language,
    isOpen: () => true,
    setOpen() {},
    setUnread() {},
    emit() {},
  };
}

const pass = await passed();
if (pass) {
  // The address and the identity stay out of what is kept: an identity is short-lived, and asked for anew.
  sessionStorage.setItem(key, JSON.stringify({ ...pass, identity: "" }));
  const { token, conversation, draft } = pass;
  const known = JSON.parse(sessionStorage.getItem(storageKey(pass.site)) ?? "{}");
  // The conversation that this window is in already counts, unless the page has gone on to another visitor.
  if (known.token !== token) sessionStorage.setItem(storageKey(pass.site), JSON.stringify({ token, conversation, draft, read: 0, open: true, live: 0 }));
  mount(await host(pass), () => Promise.resolve(forms)).open(true);
} else {
  const { stopped } = await words(pickLanguage("auto"));
  document.body.textContent = stopped;
}
