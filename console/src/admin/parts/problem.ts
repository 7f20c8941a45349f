import { t } from "../../i18n/index.ts";
import { RestError } from "../../wire/rest.ts";
import { parts } from "./words.ts";

/** What a refusal is about: the field that is wrong, where one is, and what to do. */
export interface Trouble {
  field: string;
  text: string;
}

/** trouble puts a refused call into words. What is wrong with one field is told in the server's own words. */
export function trouble(err: unknown): Trouble {
  if (!(err instanceof RestError)) return { field: "", text: t("error.other") };
  const about = (text: string): Trouble => ({ field: "", text });
  if (err.status === 0 || err.status >= 500) return about(t("error.unavailable"));
  if (err.status === 429) return about(t("error.rate_limited"));
  if (err.status === 401) return about(t("line.signed_out"));
  if (err.status === 403) return about(t("error.forbidden"));
  if (err.status === 404) return about(parts.w("gone"));
  if (err.status === 409) return about(parts.w("taken"));
  return { field: err.field, text: err.hint || err.message || t("error.other") };
}
