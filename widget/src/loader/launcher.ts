import type { Settings } from "../api.ts";
import { direction } from "./direction.ts";
import { titles } from "./language.ts";
import css from "./launcher.css?inline";

const svgNamespace = "http://www.w3.org/2000/svg";

// Two drawings of one button: a speech bubble, and the chevron that folds the panel away.
const bubblePath = "M12 4c5 0 8.5 3 8.5 7s-3.5 7-8.5 7c-1 0-2-.1-2.9-.4L4.5 20l1.1-3.5C4.3 15.2 3.5 13.2 3.5 11c0-4 3.5-7 8.5-7z";
const chevronPath = "M6 9.5l6 6 6-6";

/** The button that opens the chat, in its own shadow root; the panel moves in beside it. */
export function launcher(settings: Settings, language: string, click: () => void) {
  const host = document.createElement("ombud-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  const svg = document.createElementNS(svgNamespace, "svg");
  const path = document.createElementNS(svgNamespace, "path");
  const badge = document.createElement("span");
  button.type = "button";
  button.className = "launcher";
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  svg.append(path);
  badge.className = "badge";
  button.append(svg, badge);
  button.onclick = click;
  root.append(button);

  let unread = 0;
  const label = () => {
    const name = titles[language] ?? "Chat";
    badge.textContent = unread ? String(Math.min(unread, 99)) : "";
    button.ariaLabel = unread ? `${name} (${unread})` : name;
  };
  const draw = (open: boolean, now: Settings, speak = language) => {
    language = speak;
    host.lang = language;
    host.dir = direction(language);
    for (const name of ["position", "theme", "bubble"] as const) host.setAttribute("data-" + name, now[name]);
    button.ariaExpanded = String(open);
    path.setAttribute("d", open ? chevronPath : bubblePath);
    label();
  };
  draw(false, settings);
  document.body.append(host);

  return {
    root,
    draw,
    unread(count: number) {
      unread = count;
      label();
    },
    busy(on: boolean) {
      button.ariaBusy = String(on);
    },
    remove: () => host.remove(),
  };
}
