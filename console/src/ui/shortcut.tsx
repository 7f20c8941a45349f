import { keyOf, shown, type Action } from "../desk/shortcuts.ts";
import { singleKeys } from "../store/prefs.ts";
import { Kbd } from "./chips.tsx";

/** Shortcut shows the key of an action as it is now, or nothing where it has none. */
export function Shortcut({ of }: { of: Action }) {
  const key = keyOf(of);
  if (!key || (!singleKeys.value && key.length === 1)) return null;
  return <Kbd>{shown(key)}</Kbd>;
}
