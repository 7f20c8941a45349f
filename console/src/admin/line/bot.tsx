import { named } from "../../i18n/index.ts";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import type { BotOffer, BotRules, RulesAnswer } from "../../wire/admin.ts";
import { Card, Checks, errorAt, Num, numberError, parts, SaveBar, useForm, type Form } from "../parts/index.ts";
import type { Change } from "./page.tsx";
import { Reason, reasonError } from "./reason.tsx";
import { w } from "./words.ts";

/** One offer as its row shows it: worth is in whole units of the currency. */
interface Row {
  topic: string;
  remedy: string;
  worth: number;
  currency: string;
}

interface Draft {
  "bot.remedies": string[];
  "bot.up_to": number;
  rows: Row[];
  "bot.reason": string;
}

const LARGEST = 10_000_000;

function draftOf(b: BotRules | undefined): Draft {
  const rows = Object.entries(b?.offers ?? {}).flatMap(([topic, offers]) =>
    (offers ?? []).map((o) => ({ topic, remedy: o.remedy, worth: (o.worth ?? 0) / 100, currency: o.currency ?? "" })),
  );
  return { "bot.remedies": b?.remedies ?? [], "bot.up_to": (b?.up_to ?? 0) / 100, rows, "bot.reason": "" };
}

function rulesOf(d: Draft): BotRules {
  const offers: Record<string, BotOffer[]> = {};
  for (const r of d.rows) {
    const o: BotOffer = { remedy: r.remedy };
    if (r.worth > 0) Object.assign(o, { worth: Math.round(r.worth * 100), currency: r.currency.trim().toUpperCase() });
    (offers[r.topic] ??= []).push(o);
  }
  return { remedies: d["bot.remedies"], up_to: Math.round(d["bot.up_to"] * 100), offers };
}

/** place names a row for what is wrong with it: the server names topics, not rows. */
const place = (r: Row): string => `bot.offers.${r.topic}`;

function check(d: Draft): Record<string, string> {
  const wrong: Record<string, string> = { "bot.up_to": numberError(d["bot.up_to"], 0, LARGEST), "bot.reason": reasonError(d["bot.reason"]) };
  for (const r of d.rows) {
    wrong[place(r)] ||= !r.topic || !r.remedy ? parts.w("required") : numberError(r.worth, 0, LARGEST) || (r.worth > 0 && !/^[A-Za-z]{3}$/.test(r.currency.trim()) ? w("currency_wrong") : "");
  }
  return wrong;
}

/** Bot sets what the bot may offer by itself: its mandate, and its offers by topic. They are checked, and so saved, together. */
export function Bot({ answer, topics, change }: { answer: RulesAnswer; topics: readonly string[]; change: Change }) {
  const form = useForm(() => draftOf(answer.rules.bot), [JSON.stringify(answer.rules.bot)]);
  const submit = async (card: HTMLElement) => {
    if (!(await form.submit((d) => change((r) => ({ ...r, bot: rulesOf(d) }), d["bot.reason"]), check))) return;
    toast(parts.w("saved"));
    card.focus(); // the button that was pressed is gone
  };
  const rows = form.draft.value.rows;
  const put = (to: Row[]) => {
    form.set("rows", to);
    form.errors.value = Object.fromEntries(Object.entries(form.errors.value).filter(([k]) => !k.startsWith("bot.offers.")));
  };
  const last = rows.at(-1);
  const add = () => {
    put([...rows, { topic: last?.topic ?? topics[0] ?? "", remedy: form.draft.value["bot.remedies"][0] ?? answer.bot_remedies[0] ?? "", worth: 0, currency: last?.currency ?? "" }]);
    requestAnimationFrame(() => document.getElementById(`offer-${rows.length}-topic`)?.focus());
  };
  return (
    <Card title={w("bot")} text={w("bot_lead")}>
      <form
        class="form line-form"
        tabIndex={-1}
        aria-label={w("bot")}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void submit(e.currentTarget);
        }}
      >
        <Checks form={form} name="bot.remedies" label={w("remedies")} hint={w("bot_remedies_hint")} options={answer.bot_remedies.map((x) => ({ value: x, label: named("remedy", x) }))} />
        <Num form={form} name="bot.up_to" label={w("up_to")} hint={w("bot_up_to_hint")} min={0} max={LARGEST} step={0.01} />
        <section class="form" aria-labelledby="bot-offers">
          <div>
            <h3 id="bot-offers">{w("offers")}</h3>
            <p class="field-hint">{w("offers_hint")}</p>
          </div>
          {rows.length === 0 ? <p class="quiet">{w("offers_none")}</p> : (
            <ol class="line-offers">
              {rows.map((r, i) => (
                <Offer key={i} i={i} row={r} rows={rows} form={form} topics={topics} remedies={answer.bot_remedies} put={put} />
              ))}
            </ol>
          )}
          <div>
            <button id="offer-add" type="button" class="button" onClick={add}>
              <Icon name="plus" />
              {w("offer_add")}
            </button>
          </div>
        </section>
        {form.dirty.value && (
          <>
            <Reason form={form} name="bot.reason" />
            <SaveBar form={form} />
          </>
        )}
      </form>
    </Card>
  );
}

interface OfferProps {
  i: number;
  row: Row;
  rows: readonly Row[];
  form: Form<Draft>;
  topics: readonly string[];
  remedies: readonly string[];
  put(to: Row[]): void;
}

/** Offer is one row; what the server finds wrong with a topic is told at the first of its rows. */
function Offer({ i, row, rows, form, topics, remedies, put }: OfferProps) {
  const error = rows.findIndex((r) => r.topic === row.topic) === i ? errorAt(form.errors.value, place(row)) : "";
  const invalid = error ? true : undefined;
  const set = (to: Partial<Row>) => put(rows.map((r, at) => (at === i ? { ...r, ...to } : r)));
  const up = () => put(rows.map((r, at) => (at === i - 1 ? row : at === i ? (rows[i - 1] ?? r) : r)));
  const drop = () => {
    put(rows.filter((_, at) => at !== i));
    document.getElementById("offer-add")?.focus();
  };
  const id = (what: string) => `offer-${i}-${what}`;
  const below = error ? `${id("error")}` : undefined;
  return (
    <li data-field={place(row)}>
      <fieldset class="line-offer" aria-describedby={below}>
        <legend class="sr-only">{w("offer", { n: i + 1 })}</legend>
        <Pick id={id("topic")} label={w("topic")} value={row.topic} group="topic" options={topics} invalid={invalid} set={(topic) => set({ topic })} />
        <Pick id={id("remedy")} label={w("remedy")} value={row.remedy} group="remedy" options={remedies} invalid={undefined} set={(remedy) => set({ remedy })} />
        <label>
          <span>{w("worth")}</span>
          <input id={id("worth")} type="number" inputMode="decimal" min={0} step={0.01} value={Number.isNaN(row.worth) ? "" : row.worth} onInput={(e) => set({ worth: e.currentTarget.valueAsNumber })} />
        </label>
        <label>
          <span>{w("currency")}</span>
          <input id={id("currency")} type="text" class="adm-code" maxLength={3} placeholder="EUR" autocomplete="off" value={row.currency} onInput={(e) => set({ currency: e.currentTarget.value })} />
        </label>
        <div class="line-offer-acts">
          <button type="button" class="button ghost square" disabled={i === 0} aria-label={w("offer_up", { n: i + 1 })} onClick={up}>
            <Icon name="up" />
          </button>
          <button type="button" class="button ghost square" aria-label={parts.w("remove_one", { name: w("offer", { n: i + 1 }) })} onClick={drop}>
            <Icon name="close" />
          </button>
        </div>
      </fieldset>
      {error && (
        <p class="field-error" id={below}>
          {error}
        </p>
      )}
    </li>
  );
}

function Pick({ id, label, value, group, options, invalid, set }: { id: string; label: string; value: string; group: string; options: readonly string[]; invalid: true | undefined; set(to: string): void }) {
  const all = options.includes(value) || !value ? options : [...options, value]; // one that is not known any more stays until it is changed
  return (
    <label>
      <span>{label}</span>
      <select id={id} class="select" value={value} aria-invalid={invalid} onChange={(e) => set(e.currentTarget.value)}>
        {all.map((o) => (
          <option key={o} value={o}>
            {named(group, o)}
          </option>
        ))}
      </select>
    </label>
  );
}
