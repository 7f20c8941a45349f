import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Icon } from "../../ui/icon.tsx";
import { errorAt, type Form } from "./form.ts";
import { parts } from "./words.ts";

/** The keys of T whose values are of type V. */
type KeysOf<T, V> = { [K in keyof T]: T[K] extends V ? K : never }[keyof T] & string;

interface Common {
  label: string;
  hint?: string;
  /** shown after the label, for what may be left out */
  optional?: boolean;
}

interface LineProps extends Common {
  name: string;
  error: string;
  children: ComponentChildren;
  /** the content is several controls: the label names the group */
  group?: boolean;
}

/** ids gives the ids of a field's control and of what describes it. */
export const ids = (name: string, hint: string | undefined, error: string) => ({
  id: `f-${name}`,
  described: [hint && `f-${name}-hint`, error && `f-${name}-error`].filter(Boolean).join(" ") || undefined,
  invalid: error ? true : undefined,
});

/** Line is a label, a control, and below it the hint and what is wrong. */
export function Line({ name, label, hint, optional = false, error, children, group = false }: LineProps) {
  const { id } = ids(name, hint, error);
  const words = (
    <>
      {label}
      {optional && <span class="adm-optional"> {parts.w("optional")}</span>}
    </>
  );
  const below = (
    <>
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </>
  );
  if (group) {
    return (
      <fieldset class="field" data-field={name} aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined}>
        <legend>{words}</legend>
        {children}
        {below}
      </fieldset>
    );
  }
  return (
    <div class="field" data-field={name}>
      <label for={id}>{words}</label>
      {children}
      {below}
    </div>
  );
}

export interface TextProps<T extends object> extends Common {
  form: Form<T>;
  name: KeysOf<T, string>;
  type?: "text" | "email" | "url" | "password" | "date" | "time";
  placeholder?: string;
  autofocus?: boolean;
  disabled?: boolean;
  /** code, not words: always from left to right, in the fixed-width face */
  code?: boolean;
  /** known values to choose from while typing */
  suggest?: readonly string[];
}

/** Text is one line. */
export function Text<T extends object>({ form, name, type = "text", placeholder, autofocus, disabled, code, suggest, ...line }: TextProps<T>) {
  const error = errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, line.hint, error);
  return (
    <Line {...line} name={name} error={error}>
      <input
        id={id}
        type={type as "text"}
        class={code ? "adm-code" : ""}
        dir={type === "text" && !code ? "auto" : "ltr"}
        autocomplete="off"
        placeholder={placeholder}
        disabled={disabled ?? false}
        data-autofocus={autofocus ? "" : undefined}
        list={suggest ? `${id}-list` : undefined}
        value={String(form.draft.value[name])}
        aria-describedby={described}
        aria-invalid={invalid}
        onInput={(e) => form.set(name, e.currentTarget.value as T[typeof name])}
      />
      {suggest && (
        <datalist id={`${id}-list`}>
          {suggest.map((s) => (
            <option key={s} value={s} />
          ))}
        </datalist>
      )}
    </Line>
  );
}

/** Area is several lines, with a count where there is a bound. */
export function Area<T extends object>({ form, name, rows = 4, most, ...line }: Common & { form: Form<T>; name: KeysOf<T, string>; rows?: number; most?: number }) {
  const error = errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, line.hint, error);
  const text = String(form.draft.value[name]);
  return (
    <Line {...line} name={name} error={error}>
      <textarea id={id} class="adm-area" dir="auto" rows={rows} value={text} aria-describedby={described} aria-invalid={invalid} onInput={(e) => form.set(name, e.currentTarget.value as T[typeof name])} />
      {most !== undefined && [...text].length > most * 0.8 && <p class={[...text].length > most ? "adm-count adm-count-over" : "adm-count"}>{`${[...text].length} / ${most}`}</p>}
    </Line>
  );
}

export interface NumProps<T extends object> extends Common {
  form: Form<T>;
  name: KeysOf<T, number>;
  min: number;
  max: number;
  step?: number;
  unit?: string;
}

/** Num is a number with its unit; what is no number is kept as NaN, which the check of a form refuses. */
export function Num<T extends object>({ form, name, min, max, step = 1, unit, ...line }: NumProps<T>) {
  const error = errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, line.hint, error);
  const value = form.draft.value[name] as number;
  return (
    <Line {...line} name={name} error={error}>
      <span class="adm-num">
        <input
          id={id}
          type="number"
          inputMode={step === 1 ? "numeric" : "decimal"}
          min={min}
          max={max}
          step={step}
          value={Number.isNaN(value) ? "" : value}
          aria-describedby={[unit && `${id}-unit`, described].filter(Boolean).join(" ") || undefined}
          aria-invalid={invalid}
          onInput={(e) => form.set(name, e.currentTarget.valueAsNumber as T[typeof name])}
        />
        {unit && <span id={`${id}-unit`}>{unit}</span>}
      </span>
    </Line>
  );
}

/** numberError says what is wrong with a number, "" where nothing is. */
export function numberError(n: number, min: number, max: number): string {
  return Number.isFinite(n) && n >= min && n <= max ? "" : parts.w("number_range", { min, max });
}

export interface Option {
  value: string;
  label: string;
  hint?: string;
}

/** Choice is one of a few, from a list that unfolds. */
export function Choice<T extends object>({ form, name, options, disabled, ...line }: Common & { form: Form<T>; name: KeysOf<T, string>; options: readonly Option[]; disabled?: boolean }) {
  const error = errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, line.hint, error);
  return (
    <Line {...line} name={name} error={error}>
      <select id={id} class="select" disabled={disabled ?? false} value={String(form.draft.value[name])} aria-describedby={described} aria-invalid={invalid} onChange={(e) => form.set(name, e.currentTarget.value as T[typeof name])}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </Line>
  );
}

/** Toggle is on or off. */
export function Toggle<T extends object>({ form, name, label, hint }: { form: Form<T>; name: KeysOf<T, boolean>; label: string; hint?: string }) {
  const id = `f-${name}`;
  return (
    <div class="switch-row" data-field={name}>
      <input id={id} class="switch" type="checkbox" role="switch" checked={form.draft.value[name] === true} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => form.set(name, e.currentTarget.checked as T[typeof name])} />
      <label for={id}>{label}</label>
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

/** Checks is any of a few. */
export function Checks<T extends object>({ form, name, options, ...line }: Common & { form: Form<T>; name: KeysOf<T, readonly string[]>; options: readonly Option[] }) {
  const chosen = form.draft.value[name] as readonly string[];
  const flip = (value: string, on: boolean) => form.set(name, (on ? [...chosen, value] : chosen.filter((v) => v !== value)) as T[typeof name]);
  return (
    <Line {...line} name={name} error={errorAt(form.errors.value, name)} group>
      <div class="adm-checks">
        {options.map((o) => (
          <label key={o.value} class="adm-check">
            <input type="checkbox" checked={chosen.includes(o.value)} onChange={(e) => flip(o.value, e.currentTarget.checked)} />
            <span>
              {o.label}
              {o.hint && <small>{o.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </Line>
  );
}

/** Many is a list of short texts: Enter or a comma adds one, and each has a button to remove it. */
export function Many<T extends object>({ form, name, placeholder, clean, ...line }: Common & { form: Form<T>; name: KeysOf<T, readonly string[]>; placeholder?: string; clean?(typed: string): string | undefined }) {
  const typed = useSignal("");
  const wrong = useSignal("");
  const all = form.draft.value[name] as readonly string[];
  const error = wrong.value || errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, line.hint, error);
  const add = () => {
    const text = typed.value.trim().replace(/,$/, "").trim();
    if (!text) return;
    const value = clean ? clean(text) : text;
    if (value === undefined) {
      wrong.value = parts.w("not_valid", { text });
      return;
    }
    typed.value = wrong.value = "";
    if (!all.includes(value)) form.set(name, [...all, value] as unknown as T[typeof name]);
  };
  const drop = (value: string) => {
    form.set(name, all.filter((v) => v !== value) as unknown as T[typeof name]);
    document.getElementById(id)?.focus();
  };
  const keys = (e: KeyboardEvent) => {
    if (e.isComposing) return;
    if (e.key === "Enter" || e.key === ",") {
      if (!typed.value.trim()) return;
      e.preventDefault();
      add();
    } else if (e.key === "Backspace" && !typed.value && all.length > 0) drop(all[all.length - 1] ?? "");
  };
  return (
    <Line {...line} name={name} error={error}>
      {all.length > 0 && (
        <ul class="adm-many">
          {all.map((v) => (
            <li key={v}>
              <span dir="auto">{v}</span>
              <button type="button" aria-label={parts.w("remove_one", { name: v })} onClick={() => drop(v)}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <span class="adm-add">
        <input id={id} type="text" dir="auto" autocomplete="off" placeholder={placeholder} value={typed.value} aria-describedby={described} aria-invalid={invalid} onInput={(e) => ((typed.value = e.currentTarget.value), (wrong.value = ""))} onKeyDown={keys} onBlur={add} />
        <button type="button" class="button" onClick={add}>
          {parts.w("add")}
        </button>
      </span>
    </Line>
  );
}
