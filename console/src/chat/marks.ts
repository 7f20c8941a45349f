import { clockTime, dayTime, languageName } from "../i18n/format.ts";
import { named, t } from "../i18n/index.ts";
import { causeOf, colleagues, me } from "../store/board.ts";
import { productName, surveyQuestion } from "../store/lists.ts";
import { answerText } from "./survey.ts";
import type { BriefCorrection } from "../wire/records.ts";
import type { LogEvent } from "../wire/frames.ts";
import type { IconName } from "../ui/icon.tsx";

/** What a mark shows: an icon, a line, and sometimes words that somebody wrote. */
export interface MarkText {
  icon: IconName;
  text: string;
  quote?: string;
  /** further lines, such as the answers to a survey */
  more?: string[];
  tone?: "warn" | "good";
}

const str = (v: unknown) => (typeof v === "string" ? v : "");
const hour = (v: unknown) => (str(v) ? clockTime(str(v)) : "");
const num = (v: unknown) => (typeof v === "number" ? v : 0);

/** personName gives a user's name by id. */
export function personName(id: string): string {
  if (me.value?.id === id) return me.value.name;
  return colleagues.value.find((c) => c.id === id)?.name ?? "";
}

const level = (e: LogEvent) => named("level", String(num(e["level"])));

const MARKS: Record<string, (e: LogEvent) => MarkText> = {
  opened: (e) => ({ icon: "globe", text: str(e["page"]) ? t("mark.opened_on", { page: str(e["page"]) }) : t("mark.opened") }),
  handoff_requested: (e) => ({
    icon: "up",
    tone: "warn",
    text: t("mark.handoff", { reason: named("reason", str(e["reason"])), severity: named("severity", str(e["severity"])), level: level(e) }),
  }),
  handoff_claimed: (e) => ({
    icon: "user",
    tone: "good",
    text: str(e["taken_from"])
      ? t("mark.taken_over", { name: str(e["name"]), from: personName(str(e["taken_from"])) || t("mark.bot") })
      : t("mark.claimed", { name: str(e["name"]) || personName(str(e["agent"])) }),
  }),
  handoff_transferred: transferred,
  handoff_escalated: (e) => ({
    icon: "up",
    tone: "warn",
    text: str(e["by"]) ? t("mark.escalated", { level: level(e) }) : t("mark.escalated_clock", { level: level(e) }),
    quote: str(e["by"]) ? str(e["reason"]) : "",
  }),
  handoff_released: (e) => ({ icon: "inbox", text: str(e["reason"]) === "vanished" ? t("mark.vanished") : t("mark.released") }),
  handoff_labelled: (e) => ({ icon: "check", text: t("mark.labelled", { label: named("label", str(e["label"])) }) }),
  handoff_reclassified: (e) => ({
    icon: "alert",
    text: t("mark.reclassified", { what: [named("severity", str(e["severity"])), named("skill", str(e["skill"])), named("topic", str(e["topic"])), productName(str(e["product"]))].filter(Boolean).join(", ") }),
  }),
  brief: corrected,
  returned_to_bot: () => ({ icon: "bot", text: t("mark.returned") }),
  left_message: leftMessage,
  offer: (e) => ({
    icon: "check",
    text: t("mark.offer", { remedy: named("remedy", str(e["remedy"])), state: named("state", str(e["state"])) }),
    quote: str(e["text"]),
  }),
  promise: (e) => ({
    icon: "promise",
    text: t("mark.promise", { state: named("state", str(e["state"])), due: str(e["due_at"]) ? dayTime(str(e["due_at"])) : "" }),
    quote: str(e["text"]),
  }),
  clock: (e) => ({
    icon: "clock",
    text: str(e["state"]) === "warned"
      ? t("mark.clock_warned", { due: hour(e["due_at"]) })
      : t("mark.clock_postponed", { why: named("clock", str(e["why"])), next: hour(e["next"]) }),
  }),
  complaint: (e) => ({
    icon: "brief",
    tone: "warn",
    text: t("mark.complaint", { number: str(e["number"]), due: str(e["due_at"]) ? dayTime(str(e["due_at"])) : "" }),
  }),
  survey: (e) => ({
    icon: "help",
    text: str(e["state"]) === "answered" ? t("mark.rated", { rating: num(e["rating"]) }) : t("mark.survey"),
    quote: str(e["text"]),
    more: Object.entries(e["answers"] ?? {}).map(([id, said]) => answerText(id, str(said), surveyQuestion(id))),
  }),
  closed: (e) => ({
    icon: "check",
    tone: "good",
    text: [
      str(e["name"]) ? t("mark.closed_by", { name: str(e["name"]) }) : t("mark.closed"),
      str(e["cause"]) && causeOf(str(e["cause"])),
      productName(str(e["product"])),
      named("outcome", str(e["outcome"])),
    ].filter(Boolean).join(" · "),
  }),
  reopened: (e) => ({ icon: "inbox", text: t("mark.reopened", { reason: named("reopened", str(e["reason"])) }) }),
  visitor_identified: (e) => ({
    icon: "user",
    text: t(e["verified"] === true ? "mark.verified" : "mark.named", { name: [str(e["name"]), str(e["email"])].filter(Boolean).join(", ") }),
  }),
  erased: () => ({ icon: "user", text: t("mark.erased") }),
  language_changed: (e) => ({ icon: "globe", text: t("mark.language", { language: languageName(str(e["language"])) }) }),
};

/** corrected tells what an agent put right last: the event carries the brief as it is then. */
function corrected(e: LogEvent): MarkText {
  const all = Array.isArray(e["corrected"]) ? (e["corrected"] as BriefCorrection[]) : [];
  const last = all[all.length - 1];
  const what = last?.field === "matter" ? t("brief.title") : named("fact", last?.field);
  const now = last?.field === "outcome_wanted" ? named("remedy", last.now) : last?.now;
  return { icon: "pencil", text: now ? t("mark.corrected", { name: last?.by ?? "", what, now }) : t("mark.taken_out", { name: last?.by ?? "", what }) };
}

function transferred(e: LogEvent): MarkText {
  const to = str(e["to_name"]) || personName(str(e["to"]));
  const where = [named("skill", str(e["skill"])), num(e["level"]) > 0 && level(e)].filter(Boolean).join(", ");
  const text = str(e["to"]) ? t("mark.transferred", { name: to }) : t("mark.transferred_queue", { where: where || t("queue.waiting") });
  return { icon: "transfer", text, quote: str(e["word"]) };
}

function leftMessage(e: LogEvent): MarkText {
  const reach = [str(e["email"]), str(e["phone"]), str(e["callback"]) && dayTime(str(e["callback"]))].filter(Boolean).join(" · ");
  return { icon: "note", tone: "warn", text: [t("mark.left_message"), reach].filter(Boolean).join(" · "), quote: str(e["text"]) };
}

/** markText tells an event in one line; kinds newer than this console are named by their code. */
export function markText(e: LogEvent): MarkText {
  return MARKS[e.kind]?.(e) ?? { icon: "more", text: e.kind.replaceAll("_", " ") };
}
