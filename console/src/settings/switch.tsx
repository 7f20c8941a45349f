import "./sheet.ts";

export interface SwitchProps {
  id: string;
  label: string;
  hint?: string;
  on: boolean;
  disabled?: boolean;
  set(on: boolean): void;
}

/** Switch is a checkbox that acts at once. */
export function Switch({ id, label, hint, on, disabled = false, set }: SwitchProps) {
  return (
    <div class="switch-row">
      <input
        id={id}
        class="switch"
        type="checkbox"
        role="switch"
        checked={on}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(e) => set(e.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
