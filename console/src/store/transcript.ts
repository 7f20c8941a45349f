import type { LogEvent } from "../wire/frames.ts";

/**
 * Transcript is one conversation's log as far as this client has it: in order of seq, nothing twice,
 * aware of gaps.
 */
export class Transcript {
  #bySeq = new Map<number, LogEvent>();
  #ids = new Set<string>();
  #sorted: LogEvent[] = [];
  #whole = 0;

  /** add takes events in, in any order, and gives those that were new. */
  add(events: Iterable<LogEvent>): LogEvent[] {
    const fresh: LogEvent[] = [];
    for (const e of events) {
      if (!(e.seq > 0) || this.#bySeq.has(e.seq)) continue;
      this.#bySeq.set(e.seq, e);
      if (e.id) this.#ids.add(e.id);
      fresh.push(e);
    }
    if (fresh.length === 0) return fresh;
    this.#sorted = [...this.#bySeq.values()].sort((a, b) => a.seq - b.seq);
    while (this.#bySeq.has(this.#whole + 1)) this.#whole++;
    return fresh;
  }

  /** has reports whether the message with this client id is stored. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** events gives the log so far; each addition makes a new list. */
  events(): readonly LogEvent[] {
    return this.#sorted;
  }

  /** since is the last seq before the first gap: what a resume asks from. */
  get since(): number {
    return this.#whole;
  }

  /** mark is since with when that was, as the server wrote it: it tells the server whether its log is still the same. */
  get mark(): { since: number; at?: string } {
    const at = this.#bySeq.get(this.#whole)?.at;
    return at ? { since: this.#whole, at } : { since: this.#whole };
  }

  /** clear forgets everything. */
  clear(): void {
    this.#bySeq.clear();
    this.#ids.clear();
    this.#sorted = [];
    this.#whole = 0;
  }

  get last(): number {
    return this.#sorted.at(-1)?.seq ?? 0;
  }

  get gap(): boolean {
    return this.last > this.#whole;
  }
}
