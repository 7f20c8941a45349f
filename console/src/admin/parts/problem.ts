import { locale, t } from "../../i18n/index.ts";
import { RestError } from "../../wire/rest.ts";
import { parts } from "./words.ts";

/** What a refusal is about: the field that is wrong, where one is, and what to do. */
export interface Trouble {
  field: string;
  text: string;
}

/** trouble puts a refused call into words, in the console's language. */
export function trouble(err: unknown): Trouble {
  if (!(err instanceof RestError)) return { field: "", text: t("error.other") };
  const about = (text: string): Trouble => ({ field: "", text });
  if (err.status === 0 || err.status >= 500) return about(t("error.unavailable"));
  if (err.status === 429) return about(t("error.rate_limited"));
  if (err.status === 401) return about(t("line.signed_out"));
  if (err.status === 403) return about(t("error.forbidden"));
  if (err.status === 404) return about(parts.w("gone"));
  if (err.status === 409) return about(parts.w("taken"));
  return { field: err.field, text: wrong(err) };
}

/**
 * wrong says what is wrong with a field. The server says it in English, and there best; the other languages say it by the code of
 * what is wrong and the field's last name, or by the code alone.
 */
function wrong(err: RestError): string {
  const own = err.hint || err.message || t("error.other");
  if (!err.why || (locale.value === "en" && err.message)) return own;
  const name = err.field.replace(/\[\d+\]/g, "").split(".").at(-1) ?? "";
  return parts.or(`why.${err.why}.${name}`, parts.or(`why.${err.why}`, own));
}
