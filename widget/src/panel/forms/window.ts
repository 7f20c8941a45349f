import type { Host } from "../../api.ts";
import type { Chat } from "../chat.ts";

/** What the page hands to the chat's own window, once that has said that it is there. */
export interface Passed {
  ombud: "pass";
  site: string;
  token: string;
  conversation: string;
  draft: string;
  /** Signed by the page's server, good for an hour at most. */
  identity: string;
  locale: string;
  theme: string;
}

/**
 * Opens the chat in a window of its own, on the server's own origin. The token goes there by a message to that origin alone, never
 * in an address; the window asks for it again after a reload, as long as this page is there. False: the browser forbids windows.
 */
export function ownWindow(host: Host, chat: Chat): boolean {
  const { origin } = new URL(host.base);
  const opened = open(host.base + "window.html", "ombud-" + host.settings.site, "popup,width=420,height=680");
  if (!opened) return false;
  addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== opened || from !== origin || data?.ombud !== "ready") return;
    const { site, theme } = host.settings;
    const pass: Passed = { ombud: "pass", site, ...chat.pass, draft: chat.draft, identity: host.identity, locale: host.language(), theme };
    opened.postMessage(pass, origin);
  });
  return true;
}
