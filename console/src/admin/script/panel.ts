/** What the panel tells of a message. */
export interface Said {
  id: string;
  role: string;
  text: string;
}

type Ombud = ((...args: unknown[]) => void) & { q?: unknown[] };
declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } };
  }
}
const page = window as unknown as { ombud?: Ombud };

/** The one script that this page may load: the widget of the sandbox, from this server. */
const LOADER = "/trial/w/loader.js";
const policy = window.trustedTypes?.createPolicy("ombud-trial", {
  createScriptURL(url) {
    if (url !== LOADER) throw new TypeError(`not the widget of the sandbox: ${url}`);
    return url;
  },
});

/** openPanel loads the visitor's real panel into `box`, in a new conversation of the sandbox. It gives the way to close it. */
export function openPanel(box: HTMLElement, language: string, said: (m: Said) => void, failed: () => void): { again(): void; close(): void } {
  page.ombud?.("destroy");
  const ombud = function (...args: unknown[]) {
    (ombud.q ??= []).push(args);
  } as Ombud;
  page.ombud = ombud;
  let gone = false;
  // The panel draws itself at the edge of the window. Within a box that contains it, that edge is the box's.
  const move = () => {
    const host = document.querySelector("body > ombud-chat");
    if (host && !gone) box.replaceChildren(host);
  };
  page.ombud("on", "message", (m: Said) => !gone && said(m));
  page.ombud("on", "open", move);
  page.ombud("on", "error", (e: { code?: string }) => !gone && e.code === "load" && failed());
  page.ombud("reset");
  page.ombud("open");
  const script = document.createElement("script");
  script.async = true;
  script.dataset.site = "trial";
  script.dataset.bubble = "hide";
  script.dataset.locale = language;
  script.dataset.theme = theme();
  script.src = policy ? policy.createScriptURL(LOADER) : LOADER;
  script.onerror = failed;
  document.head.append(script);
  return {
    again() {
      page.ombud?.("reset");
    },
    close() {
      gone = true;
      script.remove();
      try {
        page.ombud?.("destroy");
      } catch {
        // it had not come yet: nothing is left open
      }
      delete page.ombud;
      document.querySelector("ombud-chat")?.remove();
    },
  };
}

/** theme gives the console's own, so that the panel beside it does not differ. */
function theme(): string {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme === "dark" || scheme === "light" ? scheme : "auto";
}
