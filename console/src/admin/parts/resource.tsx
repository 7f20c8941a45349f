import { signal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { trouble } from "./problem.ts";
import { parts } from "./words.ts";

/** Something that a page fetches: what came, why it did not, and the way to fetch it again. */
export interface Resource<T> {
  value: Signal<T | undefined>;
  failed: Signal<string>;
  load(): Promise<void>;
}

/** resource makes one; of several answers only that to the last question counts. */
export function resource<T>(fetch: () => Promise<T>): Resource<T> {
  const value = signal<T | undefined>(undefined);
  const failed = signal("");
  let latest = 0;
  const load = async () => {
    const mine = ++latest;
    try {
      const got = await fetch();
      if (mine !== latest) return;
      value.value = got;
      failed.value = "";
    } catch (err) {
      if (mine === latest) failed.value = trouble(err).text;
    }
  };
  return { value, failed, load };
}

/** useResource fetches when the page is shown, and again when one of `on` changes. */
export function useResource<T>(fetch: () => Promise<T>, on: readonly unknown[] = []): Resource<T> {
  const r = useMemo(() => resource(fetch), on);
  useEffect(() => void r.load(), [r]);
  return r;
}

/** Loaded shows what came, that it is awaited, or why it did not come. */
export function Loaded<T>({ of, children }: { of: Resource<T>; children(value: T): ComponentChildren }) {
  if (of.failed.value && of.value.value === undefined) {
    return (
      <p class="adm-failed" role="alert">
        {of.failed.value}{" "}
        <button type="button" class="button small" onClick={() => void of.load()}>
          {parts.w("again")}
        </button>
      </p>
    );
  }
  if (of.value.value === undefined) return <p class="adm-wait" role="status">{parts.w("loading")}</p>;
  return <>{children(of.value.value)}</>;
}
