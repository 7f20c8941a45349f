import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export interface MenuItem {
  key: string;
  label: string;
  hint?: string;
  /** set on a choice of one: whether it is the chosen one */
  checked?: boolean;
  lead?: ComponentChildren;
  onPick(): void;
}

export interface MenuProps {
  label: string;
  /** set where the button's own words are its name */
  worded?: boolean;
  button: ComponentChildren;
  items: MenuItem[];
  /** the class of the button */
  class?: string;
  place?: "below" | "below-end";
}

/** Menu is a button with a short list of choices: arrows move, Escape and a click elsewhere close it. */
export function Menu({ label, worded = false, button, items, class: cls = "button ghost", place = "below" }: MenuProps) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) return;
    const away = (e: Event) => {
      if (!root.current?.contains(e.target as Node)) open.value = false;
    };
    document.addEventListener("pointerdown", away);
    root.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    return () => document.removeEventListener("pointerdown", away);
  }, [open.value]);

  const shut = () => {
    open.value = false;
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const move = (e: KeyboardEvent) => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };
    const to = steps[e.key];
    if (to !== undefined) {
      e.preventDefault();
      all[to % all.length]?.focus();
    } else if (e.key === "Escape") {
      e.stopPropagation();
      shut();
    } else if (e.key === "Tab") open.value = false;
  };
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class={cls}
        aria-label={worded ? undefined : label}
        title={worded ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        onClick={() => (open.value = !open.value)}
      >
        {button}
      </button>
      {open.value && (
        <div id={id} role="menu" aria-label={label} class={`menu-list menu-${place}`} onKeyDown={move}>
          {items.map((i) => (
            <button
              key={i.key}
              type="button"
              class="menu-item"
              role={i.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={i.checked}
              tabIndex={-1}
              onClick={() => {
                shut();
                i.onPick();
              }}
            >
              {i.lead}
              <span class="menu-label">{i.label}</span>
              {i.hint && <span class="menu-hint">{i.hint}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
