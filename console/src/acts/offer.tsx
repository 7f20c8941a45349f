import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { facing } from "../chat/facing.ts";
import { named, t } from "../i18n/index.ts";
import { offer } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import { stored } from "../store/prefs.ts";
import { hide } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Choice } from "./close.tsx";
import { customerText } from "./customer.ts";
import { Area } from "./textarea.tsx";
import "./sheet.ts";
import { acts } from "./words.ts";

const REMEDIES = ["replacement", "refund", "exchange", "store_credit", "discount", "repair", "apology", "other"];
/** Remedies that are worth a sum of money. */
const MONEY = new Set(["refund", "store_credit", "discount"]);
const currency = stored("currency", "EUR");

/** minor gives an amount in the currency's smallest unit, or NaN for what is no amount. */
export function minor(text: string, code: string): number {
  const plain = text.trim().replace(/\s/g, "").replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(plain)) return NaN;
  let digits = 2;
  try {
    digits = new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return NaN;
  }
  return Math.round(Number(plain) * 10 ** digits);
}

/** OfferDialog offers the customer a remedy, to be accepted or declined; what the brief proposes comes first. */
export default function OfferDialog({ id, remedy: first }: { id: string; remedy?: string }) {
  const known = acts.use();
  const language = facing(id).language || "en";
  const proposals = chat(id).brief.value?.proposals ?? [];
  const order = [...new Set([...proposals.map((p) => p.remedy).filter((r) => REMEDIES.includes(r)), ...REMEDIES])];
  const remedy = useSignal(first ?? order[0] ?? "refund");
  const worth = useSignal("");
  const text = useSignal("");
  const touched = useRef(false);
  const wrong = useSignal("");
  const busy = useSignal(false);
  useSignalEffect(() => {
    const [r, sum, code] = [remedy.value, worth.value.trim(), currency.value];
    void customerText(language, `offer.${r}`, { sum: MONEY.has(r) && sum ? `${sum} ${code}` : "" }).then((words) => {
      if (!touched.current) text.value = words;
    });
  });
  const submit = async (e: Event) => {
    e.preventDefault();
    const money = MONEY.has(remedy.value);
    const sum = money ? minor(worth.value, currency.value) : 0;
    if (!(sum >= 0) || (money && sum === 0)) {
      wrong.value = acts.w("offer.wrong");
      return document.getElementById("offer-worth")?.focus();
    }
    if (!text.value.trim()) return document.getElementById("offer-text")?.focus();
    busy.value = true;
    if (await offer(id, { remedy: remedy.value, text: text.value.trim(), ...(money ? { worth: sum, currency: currency.value } : {}) })) hide();
    busy.value = false;
  };
  if (!known) return null;
  const limit = proposals.find((p) => p.remedy === remedy.value)?.up_to;
  return (
    <Dialog title={acts.w("offer.title")} onClose={hide} wide>
      <form class="form" onSubmit={submit} noValidate>
        <fieldset class="choices choices-row">
          <legend>{acts.w("offer.what")}</legend>
          {order.map((r, i) => (
            <Choice key={r} name="remedy" value={r} text={named("remedy", r)} chosen={remedy.value} first={first ? r === first : i === 0} pick={(v) => (remedy.value = v)} />
          ))}
        </fieldset>
        {MONEY.has(remedy.value) && (
          <div class="form-row">
            <div class="field">
              <label for="offer-worth">{acts.w("offer.worth")}</label>
              <input id="offer-worth" inputMode="decimal" autocomplete="off" value={worth.value} aria-invalid={wrong.value ? true : undefined} aria-describedby={wrong.value ? "offer-wrong" : limit ? "offer-limit" : undefined}
                onInput={(e) => ((worth.value = e.currentTarget.value), (wrong.value = ""))} />
              {!!limit && <p class="field-hint" id="offer-limit">{t("brief.up_to", { amount: String(limit / 100) })}</p>}
              {wrong.value && <p class="field-error" id="offer-wrong" role="alert">{wrong.value}</p>}
            </div>
            <div class="field offer-currency">
              <label for="offer-currency">{acts.w("offer.currency")}</label>
              <input id="offer-currency" maxLength={3} autocomplete="off" value={currency.value} onInput={(e) => (currency.value = e.currentTarget.value.toUpperCase())} />
            </div>
          </div>
        )}
        <Area id="offer-text" label={acts.w("to_customer")} hint={acts.w("offer.hint")} value={text} onInput={() => (touched.current = true)} />
        <div class="form-row">
          <button type="button" class="button" onClick={hide}>{t("ui.cancel")}</button>
          <button type="submit" class="button primary" disabled={busy.value}>{acts.w("offer.submit")}</button>
        </div>
      </form>
    </Dialog>
  );
}
