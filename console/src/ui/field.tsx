import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface FieldProps {
  id: string;
  label: string;
  value: Signal<string>;
  type?: "text" | "email" | "password";
  autocomplete?: string;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
  autofocus?: boolean;
  placeholder?: string;
  /** known values to choose from while typing */
  suggest?: readonly string[];
}

/** Field is a labelled line of input; its hint and its error are tied to it. */
export function Field({ id, label, value, type = "text", autocomplete, hint, error, required, autofocus, placeholder, suggest }: FieldProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autofocus) ref.current?.focus();
  }, []);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        ref={ref}
        id={id}
        type={type as "text"}
        dir={type === "text" ? "auto" : "ltr"}
        autocomplete={autocomplete ?? "off"}
        required={required ?? false}
        placeholder={placeholder ?? ""}
        list={suggest?.length ? `${id}-list` : undefined}
        value={value.value}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
        onInput={(e) => (value.value = e.currentTarget.value)}
      />
      {suggest && suggest.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggest.map((s) => (
            <option key={s} value={s} />
          ))}
        </datalist>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
