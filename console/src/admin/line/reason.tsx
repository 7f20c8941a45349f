import { parts, Text, type Form } from "../parts/index.ts";
import { w } from "./words.ts";

/** reasonError says what is wrong with the reason of a change, "" where nothing is. */
export const reasonError = (text: string): string => (text.trim() === "" ? parts.w("required") : [...text.trim()].length > 500 ? w("reason_long") : "");

/** Reason asks why the rules are changed. Several forms stand on the page: each names its own. */
export function Reason<T extends object>({ form, name }: { form: Form<T>; name: { [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string }) {
  return <Text form={form} name={name} label={w("reason")} hint={w("reason_hint")} />;
}
