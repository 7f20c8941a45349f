// What the loader and the panel say to each other.

/** Settings of one page: data attributes, then `window.ombudSettings`, then `ombud("update", …)`. */
export interface Settings {
  /** Site id, as the administrator made it. */
  site: string;
  /** A language tag, or "auto" for the browser's. */
  locale: string;
  /** Side of the window. */
  position: "right" | "left";
  /** "hide" leaves opening to the page. */
  bubble: "show" | "hide";
  /** Colours: the system's, or always one. */
  theme: "auto" | "light" | "dark";
  /** What the page says of its visitor, unsigned: agents see it as unverified. At most 20 strings. */
  attributes?: Record<string, string>;
}

/** What the panel offers to the loader, once loaded. */
export interface Panel {
  open(focus: boolean): void;
  close(): void;
  send(text: string): void;
  identify(jwt: string): void;
  /** Settings changed. */
  update(): void;
  /** Forgets the visitor on this device, and starts again if the panel is open. */
  reset(): void;
  destroy(): void;
}

/** What the loader lends to the panel. */
export interface Host {
  /** Folder of the widget's files, with the trailing slash. */
  base: string;
  settings: Settings;
  root: ShadowRoot;
  /** The language of `texts`, one of those there are. */
  language(): string;
  /** The interface's words. */
  texts: Record<string, string>;
  /** JWT given by the page; "" for none. */
  identity: string;
  /** Where to keep what must outlive a page; left out: localStorage. A window of the chat's own keeps it to itself. */
  storage?: Storage;
  isOpen(): boolean;
  /** Shows and labels the launcher for the state of the panel. */
  setOpen(open: boolean): void;
  /** Number on the launcher. */
  setUnread(count: number): void;
  emit(event: string, detail?: unknown): void;
}

/** The panel's one export. */
export type Mount = (host: Host) => Panel;

/** Name of the key under which all of a site's data begins in localStorage. */
export const storageKey = (site: string) => "ombud:" + site;
