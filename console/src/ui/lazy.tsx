import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";

/** lazy gives a component whose code is fetched when it is first shown. */
export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const view = useSignal<{ Body: ComponentType<P> } | undefined>(known && { Body: known });
    useSignalEffect(() => {
      if (!known) void load().then((m) => (view.value = { Body: (known = m.default) }));
    });
    const Body = view.value?.Body;
    return Body ? <Body {...props} /> : null;
  };
}
