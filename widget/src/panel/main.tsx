/** @jsxImportSource ./dom */
import { storageKey, type Host, type Panel } from "../api.ts";
import { direction } from "../loader/direction.ts";
import { Chat } from "./chat.ts";
import { render } from "./dom/render.ts";
import { Words } from "./locale.ts";
import css from "./panel.css?inline";
import { Dialog, type Forms, type UI } from "./view.tsx";

/** Puts the panel into the launcher's shadow root, folded away, and connects. */
export function mount(host: Host, load = (base: string): Promise<Forms> => import(base + FORMS_FILE)): Panel {
  const { root } = host;
  adopt(root, css);
  const place = document.createElement("div");
  place.className = "place";
  place.hidden = true;
  root.prepend(place);

  const ui: UI = { form: "", away: false, count: 0, error: "", rating: 0, begun: false, file: "", about: "", mailed: "" };
  const narrow = matchMedia("(max-width: 479px)");
  const stop = new AbortController();
  let words = new Words(host);
  let opener: Element | null = null;
  let drawing = false;
  let forms: Forms | undefined;
  let loading: Promise<void> | undefined;
  let said = host.settings.attributes;

  /** Fetches the forms once; a load that broke is tried again at the next need. */
  const needForms = () =>
    (loading ??= Promise.all([load(host.base), speakForms()]).then(
      ([loaded]) => {
        forms = loaded;
        adopt(root, forms.css);
        changed();
      },
      () => void (loading = undefined),
    ));
  /** The words of the forms lie apart too. */
  const speakForms = () =>
    Promise.all(
      ["forms", "more"].map(async (part) => {
        const texts = await (await fetch(`${host.base}locale/${part}/${host.language()}.json?${LOCALE_HASH}`)).json();
        Object.assign(host.texts, texts);
      }),
    );
  const draw = () => {
    drawing = false;
    if (stop.signal.aborted) return;
    if (chat.owner !== "closed") ui.rating = 0;
    if (chat.owner !== "bot" || chat.ask.length || chat.fileLimit || chat.timeline.rich) needForms();
    render(place, <Dialog {...{ host, chat, forms, words, ui, full: narrow.matches, changed, close, show }} />);
    seen();
  };
  const seen = (leaving?: boolean) => {
    if (host.isOpen() && document.visibilityState === "visible") chat.read(leaving);
  };
  /** Draws once for all the changes of one turn of the event loop. */
  const changed = () => {
    if (!drawing) queueMicrotask(draw);
    drawing = true;
  };
  const focus = () => place.querySelector<HTMLElement>("[data-focus]")?.focus();
  const show = async (form: UI["form"]) => {
    await needForms();
    Object.assign(ui, { form, error: "", mailed: "" });
    if (form === "call") forms?.findSlots(chat);
    draw();
    focus();
  };
  const close = () => {
    if (!host.isOpen() || host.storage) return;
    const inside = place.contains(root.activeElement);
    seen(true);
    chat.keep({ open: false });
    place.hidden = true;
    host.setOpen(false);
    // Back to where the visitor came from: the launcher, or the page's own button.
    const back = host.settings.bubble === "hide" ? opener : root.querySelector(".launcher");
    if (inside) (back as HTMLElement | null)?.focus();
  };
  const speak = () => {
    place.lang = host.language();
    place.dir = direction(place.lang);
  };
  /** A telephone's keyboard covers part of the window; the panel keeps to the part that is seen. */
  const fit = () => place.style.setProperty("--seen", `${Math.round(visualViewport!.height)}px`);
  const on = (target: EventTarget, type: string, run: (event: any) => void) => target.addEventListener(type, run, { signal: stop.signal });

  on(place, "keydown", (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (ui.form) show("");
      else close();
    } else if (event.key === "Tab" && narrow.matches) keepInside(event, place, root);
  });
  if (window.visualViewport) on(visualViewport!, "resize", fit);
  on(narrow, "change", changed);
  // Opened or closed in the tab that the visitor looks at.
  on(window, "storage", ({ key, newValue }: StorageEvent) => {
    if (key !== storageKey(host.settings.site) || !newValue || !document.hidden) return;
    const open = JSON.parse(newValue).open === true;
    if (open !== host.isOpen()) open ? panel.open(false) : close();
  });
  on(document, "visibilitychange", changed);
  on(window, "pagehide", () => seen(true)); // before the chat's own, which closes the socket
  speak();
  const chat = new Chat(host, changed);

  setTimeout(needForms, 2000); // the visitor is reading now, and may be without a network later

  const panel: Panel = {
    open(andFocus) {
      opener = document.activeElement;
      host.setOpen(true);
      chat.keep({ open: true });
      place.hidden = false;
      if (window.visualViewport) fit();
      draw();
      host.setUnread(0);
      if (andFocus) focus();
    },
    close,
    send: (text) => chat.say(text),
    identify(jwt) {
      host.identity = jwt;
      chat.again();
    },
    update() {
      words = new Words(host);
      if (loading) speakForms().then(changed);
      speak();
      if (host.settings.attributes !== said) chat.again();
      said = host.settings.attributes;
      changed();
    },
    reset: () => chat.reset(),
    destroy() {
      stop.abort();
      chat.destroy();
    },
  };
  return panel;
}

function adopt(root: ShadowRoot, css: string) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** Full screen there is nothing else to reach: Tab goes round. */
function keepInside(event: KeyboardEvent, place: HTMLElement, root: ShadowRoot) {
  const all = [...place.querySelectorAll<HTMLElement>("a[href], button, textarea, input, [tabindex]")].filter((e) => e.offsetParent);
  const [first, last] = [all[0], all.at(-1)];
  if (root.activeElement !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
