import plain from "../icon.svg";
import dotted from "../icon-dot.svg";
import { t } from "../i18n/index.ts";

/** showBadge puts the number of unread messages before the title, and a dot on the icon of the tab. */
export function showBadge(unread: number): void {
  const name = t("app.title");
  document.title = unread > 0 ? `(${unread}) ${name}` : name;
  showIcon(unread > 0);
}

/** showIcon sets the tab's icon; called before the page has loaded, it spares the request for /favicon.ico. */
export function showIcon(dot: boolean): void {
  const href = dot ? dotted : plain;
  let link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) {
    link = document.createElement("link");
    link.rel = "icon";
    document.head.append(link);
  }
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}
