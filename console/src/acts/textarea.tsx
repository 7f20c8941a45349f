import type { Signal } from "@preact/signals";

export interface AreaProps {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  value: Signal<string>;
  autofocus?: boolean;
  onInput?(): void;
}

/** Area is a labelled field of several lines. */
export function Area({ id, label, hint, error, value, autofocus = false, onInput }: AreaProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="area"
        dir="auto"
        rows={3}
        maxLength={4000}
        data-autofocus={autofocus || undefined}
        value={value.value}
        aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined}
        aria-invalid={error ? true : undefined}
        onInput={(e) => {
          value.value = e.currentTarget.value;
          onInput?.();
        }}
      />
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="field-error" id={`${id}-error`} role="alert">{error}</p>}
    </div>
  );
}
