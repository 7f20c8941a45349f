import type { Host } from "../api.ts";
import type english from "../locale/en.json";

/** Keys of the interface's texts. */
export type Key = keyof typeof english;

/** The interface's words in one language, as the loader fetched them, with its dates and times. */
export class Words {
  /** For dates and times: the browser's own variant of the language, if it is one (en-GB and not en). */
  readonly locale: string;

  #host: Pick<Host, "language" | "texts">;

  constructor(host: Pick<Host, "language" | "texts">) {
    this.#host = host;
    const language = host.language();
    this.locale = navigator.language.startsWith(language) ? navigator.language : language;
  }

  /** The text of a key, its holes {0} and {1} filled; "" while the words of the forms have not come. */
  say(key: Key, ...fill: (string | number)[]): string {
    return (this.#host.texts[key] ?? "").replace(/\{(\d)\}/g, (_, i) => String(fill[i] ?? ""));
  }

  time(at: number): string {
    return new Intl.DateTimeFormat(this.locale, { hour: "numeric", minute: "2-digit" }).format(at);
  }

  /** A time of today, else its day too. */
  when(at: number): string {
    return midnight(at) === midnight(Date.now()) ? this.time(at) : `${this.day(at)}, ${this.time(at)}`;
  }

  /** A day as people say it: today, yesterday, else weekday and date. */
  day(at: number): string {
    const days = Math.round((midnight(at) - midnight(Date.now())) / 86_400_000);
    if (days > -2 && days < 2) return new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(days, "day");
    return new Intl.DateTimeFormat(this.locale, { weekday: "long", day: "numeric", month: "long" }).format(at);
  }
}

export const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
