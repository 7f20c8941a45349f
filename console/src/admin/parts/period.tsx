import { useSignal } from "@preact/signals";
import { locale } from "../../i18n/index.ts";
import { ids, Line } from "./fields.tsx";
import { errorAt, type Form } from "./form.ts";
import { parts } from "./words.ts";

const UNITS = { s: 1, m: 60, h: 3600 } as const;
type Unit = keyof typeof UNITS;
const NAMES = { s: "second", m: "minute", h: "hour" } as const;

/** seconds reads a time as the server writes it, such as "1h30m0s"; NaN for what is none. */
export function seconds(text: string): number {
  let sum = 0;
  const rest = text.trim().replace(/(\d+(?:\.\d+)?)(h|ms|m|s)/g, (_, n: string, unit: string) => {
    sum += Number(n) * (unit === "ms" ? 0.001 : UNITS[unit as Unit]);
    return "";
  });
  return rest === "" && text.trim() !== "" ? sum : NaN;
}

/** largest is the largest unit in which so many seconds are whole. */
const largest = (n: number): Unit => (n > 0 && n % 3600 === 0 ? "h" : n > 0 && n % 60 === 0 ? "m" : "s");

/** inOneUnit writes a time of the server in the largest unit in which it is whole: 1h30m0s is 90m. What is none is "". */
export function inOneUnit(text: string): string {
  const n = seconds(text);
  if (Number.isNaN(n)) return "";
  const unit = largest(n);
  return `${n / UNITS[unit]}${unit}`;
}

/** spelt puts seconds into words of the console's language: "15 min". */
export function spelt(n: number): string {
  const unit = largest(n);
  return new Intl.NumberFormat(locale.value, { style: "unit", unit: NAMES[unit], unitDisplay: "short" }).format(n / UNITS[unit]);
}

/** periodError says what is wrong with a time, in seconds from min to max; "" where nothing is. */
export function periodError(text: string, min: number, max: number): string {
  const n = seconds(text);
  return n >= min && n <= max ? "" : parts.w("time_range", { min: spelt(min), max: spelt(max) });
}

export interface PeriodProps<T extends object> {
  form: Form<T>;
  /** of a text that inOneUnit wrote; "" is no time */
  name: { [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string;
  label: string;
  hint?: string;
}

/** Period is a time: a number, and the unit beside it. */
export function Period<T extends object>({ form, name, label, hint }: PeriodProps<T>) {
  const error = errorAt(form.errors.value, name);
  const { id, described, invalid } = ids(name, hint, error);
  const [, digits = "", written] = /^([\d.]+)([smh])$/.exec(String(form.draft.value[name])) ?? [];
  const last = useSignal<string>(written ?? "m"); // the unit outlives the number
  const unit = written ?? last.value;
  const put = (n: string, in_: string) => {
    last.value = in_;
    form.set(name, (n === "" ? "" : n + in_) as T[typeof name]);
  };
  return (
    <Line name={name} label={label} {...(hint ? { hint } : {})} error={error}>
      <span class="adm-num adm-period">
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          value={digits}
          aria-describedby={[`${id}-unit`, described].filter(Boolean).join(" ")}
          aria-invalid={invalid}
          onInput={(e) => put(Number.isFinite(e.currentTarget.valueAsNumber) ? plain(e.currentTarget.valueAsNumber) : "", unit)}
        />
        <select id={`${id}-unit`} class="select" aria-label={parts.w("unit_of", { name: label })} value={unit} onChange={(e) => put(digits, e.currentTarget.value)}>
          {(Object.keys(UNITS) as Unit[]).map((u) => (
            <option key={u} value={u}>
              {parts.w(`unit_${u}`)}
            </option>
          ))}
        </select>
      </span>
    </Line>
  );
}

/** plain writes a number without an exponent, as the server reads times. */
const plain = (n: number): string => Math.max(0, n).toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 6 });
