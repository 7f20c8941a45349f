/** A message or note on its way: kept until the server says that it is stored. */
export interface Letter {
  id: string;
  conversation: string;
  kind: "say" | "note" | "whisper";
  text: string;
  at: string;
  /** it began as a draft of the language model */
  suggested?: boolean;
  /** the refusal's code, once the server refused it for good */
  failed?: string;
}

/** The part of localStorage that the outbox needs. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * Outbox keeps what was written until it is acknowledged, over reconnects and reloads. Ids are the
 * client's own and never reused, so that sending twice stores once.
 */
export class Outbox {
  #letters: Letter[] = [];
  readonly #key: string;
  readonly #shelf: Shelf;

  constructor(user: string, shelf: Shelf) {
    this.#key = `ombud.outbox.${user}`;
    this.#shelf = shelf;
    this.#letters = read(shelf.getItem(this.#key));
  }

  all(): readonly Letter[] {
    return this.#letters;
  }

  /** due gives what is to be sent, in the order in which it was written. */
  due(): Letter[] {
    return this.#letters.filter((l) => !l.failed);
  }

  add(letter: Letter): void {
    this.#letters = [...this.#letters, letter];
    this.#save();
  }

  /** take removes a letter that is stored or given up, and returns it. */
  take(id: string): Letter | undefined {
    const found = this.#letters.find((l) => l.id === id);
    if (found) {
      this.#letters = this.#letters.filter((l) => l !== found);
      this.#save();
    }
    return found;
  }

  fail(id: string, code: string): void {
    this.#letters = this.#letters.map((l) => (l.id === id ? { ...l, failed: code } : l));
    this.#save();
  }

  /** retry clears the mark of a refused letter and returns it for sending. */
  retry(id: string): Letter | undefined {
    this.#letters = this.#letters.map((l) => {
      if (l.id !== id) return l;
      const { failed: _, ...again } = l;
      return again;
    });
    this.#save();
    return this.#letters.find((l) => l.id === id);
  }

  #save(): void {
    try {
      if (this.#letters.length === 0) this.#shelf.removeItem(this.#key);
      else this.#shelf.setItem(this.#key, JSON.stringify(this.#letters));
    } catch {
      // A full or forbidden storage costs the survival of a reload, not the message.
    }
  }
}

function read(stored: string | null): Letter[] {
  try {
    const parsed: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(parsed) ? (parsed as Letter[]) : [];
  } catch {
    return [];
  }
}
