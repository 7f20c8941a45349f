import type { Data } from "./frames.ts";
import type { Mail, Store } from "./store.ts";

// Milliseconds.
const ackWithin = 5_000;
const othersTurn = 4_000; // so long another tab's message is left to that tab
const pauseAfterRefusal = 1_000;

export interface Wire {
  /** False if nothing can be sent now. */
  say(id: string, text: string): boolean;
  /** No answer came: find out whether the connection lives. */
  check(): void;
  changed(): void;
}

/**
 * Sends what is kept in the store, one after the other: the next only after the last was acknowledged, so that the
 * order holds over errors, reloads and tabs. A message keeps its id for ever; the server stores each id once.
 */
export class Outbox {
  #waitingFor = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #notBefore = 0;

  #store: Store;
  #wire: Wire;

  constructor(store: Store, wire: Wire) {
    this.#store = store;
    this.#wire = wire;
  }

  /** The connection is up and the server has said which conversation this is. */
  start(): void {
    this.#running = true;
    this.#waitingFor = "";
    this.pump();
  }

  stop(): void {
    this.#running = false;
    this.#waitingFor = "";
    clearTimeout(this.#timer);
  }

  pending(): Mail[] {
    return this.#store.mail();
  }

  add(text: string): Mail {
    const mail = this.#store.post(text);
    this.pump();
    return mail;
  }

  /** The server stored it: told by an ack, or by its event from elsewhere. */
  stored(id: string): void {
    this.#store.delivered(id);
    if (this.#waitingFor === id) this.#waitingFor = "";
    this.pump();
  }

  refused(id: string, data: Data): void {
    const mail = this.pending().find((m) => m.id === id);
    if (!mail) return;
    this.#waitingFor = "";
    if (data.temporary) {
      this.#notBefore = Date.now() + Math.max(data.retry_ms ?? 0, pauseAfterRefusal);
      this.pump();
      return;
    }
    this.#store.change({ ...mail, refused: data.code ?? "" });
    this.#wire.changed();
    this.pump();
  }

  /** Tries a refused message once more. */
  retry(id: string): void {
    const mail = this.pending().find((m) => m.id === id);
    if (!mail) return;
    delete mail.refused;
    this.#store.change(mail);
    this.#wire.changed();
    this.pump();
  }

  /** Sends the first message, if it is ours to send and none is under way. Other tabs' changes lead here too. */
  pump(): void {
    if (!this.#running) return;
    const head = this.pending().find((mail) => mail.refused === undefined);
    if (!head) {
      this.#waitingFor = "";
      clearTimeout(this.#timer);
      return;
    }
    if (this.#waitingFor === head.id) return;
    const turn = head.tab === this.#store.tab ? 0 : head.at + othersTurn;
    const left = Math.max(turn, this.#notBefore) - Date.now();
    if (left > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.pump(), left);
    } else if (this.#wire.say(head.id, head.text)) {
      this.#waitingFor = head.id;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#waitingFor = "";
        this.#wire.check();
        this.pump();
      }, ackWithin);
    }
  }
}
