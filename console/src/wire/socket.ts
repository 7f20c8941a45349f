import { delay, verdict } from "./backoff.ts";
import { parseFrame, type Incoming, type Outgoing } from "./frames.ts";

/** What the connection is doing: `ready` only after the server's welcome. */
export type Phase = "connecting" | "ready" | "waiting" | "refused" | "signin" | "stopped";

export interface SocketEvents {
  frame(f: Incoming): void;
  /** until is when the next try comes, in epoch milliseconds, while the phase is `waiting`. */
  phase(p: Phase, until?: number): void;
}

const PING_EVERY = 20_000;
const PONG_WITHIN = 8_000;

/**
 * Socket keeps one connection to /ws alive: it says hello, pings, notices a line that went dead without
 * a close, and comes back with jitter for as long as the close codes allow.
 */
export class Socket {
  #ws: WebSocket | undefined;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #pong: ReturnType<typeof setTimeout> | undefined;
  #ready = false;
  #stopped = true;
  readonly #url: string;
  readonly #events: SocketEvents;

  constructor(url: string, events: SocketEvents) {
    this.#url = url;
    this.#events = events;
  }

  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#connect();
  }

  /** stop closes for good, until start is called again. */
  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.#events.phase("stopped");
  }

  /** nudge tries at once instead of at the end of the wait: the network is back, or the user asked. */
  nudge(): void {
    if (this.#stopped || this.#ws) return;
    this.#tries = 0;
    this.#connect();
  }

  /** send writes a frame if the connection is ready, and reports whether it did. */
  send(frame: Outgoing): boolean {
    if (!this.#ready || this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** suspect gives up on a line that owes an answer: the reconnect sends again what is unanswered. */
  suspect(): void {
    if (!this.#ws) return;
    this.#drop();
    this.#comeBack();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#events.phase("connecting");
    const ws = new WebSocket(this.#url);
    this.#ws = ws;
    this.#expectPong(PONG_WITHIN);
    ws.onopen = () => ws.send(JSON.stringify({ type: "hello", data: { token: "" } }));
    ws.onmessage = (m) => this.#receive(String(m.data));
    ws.onclose = (e) => {
      if (this.#ws !== ws) return;
      this.#drop();
      const v = verdict(e.code);
      if (v === "again") return this.#comeBack();
      this.#stopped = true;
      this.#events.phase(v);
    };
  }

  #receive(text: string): void {
    clearTimeout(this.#pong);
    this.#pong = undefined;
    const frame = parseFrame(text);
    if (!frame) return;
    if (frame.type === "welcome") {
      this.#ready = true;
      this.#tries = 0;
      clearInterval(this.#ping);
      this.#ping = setInterval(() => {
        if (this.send({ type: "ping", data: {} })) this.#expectPong(PONG_WITHIN);
      }, PING_EVERY);
      this.#events.phase("ready");
    }
    this.#events.frame(frame);
  }

  #expectPong(ms: number): void {
    clearTimeout(this.#pong);
    this.#pong = setTimeout(() => this.suspect(), ms);
  }

  #comeBack(): void {
    if (this.#stopped) return;
    const ms = delay(this.#tries++, Math.random());
    this.#events.phase("waiting", Date.now() + ms);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), ms);
  }

  #drop(): void {
    this.#ready = false;
    clearInterval(this.#ping);
    clearTimeout(this.#pong);
    clearTimeout(this.#retry);
    const ws = this.#ws;
    this.#ws = undefined;
    if (ws) {
      ws.onmessage = ws.onclose = ws.onopen = null;
      ws.close();
    }
  }
}
