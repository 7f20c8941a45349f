import { locale } from "../i18n/index.ts";
import type { SurveyQuestion } from "../wire/records.ts";

/** spoken gives words in the console's language, or in the first that there is. */
export const spoken = (by: Record<string, string> | undefined, or: string): string => by?.[locale.value] ?? Object.values(by ?? {})[0] ?? or;

/** answerText tells what a customer answered to one question of the survey; a question that was taken out is told by its id. */
export function answerText(id: string, said: string, q: SurveyQuestion | undefined): string {
  const choice = q?.choices?.find((c) => c.id === said);
  return `${spoken(q?.texts, id)} – ${choice ? spoken(choice.texts, said) : q?.kind === "scale" ? `${said} / 5` : said}`;
}
