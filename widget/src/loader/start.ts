import { storageKey, type Host, type Mount, type Panel, type Settings } from "../api.ts";
import { launcher } from "./launcher.ts";
import { pickLanguage } from "./language.ts";

type Call = ArrayLike<unknown>;
type Listener = (detail: unknown) => void;

declare global {
  interface Window {
    ombud?: ((...args: unknown[]) => void) & { q?: Call[] };
    ombudSettings?: Partial<Settings>;
  }
}

/** Starts the widget: answers `window.ombud` at once, draws the launcher when the page is idle, loads the panel at need. */
export function start(load: (base: string) => Promise<Mount>): void {
  const script = document.currentScript as HTMLScriptElement;
  // The pinned file, which names no panel file, lies one folder deeper.
  const base = new URL(PANEL_FILE ? "." : "..", script.src).href;
  const settings: Settings = {
    site: "",
    locale: "auto",
    position: "right",
    bubble: "show",
    theme: "auto",
    ...script.dataset,
    ...window.ombudSettings,
  };
  const listeners = new Map<string, Set<Listener>>();
  let panel: Panel | undefined;
  let loading: Promise<Panel | undefined> | undefined;
  let button: ReturnType<typeof launcher> | undefined;
  let open = false;
  let gone = false;
  let ready = false;
  let language = pickLanguage(settings.locale);

  const emit = (event: string, detail?: unknown) => {
    for (const listener of listeners.get(event) ?? []) safely(() => listener(detail));
    dispatchEvent(new CustomEvent("ombud:" + event, { detail }));
  };
  const host: Omit<Host, "root"> & { root?: ShadowRoot } = {
    base,
    settings,
    identity: "",
    texts: {},
    language: () => language,
    isOpen: () => open,
    setOpen(now) {
      if (open === now) return;
      open = now;
      button?.draw(now, settings);
      emit(now ? "open" : "close");
    },
    setUnread(count) {
      button?.unread(count);
      emit("unread", count);
    },
    emit,
  };

  const broken = (error: unknown) => emit("error", { code: "load", message: String(error) });
  /** Fetches the words of a language, and makes it the language of all. */
  const speak = async (wanted: string) => {
    host.texts = await (await fetch(`${base}locale/${wanted}.json?${LOCALE_HASH}`)).json();
    language = wanted;
  };
  /** Loads the panel once; a load that broke may be tried again. */
  const need = () =>
    (loading ??= (async () => {
      draw();
      button!.busy(true);
      try {
        const [mount] = await Promise.all([load(base), speak(language)]);
        host.root = button!.root;
        if (!gone) panel = mount(host as Host);
      } catch (error) {
        loading = undefined;
        broken(error);
      }
      button?.busy(false);
      return panel;
    })());
  const show = (focus: boolean) => (panel ? panel.open(focus) : need().then((p) => p?.open(focus)));

  const draw = () => {
    button ??= launcher(settings, language, () => (open ? panel?.close() : show(true)));
  };

  const commands: Record<string, (...args: any[]) => void> = {
    open: () => show(true),
    close: () => panel?.close(),
    toggle: () => (open ? panel?.close() : show(true)),
    identify(jwt: string) {
      host.identity = jwt;
      panel?.identify(jwt);
    },
    async update(changes: Partial<Settings>) {
      Object.assign(settings, changes);
      const wanted = pickLanguage(settings.locale);
      if (!panel) language = wanted;
      else if (wanted !== language) await speak(wanted).catch(broken);
      button?.draw(open, settings, language);
      panel?.update();
    },
    reset() {
      if (panel) panel.reset();
      else attempt(() => forget(settings.site));
    },
    send: (text: string) => (panel ? panel.send(text) : need().then((p) => p?.send(text))),
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      if (event === "ready" && ready) listener(undefined);
    },
    off(event: string, listener?: Listener) {
      if (listener) listeners.get(event)?.delete(listener);
      else listeners.delete(event);
    },
    destroy() {
      gone = true;
      panel?.destroy();
      button?.remove();
      panel = button = undefined;
      listeners.clear();
      delete window.ombud;
    },
  };
  const run = (call: Call) => {
    const [name, ...args] = Array.from(call);
    const command = commands[name as string];
    if (!command) throw new TypeError("ombud: no command " + name);
    command(...args);
  };

  const queued = window.ombud?.q ?? [];
  window.ombud = (...args) => run(args);
  whenIdle(() => {
    if (gone) return;
    draw();
    for (const call of queued) safely(() => run(call));
    ready = true;
    emit("ready");
    if (gone) return;
    // A conversation that goes on, or a message not yet delivered, needs its panel on every page, seen or not.
    const kept = attempt(() => JSON.parse(localStorage.getItem(storageKey(settings.site))!));
    if (kept?.open) show(false);
    else if (kept?.live > Date.now()) need();
  });
}

/** A page's mistake is reported as the page's own; the chat goes on. */
function safely(run: () => void) {
  try {
    run();
  } catch (error) {
    reportError(error);
  }
}

/** Waits for the load event, then for an idle moment: the widget never competes with the page. */
function whenIdle(run: () => void) {
  const idle = () => ("requestIdleCallback" in window ? requestIdleCallback(run, { timeout: 2000 }) : setTimeout(run, 200));
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true });
}

function forget(site: string) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(storageKey(site))) localStorage.removeItem(key);
}

/** A browser that forbids storage throws on the mere mention of it: then nothing is kept, and that is all. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
