import { decode, type Frame } from "./frames.ts";

// Milliseconds.
const pingEvery = 20_000; // quiet for so long: ask whether anybody is there
const pongWithin = 5_000; // no frame after asking: the connection is dead, whatever the browser thinks
const firstRetry = 500;
const slowestRetry = 20_000;
const slowestWithMail = 4_000; // something waits to be sent: look more often

export interface SocketOwner {
  /** The connection is open: say hello. */
  onOpen(): void;
  onFrame(frame: Frame): void;
  /** The connection is gone; final says that the server asked not to come back. */
  onClose(final: boolean, code: number): void;
  /** Something came that is no frame. */
  onGarbage(): void;
  hasMail(): boolean;
}

/** A websocket that comes back by itself: full jitter, growing pauses, and close codes obeyed (4500 to 4999 end it). */
export class Socket {
  #ws: WebSocket | undefined;
  #attempts = 0;
  #retryTimer: Timer;
  #pingTimer: Timer;
  #deadTimer: Timer;
  #wanted = false;

  #url: string;
  #owner: SocketOwner;

  constructor(url: string, owner: SocketOwner) {
    this.#url = url;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN;
  }

  /** Connects now, unless a connection stands or is being made. */
  connect(): void {
    this.#wanted = true;
    if (this.#ws) return;
    clearTimeout(this.#retryTimer);
    const ws = new WebSocket(this.#url);
    this.#ws = ws;
    this.#expect(2 * pongWithin);
    ws.onopen = () => this.#owner.onOpen();
    ws.onmessage = (event) => {
      this.#heard();
      const frame = typeof event.data === "string" ? decode(event.data) : undefined;
      if (!frame) this.#owner.onGarbage();
      else if (frame.type !== "pong") this.#owner.onFrame(frame);
    };
    ws.onclose = (event) => {
      if (this.#ws === ws) this.#lost(event.code);
    };
  }

  /** The server took us in: the next pause starts small again. */
  settled(): void {
    this.#attempts = 0;
  }

  send(type: string, data: object, seq?: number): boolean {
    if (!this.isOpen) return false;
    this.#ws!.send(JSON.stringify({ type, seq, data }));
    return true;
  }

  /** Asks for a sign of life, and gives the connection up if none comes. */
  check(): void {
    if (!this.#ws) {
      if (this.#wanted) this.connect();
    } else if (this.send("ping", {})) this.#expect(pongWithin);
  }

  /** Gives this connection up and makes another at once. */
  restart(): void {
    this.#drop();
    this.#attempts = 0;
    this.connect();
  }

  close(): void {
    this.#wanted = false;
    this.#drop();
  }

  #heard(): void {
    clearTimeout(this.#deadTimer);
    clearTimeout(this.#pingTimer);
    this.#deadTimer = undefined;
    this.#pingTimer = setTimeout(() => this.check(), pingEvery);
  }

  #expect(within: number): void {
    this.#deadTimer ??= setTimeout(() => {
      this.#drop();
      this.#lost(0);
    }, within);
  }

  /** Forgets the connection without waiting for its close event, which a dead network never gives. */
  #drop(): void {
    for (const timer of [this.#retryTimer, this.#pingTimer, this.#deadTimer]) clearTimeout(timer);
    this.#deadTimer = undefined;
    const ws = this.#ws;
    this.#ws = undefined;
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = null;
    ws.close();
  }

  #lost(code: number): void {
    this.#drop();
    const final = code >= 4500 && code <= 4999;
    if (final) this.#wanted = false;
    // Full jitter: a restarted server must not meet all its visitors in the same second.
    const most = this.#owner.hasMail() ? slowestWithMail : slowestRetry;
    const pause = Math.random() * Math.min(most, firstRetry * 2 ** Math.min(this.#attempts++, 10));
    if (this.#wanted) this.#retryTimer = setTimeout(() => this.connect(), pause);
    this.#owner.onClose(final, code);
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;
