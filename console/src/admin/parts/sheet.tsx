import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { confirm } from "./confirm.tsx";
import type { Form } from "./form.ts";
import { parts } from "./words.ts";

export interface SheetProps {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  /** buttons at the foot, the main one last */
  foot?: ComponentChildren;
  /** whether something would be lost by closing */
  dirty?: boolean;
}

/** Sheet is an editor at the side, over the page: focus stays inside, Escape closes, and what was typed is not lost by accident. */
export function Sheet({ title, onClose, children, foot, dirty = false }: SheetProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    (ref.current?.querySelector<HTMLElement>("[data-autofocus]") ?? ref.current?.querySelector<HTMLElement>(".sheet-body :is(input, select, textarea, button)"))?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const shut = async () => {
    if (!dirty || (await confirm({ title: parts.w("discard_title"), text: parts.w("discard_text"), act: parts.w("discard"), danger: true }))) onClose();
  };
  return (
    <dialog
      ref={ref}
      class="sheet"
      aria-labelledby={heading}
      onCancel={(e) => {
        e.preventDefault();
        void shut();
      }}
      onMouseDown={(e) => {
        if (e.target === ref.current) void shut();
      }}
    >
      <header class="sheet-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="button ghost square" aria-label={t("ui.dismiss")} onClick={() => void shut()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="sheet-body">{children}</div>
      {foot && <footer class="sheet-foot">{foot}</footer>}
    </dialog>
  );
}

export interface EditorProps<T extends object> {
  title: string;
  form: Form<T>;
  save(draft: T): Promise<unknown>;
  check?(draft: T): Record<string, string>;
  /** after a save, and when it is given up */
  onClose(saved: boolean): void;
  children: ComponentChildren;
  /** the main button's words; default "Save" */
  act?: string;
  /** further buttons, at the start of the foot */
  extra?: ComponentChildren;
}

/** Editor is a sheet with a form in it: Enter saves, and a refusal is shown where it belongs. */
export function Editor<T extends object>({ title, form, save, check, onClose, children, act, extra }: EditorProps<T>) {
  const id = useId();
  const submit = async (e: Event) => {
    e.preventDefault();
    if (await form.submit(save, check)) onClose(true);
  };
  return (
    <Sheet
      title={title}
      dirty={form.dirty.value}
      onClose={() => onClose(false)}
      foot={
        <>
          {extra}
          <span class="sheet-gap" />
          <button type="button" class="button" onClick={() => onClose(false)}>
            {t("ui.cancel")}
          </button>
          <button type="submit" class="button primary" form={id} disabled={form.busy.value}>
            {form.busy.value ? parts.w("saving") : (act ?? parts.w("save"))}
          </button>
        </>
      }
    >
      <form id={id} class="form" noValidate onSubmit={(e) => void submit(e)}>
        {form.general.value && (
          <p class="adm-failed" role="alert">
            {form.general.value}
          </p>
        )}
        {children}
      </form>
    </Sheet>
  );
}

/** SaveBar stands at the end of a form that is part of a page, once something differs; Enter in a field presses its button. */
export function SaveBar<T extends object>({ form }: { form: Form<T> }) {
  return (
    <div class={form.dirty.value ? "adm-savebar adm-savebar-on" : "adm-savebar"}>
      <p class={form.general.value ? "field-error" : "field-hint"} role="status">
        {form.general.value || (form.dirty.value ? parts.w("unsaved") : "")}
      </p>
      <button type="submit" class="button primary" disabled={form.busy.value || !form.dirty.value}>
        {form.busy.value ? parts.w("saving") : parts.w("save")}
      </button>
    </div>
  );
}
