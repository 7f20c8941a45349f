import { pickedTime } from "../i18n/format.ts";

export interface DateFieldProps {
  id: string;
  /** as the browser's fields take it: 2026-11-28, or with a time 2026-11-28T09:30 */
  value: string;
  /** with hours and minutes */
  time?: boolean;
  min?: string;
  max?: string;
  invalid?: boolean;
  onChange(value: string): void;
}

/** DateField is the browser's own field, which writes dates in the browser's language; beside it stands what was chosen, in the console's. */
export function DateField({ id, value, time = false, min, max, invalid = false, onChange }: DateFieldProps) {
  const said = pickedTime(value);
  return (
    <span class="dated">
      <input
        id={id}
        type={time ? "datetime-local" : "date"}
        class={value ? undefined : "dated-empty"}
        value={value}
        min={min || undefined}
        max={max || undefined}
        aria-invalid={invalid || undefined}
        aria-describedby={said ? `${id}-said` : undefined}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
      {said && <span id={`${id}-said`} class="dated-said">{said}</span>}
    </span>
  );
}
