import { storageKey } from "../api.ts";

/** What is kept about the visitor between pages. */
export interface Kept {
  token: string;
  conversation: string;
  /** Last seq the visitor has seen. */
  read: number;
  /** The panel is open, in whichever tab the visitor looks at. */
  open: boolean;
  /** What stands in the composer. */
  draft: string;
  /** Until when (unix milliseconds) every page loads the panel unasked. */
  live: number;
}

/** A message not yet acknowledged. */
export interface Mail {
  id: string;
  text: string;
  /** When it was written, unix milliseconds. */
  at: number;
  /** The tab that wrote it. */
  tab: string;
  /** Why the server refused it for good; absent: it will be sent. */
  refused?: string;
}

const nothing: Kept = { token: "", conversation: "", read: 0, open: false, draft: "", live: 0 };

/** localStorage under the site's own prefix, or memory where the browser forbids it. */
export class Store {
  readonly prefix: string;
  readonly mailPrefix: string;
  /** Survives a reload, so that a page finds its own mail again. */
  readonly tab: string;
  #storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> & { keys(): string[] };
  #last = 0;

  constructor(site: string, storage?: Storage) {
    this.prefix = storageKey(site);
    this.mailPrefix = this.prefix + ":mail:";
    this.#storage = openStorage(storage);
    this.tab = tabName(this.prefix + ":tab");
  }

  get kept(): Kept {
    return { ...nothing, ...parse<Kept>(this.#storage.getItem(this.prefix)) };
  }

  keep(changes: Partial<Kept>): void {
    this.#put(this.prefix, { ...this.kept, ...changes });
  }

  /** Unsent messages of every tab, in the order they were written. */
  mail(): Mail[] {
    const keys = this.#storage.keys().filter((key) => key.startsWith(this.mailPrefix));
    return keys.sort().flatMap((key) => parse<Mail>(this.#storage.getItem(key)) ?? []);
  }

  /** Keeps a message until it is acknowledged. One key a message: tabs never overwrite each other's. */
  post(text: string): Mail {
    this.#last = Math.max(Date.now(), this.#last + 1); // two in one millisecond keep their order
    const mail = { id: newId(), text, at: this.#last, tab: this.tab };
    this.#put(this.#key(mail), mail);
    return mail;
  }

  change(mail: Mail): void {
    this.#put(this.#key(mail), mail);
  }

  delivered(id: string): void {
    for (const mail of this.mail()) if (mail.id === id) this.#storage.removeItem(this.#key(mail));
  }

  clear(): void {
    for (const key of this.#storage.keys()) if (key.startsWith(this.prefix)) this.#storage.removeItem(key);
  }

  #key(mail: Mail): string {
    return this.mailPrefix + String(mail.at).padStart(15, "0") + ":" + mail.id;
  }

  #put(key: string, value: object): void {
    try {
      this.#storage.setItem(key, JSON.stringify(value));
    } catch {
      // Full: go on from memory for the life of this page, with all that could be read.
      const full = this.#storage;
      this.#storage = memory();
      for (const old of full.keys()) this.#storage.setItem(old, full.getItem(old)!);
      this.#storage.setItem(key, JSON.stringify(value));
    }
  }
}

function parse<T>(text: string | null): T | undefined {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function openStorage(kept?: Storage) {
  try {
    kept ??= localStorage;
    kept.getItem("");
    return {
      getItem: (key: string) => kept!.getItem(key),
      setItem: (key: string, value: string) => kept!.setItem(key, value),
      removeItem: (key: string) => kept!.removeItem(key),
      keys: () => Object.keys(kept!),
    };
  } catch {
    return memory();
  }
}

function memory() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

function tabName(key: string): string {
  try {
    const name = sessionStorage.getItem(key) ?? newId();
    sessionStorage.setItem(key, name);
    return name;
  } catch {
    return newId();
  }
}

/** A version 4 UUID; randomUUID exists on secure pages only. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 15) | 64;
  b[8] = (b[8]! & 63) | 128;
  return Array.from(b, (x, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + x.toString(16).padStart(2, "0")).join("");
}
