import type { Host } from "../api.ts";
import type { Data, Frame, Owner, Slot } from "./frames.ts";
import { Outbox } from "./outbox.ts";
import { Socket } from "./socket.ts";
import { newId, Store } from "./store.ts";
import { Timeline } from "./timeline.ts";

// Milliseconds.
const sayOffline = 800; // shorter interruptions are nobody's business
const typingEvery = 3_000;
const typingFades = 8_000;
const historyQuiet = 300; // no event for so long after the welcome: the history is in
const liveFor = 12 * 3_600_000;

/** One visitor's chat: the connection, the messages and what is known of the other side. Calls `changed` at each change. */
export class Chat {
  status: "connecting" | "online" | "offline" | "stopped" = "connecting";
  owner: Owner = "bot";
  agent = "";
  site = "";
  limit = 4000;
  /** Most bytes of a file; 0: the site takes none. */
  fileLimit = 0;
  fileTypes: string[] = [];
  /** What to ask for before the first message. */
  ask: string[] = [];
  /** The times at which one can be called, once they were asked for. */
  slots: Slot[] = [];
  /** How the visitor stands in line, as told last. */
  waiting: Data | undefined;
  /** Why a person was asked for. */
  reason = "";
  /** E-mail is on. */
  mails = false;
  /** What is asked after the end, in the company's own words. */
  question = "";
  /** Who is writing, and as much of it as may be seen. */
  typing: { role: string; name: string; text: string | undefined } | undefined;
  rated = false;
  /** Last seq the other side has read. */
  seen = 0;
  /** The history is in: what comes now is news. */
  settled = false;
  readonly timeline = new Timeline();
  readonly outbox: Outbox;

  #store: Store;
  #socket: Socket;
  #conversation = "";
  #requests = new Map<string, (failed: boolean) => void>();
  #typedAt = 0;
  #token = "";
  #timers: Record<string, ReturnType<typeof setTimeout>> = {};
  #stop = new AbortController();

  #host: Host;
  #changed: () => void;

  constructor(host: Host, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    this.#store = new Store(host.settings.site, host.storage);
    this.outbox = new Outbox(this.#store, {
      say: (id, text) => this.#socket.send("say", { id, text }),
      check: () => this.#socket.check(),
      changed,
    });
    this.#socket = new Socket(host.base.replace(/^http/, "ws").replace(/\/w\/$/, "/ws"), {
      onOpen: () => this.#hello(),
      onFrame: (frame) => this.#frame(frame),
      onClose: (final, code) => this.#closed(final, code),
      onGarbage: () => host.emit("error", { code: "bad_frame" }),
      hasMail: () => this.outbox.pending().length > 0,
    });
    this.#listen();
    this.#socket.connect();
  }

  say(text: string): void {
    const words = text.trim();
    if (!words) return;
    this.#typedAt = 0;
    this.#keepLive();
    this.outbox.add(words);
    this.#changed();
  }

  /** The visitor is writing (true) or has emptied the box. */
  write(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.#typedAt < typingEvery : !this.#typedAt) return;
    this.#typedAt = on ? now : 0;
    this.#socket.send("typing", { on });
  }

  /** The visitor has seen everything so far. While the history comes in this is said once, at its end or when they leave. */
  read(leaving = false): void {
    const { seq } = this.timeline;
    if (!(this.settled || leaving) || seq <= this.#store.kept.read) return;
    this.#store.keep({ read: seq });
    this.#socket.send("read", {}, seq);
    this.#tellUnread();
  }

  /** The visitor has written something. */
  get wrote(): boolean {
    return this.timeline.all([]).some((item) => item.role === "visitor");
  }

  /** What stands in the composer of every tab. */
  get draft(): string {
    return this.#store.kept.draft;
  }

  /** Notes for the other tabs, and the pages to come, what the visitor is doing here. */
  keep(doing: { open?: boolean; draft?: string }): void {
    this.#store.keep(doing);
  }

  /** What another window needs to go on with this conversation. */
  get pass(): { token: string; conversation: string } {
    return { token: this.#token, conversation: this.#conversation };
  }

  /** Asks the server over HTTP, below the site's own path. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = this.#host.base.replace(/w\/$/, "api/v1/sites/" + encodeURIComponent(this.#host.settings.site) + path);
    const headers = { ...init.headers, authorization: "Bearer " + this.#token, "ombud-identity": this.#host.identity };
    return fetch(url, { ...init, headers, credentials: "omit" });
  }

  end(): void {
    this.#socket.send("end", { id: newId() });
  }

  startNew(): void {
    this.#socket.send("new", { id: newId() });
  }

  /** Connects again after the server sent us away, or with another identity. */
  again(): void {
    this.status = "connecting";
    this.#socket.restart();
    this.#changed();
  }

  reset(): void {
    this.#store.clear();
    this.#forget();
    this.again();
  }

  destroy(): void {
    this.#stop.abort();
    this.#socket.close();
    this.outbox.stop();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  #listen(): void {
    const on = (target: EventTarget, type: string, run: (event: any) => void) =>
      target.addEventListener(type, run, { signal: this.#stop.signal });
    // An open socket keeps a page out of the back/forward cache.
    on(window, "pagehide", () => {
      this.#socket.close();
      this.outbox.stop();
    });
    on(window, "pageshow", (event: PageTransitionEvent) => event.persisted && this.again());
    on(window, "online", () => this.status !== "stopped" && this.#socket.restart());
    on(window, "offline", () => this.#socket.check());
    on(document, "visibilitychange", () => document.visibilityState === "visible" && this.#socket.check());
    on(window, "storage", (event: StorageEvent) => this.#otherTab(event));
  }

  /** Another tab changed what is kept. */
  #otherTab({ key, oldValue, newValue }: StorageEvent): void {
    if (key?.startsWith(this.#store.mailPrefix)) {
      // Delivered there. Its event is on the way here; until it comes, the message stays where it was.
      if (oldValue && !newValue) this.timeline.stored(JSON.parse(oldValue));
      this.outbox.pump();
    } else if (key === this.#store.prefix) {
      // Begun anew there, or begun twice at once: one visitor, one conversation.
      if (this.#store.kept.token !== this.#token && this.status === "online") this.again();
      this.#tellUnread();
    }
    this.#changed();
  }

  #hello(): void {
    const { token, conversation } = this.#store.kept;
    if (conversation !== this.#conversation) this.#forget();
    this.#conversation = conversation;
    this.#token = token;
    const { identity, settings } = this.#host;
    const { attributes } = settings;
    this.#socket.send("hello", {
      site: settings.site,
      token,
      since: this.timeline.seq,
      at: this.timeline.at,
      ...(conversation && { conversation }),
      locale: this.#host.language(),
      page: location.href.slice(0, 2000),
      ...(identity && { identity }),
      ...(attributes && { attributes }),
    });
  }

  #frame(frame: Frame): void {
    const { type, data } = frame;
    if (type === "welcome") this.#welcome(frame);
    else if (type === "event") this.#event(frame);
    else if (type === "ack" && data.id) this.#ack(data.id, frame.seq);
    else if (type === "error") this.#refused(data);
    else if (type === "waiting") this.waiting = data;
    else if (type === "slots") this.#slotted(data);
    else if (type === "draft" || (type === "typing" && data.role !== "visitor")) this.#otherTypes(data);
    else if (type === "read" && data.role !== "visitor") this.seen = frame.seq;
    this.#changed();
  }

  #slotted({ id = "", slots = [] }: Data): void {
    this.slots = slots;
    this.#requests.get(id)?.(false);
  }

  #welcome({ data }: Frame): void {
    const conversation = data.conversation ?? "";
    // History of another conversation, or one that the server has lost part of: drop it, all of it follows.
    if (data.reset || conversation !== this.#conversation) this.#forget();
    if (conversation !== this.#store.kept.conversation) this.#store.keep({ conversation, read: 0 });
    if (data.token) this.#store.keep({ token: data.token });
    this.#conversation = conversation;
    this.#token = this.#store.kept.token;
    this.typing = undefined;
    this.owner = data.owner ?? "bot";
    this.agent = data.agent?.name ?? "";
    this.site = data.site?.name ?? "";
    this.limit = data.limits?.text ?? this.limit;
    this.fileLimit = data.limits?.file ?? 0;
    this.fileTypes = data.limits?.file_types ?? [];
    this.ask = data.ask ?? [];
    this.mails = !!data.mail;
    this.status = "online";
    this.#socket.settled();
    this.outbox.start();
    this.#soonSettled();
  }

  #event(frame: Frame): void {
    const { data } = frame;
    if (data.conversation && data.conversation !== this.#conversation) return;
    const isNew = this.timeline.add(frame);
    if (data.id && data.role === "visitor") this.outbox.stored(data.id);
    this.#follow(data);
    if (!this.settled) return this.#soonSettled();
    this.#keepLive();
    const { id, role, text = data.file_name, name, at } = data;
    if (!isNew || !text) return;
    this.#host.emit("message", { id, role, text, name, at });
    this.#tellUnread();
  }

  /** Keeps up with whose turn it is. */
  #follow(data: Data): void {
    if (data.kind === "message" && data.role !== "visitor") this.typing = undefined;
    if (data.kind === "survey") {
      this.rated = data.state === "answered";
      if (!this.rated) this.question = data.text ?? "";
    }
    const owner = ownerAfter[data.kind ?? ""];
    if (!owner) return;
    this.owner = owner(data);
    this.reason = data.reason ?? "";
    this.waiting = undefined;
    this.typing = undefined;
    if (this.owner === "agent") this.agent = data.name || data.to_name || this.agent;
    if (data.kind === "reopened") this.rated = false;
  }

  #ack(id: string, seq: number): void {
    this.#requests.get(id)?.(false);
    const mail = this.outbox.pending().find((m) => m.id === id);
    if (!mail) return this.timeline.place(id, seq); // another tab was told first
    this.timeline.stored(mail, seq);
    this.outbox.stored(id);
    this.#host.emit("message", { id, role: "visitor", text: mail.text, at: new Date(mail.at).toISOString() });
  }

  #refused(data: Data): void {
    if (data.id) {
      this.#requests.get(data.id)?.(true);
      this.outbox.refused(data.id, data);
    }
    this.#host.emit("error", { code: data.code, field: data.field, message: data.message });
  }

  #otherTypes(data: Data): void {
    clearTimeout(this.#timers.typing);
    const { on, role = "bot", name = "", text } = data;
    this.typing = (on ?? text !== "") ? { role, name, text } : undefined;
    this.#timers.typing = setTimeout(() => {
      this.typing = undefined;
      this.#changed();
    }, typingFades);
  }

  #closed(final: boolean, code: number): void {
    this.outbox.stop();
    for (const answer of this.#requests.values()) answer(true);
    if (final && code === 4501 && this.#token) {
      // The token is not known here any more: begin anew, once, under a new one.
      this.#store.keep({ token: "", conversation: "" });
      this.again();
    } else if (final) {
      this.status = "stopped";
    } else if (this.status === "online" || this.status === "connecting") {
      this.status = "connecting";
      this.#soonOffline();
    }
    this.#changed();
  }

  #soonOffline(): void {
    clearTimeout(this.#timers.offline);
    this.#timers.offline = setTimeout(() => {
      if (this.status === "connecting") this.status = "offline";
      this.#changed();
    }, sayOffline);
  }

  /** Sends a request and waits for its ack; false if it was refused or the connection broke. */
  request(type: string, data: object): Promise<boolean> {
    const id = newId();
    return new Promise((resolve) => {
      this.#requests.set(id, (failed) => {
        this.#requests.delete(id);
        resolve(!failed);
      });
      if (!this.#socket.send(type, { id, ...data })) this.#requests.get(id)!(true);
    });
  }

  #forget(): void {
    this.timeline.clear();
    this.settled = this.rated = false;
    this.#conversation = "";
    this.waiting = this.typing = undefined;
    this.seen = 0;
  }

  #soonSettled(): void {
    clearTimeout(this.#timers.history);
    this.#timers.history = setTimeout(() => {
      this.settled = true;
      this.#tellUnread();
      this.#changed();
    }, historyQuiet);
  }

  /** For some hours from now every page of this site keeps the chat connected, opened or not. */
  #keepLive(): void {
    this.#store.keep({ live: this.owner === "closed" ? 0 : Date.now() + liveFor });
  }

  #tellUnread(): void {
    this.#host.setUnread(this.#host.isOpen() ? 0 : this.timeline.after(this.#store.kept.read));
  }
}

const ownerAfter: Record<string, (data: Data) => Owner> = {
  handoff_requested: () => "queue",
  handoff_claimed: () => "agent",
  handoff_transferred: (data) => (data.to_name ? "agent" : data.owner ?? "queue"),
  handoff_escalated: (data) => data.owner ?? "queue",
  handoff_released: (data) => data.owner ?? "queue",
  returned_to_bot: () => "bot",
  left_message: () => "ticket",
  closed: () => "closed",
  reopened: (data) => data.owner ?? "bot",
};
