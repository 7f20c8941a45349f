import { t } from "../i18n/index.ts";
import { mails } from "../store/board.ts";
import { chat } from "../store/chats.ts";
import { now } from "../store/clock.ts";
import { Icon } from "../ui/icon.tsx";
import type { LogEvent } from "../wire/frames.ts";

// As on the server: who wrote in the widget so lately reads the answer there.
const HERE = 5 * 60_000;

/** owedByMail gives the address that was left with a message, where the answer is to go by e-mail too; "" if it need not. */
export function owedByMail(events: readonly LogEvent[], at: number): string {
  let left = "";
  let spoke = 0;
  for (const e of events) {
    if (e.kind === "left_message") {
      left = typeof e["email"] === "string" ? e["email"] : "";
      spoke = 0;
    } else if (e.kind === "message" && e.role === "visitor") spoke = Date.parse(e.at);
  }
  return at - spoke < HERE ? "" : left;
}

/** ByMail says beside a reply whether it reaches by e-mail somebody who asked for that, or only in the chat. */
export function ByMail({ id }: { id: string }) {
  const email = owedByMail(chat(id).events.value, now.value);
  if (!email) return null;
  return (
    <p class={mails.value ? "by-mail" : "by-mail by-mail-off"} id="by-mail">
      <Icon name={mails.value ? "send" : "alert"} size={14} />
      <span>{t(mails.value ? "composer.by_mail" : "composer.mail_off", { email })}</span>
    </p>
  );
}
