import type { ComponentChildren } from "preact";
import { named, t, locale } from "../i18n/index.ts";
import { edit, editing } from "../store/amend.ts";
import { confirmFact } from "../store/acts.ts";
import { chat } from "../store/chats.ts";
import { briefView } from "../store/prefs.ts";
import { jumpTo, show } from "../store/view.ts";
import { sortedNow } from "./sorted.ts";
import type { QueueItem } from "../wire/frames.ts";
import type { Brief, BriefCorrection, BriefLine } from "../wire/records.ts";
import { SeverityChip } from "../ui/chips.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { lazy } from "../ui/lazy.tsx";
import type { LineProps } from "./edit/line.tsx";
import type { SortProps } from "./edit/sort.tsx";

const LineEditor = lazy<LineProps>(() => import("./edit/line.tsx"));
const SortEditor = lazy<SortProps>(() => import("./edit/sort.tsx"));

export interface BriefProps {
  id: string;
  brief: Brief | undefined;
  item: QueueItem | undefined;
  mine: boolean;
  /** whether one may put it right */
  amend: boolean;
}

/** BriefCard is what to know before the first word; each line leads to the message that shows it, and can be put right where it stands. */
export function BriefCard({ id, brief, item, mine, amend }: BriefProps) {
  if (!brief) {
    return (
      <section class="card">
        <h2>{t("brief.title")}</h2>
        <p class="quiet">{t("brief.none")}</p>
      </section>
    );
  }
  // Whoever puts something right sees what there is to put right.
  const short = !!brief.summary?.text && briefView.value === "short" && (editing.value?.conversation !== id || editing.value.field === "sort");
  const place: Place = { id, amend, known: (brief.facts ?? []).map((f) => f.name), corrected: brief.corrected ?? [] };
  return (
    <section class={amend ? "card brief brief-amend" : "card brief"}>
      <h2>
        {t("brief.title")}
        {brief.summary?.text && <Views />}
      </h2>
      {short && brief.summary && (
        <div class="worded">
          <p dir="auto">{brief.summary.text}</p>
          <p class="worded-by"><Icon name="spark" size={12} /> {t("brief.worded_by", { name: brief.summary.worded_by })}</p>
        </div>
      )}
      {!short && brief.matter?.text && (
        <div class="matter">
          <Editable place={place} field="matter" text={brief.matter.text}>
            <Jump id={id} line={brief.matter} plain />
          </Editable>
        </div>
      )}
      <Urgency id={id} brief={brief} item={item} amend={amend} />
      <Mood id={id} brief={brief} />
      {!short && (brief.wanted?.text || amend) && (
        <Part icon="check" title={t("brief.wanted")}>
          <Editable place={place} field="outcome_wanted" text={brief.wanted?.text ?? ""} inferred={brief.wanted?.inferred === true}>
            {brief.wanted?.text ? <Jump id={id} line={{ ...brief.wanted, text: named("remedy", brief.wanted.text) }} strong /> : <span class="quiet">{t("brief.unsaid")}</span>}
          </Editable>
        </Part>
      )}
      {!short && <Facts place={place} brief={brief} />}
      {!short && !!brief.tried?.length && (
        <Part icon="bot" title={t("brief.tried")}>
          <Lines id={id} lines={brief.tried} />
        </Part>
      )}
      {!!brief.promised?.length && (
        <Part icon="promise" title={t("brief.promised")}>
          <Lines id={id} lines={brief.promised} />
        </Part>
      )}
      <Proposals id={id} brief={brief} mine={mine} />
    </section>
  );
}

/** Views switches between a model's few sentences and the facts that they are made from. */
function Views() {
  const view = (to: "short" | "facts", text: string) => (
    <button type="button" aria-pressed={briefView.value === to} onClick={() => (briefView.value = to)}>
      {text}
    </button>
  );
  return (
    <span class="segmented brief-views" role="group" aria-label={t("brief.title")}>
      {view("short", t("brief.short"))}
      {view("facts", t("brief.by_facts"))}
    </span>
  );
}

/** Where a line of the brief stands: in which conversation, whether it may be put right, and what else is known. */
interface Place {
  id: string;
  amend: boolean;
  known: readonly string[];
  corrected: readonly BriefCorrection[];
}

/** Editable is a line with what puts it right: a pencil, and for what is inferred a tick that says that it is so. */
function Editable({ place, field, text, inferred = false, children }: { place: Place; field: string; text: string; inferred?: boolean; children: ComponentChildren }) {
  const { id, amend, known, corrected } = place;
  const at = editing.value;
  if (amend && at?.conversation === id && at.field === field) return <LineEditor id={id} field={field} text={text} known={known} />;
  const last = corrected.findLast((c) => c.field === field);
  return (
    <span class="editable">
      <span class="editable-text">
        {children}
        {last?.now && last.now === text && <span class="put-right" title={last.was ? t("brief.was", { was: last.was }) : undefined}>{t("brief.by", { name: last.by })}</span>}
      </span>
      {amend && inferred && (
        <button type="button" class="edit-button" aria-label={t("brief.confirm", { text })} title={t("brief.confirm", { text: "" })} onClick={() => void confirmFact(id, field, text)}>
          <Icon name="check" size={13} />
        </button>
      )}
      {amend && <EditButton id={id} field={field} name={field === "matter" ? t("brief.title") : named("fact", field)} />}
    </span>
  );
}

function EditButton({ id, field, name }: { id: string; field: string; name: string }) {
  return (
    <button type="button" class="edit-button" data-edit={field} aria-label={t("brief.edit", { what: name })} title={t("brief.edit", { what: name })} onClick={() => edit(id, field)}>
      <Icon name="pencil" size={13} />
    </button>
  );
}

/** Urgency says how urgent it is and why; sorted anew, it shows what holds now. */
function Urgency({ id, brief, item, amend }: { id: string; brief: Brief; item: QueueItem | undefined; amend: boolean }) {
  const now = sortedNow(chat(id).events.value);
  const severity = item?.severity || now.severity || brief.severity || "";
  const topic = item?.topic || now.topic || brief.topic || "";
  const skill = item?.skill || now.skill || "";
  const level = item?.level || now.level || brief.level || 1;
  if (amend && editing.value?.conversation === id && editing.value.field === "sort") return <SortEditor id={id} severity={severity} topic={topic} skill={skill} />;
  return (
    <div class={`urgency urgency-${severity || "none"}`}>
      <p class="urgency-top">
        <SeverityChip severity={severity} />
        <strong>{named("reason", brief.reason)}</strong>
        <span class="tag" title={named("level", String(level))}>L{level}</span>
        {amend && <EditButton id={id} field="sort" name={t("keys.sort")} />}
      </p>
      {(topic || skill) && <p class="urgency-about">{[named("topic", topic), named("skill", skill)].filter(Boolean).join(" · ")}</p>}
      <Lines id={id} lines={brief.why} signal />
    </div>
  );
}

function Part({ icon, title, children }: { icon: IconName; title: string; children: ComponentChildren }) {
  return (
    <div class="part">
      <h3>
        <Icon name={icon} size={13} />
        {title}
      </h3>
      {children}
    </div>
  );
}

function Lines({ id, lines, signal = false }: { id: string; lines: BriefLine[] | null | undefined; signal?: boolean }) {
  if (!lines?.length) return null;
  return (
    <ul class="lines">
      {lines.map((l, i) => (
        <li key={i}>
          {signal && l.signal && <span class="signal">{named("signal", l.signal)}</span>}
          <Jump id={id} line={l} />
        </li>
      ))}
    </ul>
  );
}

/** Jump is a line of the brief: a press shows the message it comes from. */
function Jump({ id, line, plain = false, strong = false }: { id: string; line: BriefLine; plain?: boolean; strong?: boolean }) {
  const inner = (
    <>
      <span dir="auto" class={strong ? "strong" : undefined}>{line.text}</span>
      {line.inferred && <span class="inferred">{t("brief.inferred")}</span>}
    </>
  );
  if (!line.seq) return <span class="jump-none">{inner}</span>;
  const seq = line.seq;
  return (
    <button type="button" class={plain ? "jump jump-plain" : "jump"} title={t("brief.show")} onClick={() => jumpTo(id, seq)}>
      {inner}
    </button>
  );
}

const MOOD_LEVEL: Record<string, number> = { calm: 1, upset: 2, angry: 3 };
const TREND_ICON: Record<string, IconName> = { rising: "trendUp", falling: "trendDown", steady: "trendFlat" };

function Mood({ id, brief }: { id: string; brief: Brief }) {
  if (!brief.mood) return null;
  const level = MOOD_LEVEL[brief.mood] ?? 0;
  const trend = TREND_ICON[brief.trend ?? ""];
  const seq = brief.mood_seq;
  const inner = (
    <>
      <span class="mood-bars" aria-hidden="true">
        {[1, 2, 3].map((n) => (
          <i key={n} class={n <= level ? "on" : ""} />
        ))}
      </span>
      <strong>{named("mood", brief.mood)}</strong>
      {trend && brief.trend && (
        <span class="mood-trend">
          <Icon name={trend} size={14} />
          {named("trend", brief.trend)}
        </span>
      )}
    </>
  );
  return seq ? (
    <button type="button" class={`mood mood-${brief.mood} jump`} title={t("brief.show")} onClick={() => jumpTo(id, seq)}>
      {inner}
    </button>
  ) : (
    <p class={`mood mood-${brief.mood}`}>{inner}</p>
  );
}

function Facts({ place, brief }: { place: Place; brief: Brief }) {
  const { id, amend } = place;
  const facts = (brief.facts ?? []).filter((f) => f.name !== "outcome_wanted" && f.name !== "tried");
  const missing = brief.missing ?? [];
  if (facts.length + missing.length === 0 && !amend) return null;
  const adding = amend && editing.value?.conversation === id ? editing.value.field : "";
  return (
    <Part icon="brief" title={t("brief.facts")}>
      <dl class="facts">
        {facts.map((f) => (
          <div key={f.name}>
            <dt>{named("fact", f.name)}</dt>
            <dd>
              <Editable place={place} field={f.name} text={f.value} inferred={f.inferred === true}>
                <Jump id={id} line={{ text: f.value, ...(f.seq ? { seq: f.seq } : {}), inferred: f.inferred === true }} />
              </Editable>
            </dd>
          </div>
        ))}
      </dl>
      {missing.length > 0 && (
        <div class="missing">
          <Icon name="help" size={13} />
          <span>
            {t("brief.missing")}{" "}
            {amend
              ? missing.map((m) => (
                  <button key={m} type="button" class="missing-add" data-edit={m} onClick={() => edit(id, m)}>{named("fact", m)}</button>
                ))
              : <b>{missing.map((m) => named("fact", m)).join(", ")}</b>}
          </span>
        </div>
      )}
      {missing.includes(adding) && <LineEditor key={adding} id={id} field={adding} text="" known={place.known} />}
      {adding === "+" ? <LineEditor id={id} field="+" text="" known={place.known} /> : amend && (
        <button type="button" class="button ghost small fact-add" data-edit="+" onClick={() => edit(id, "+")}>
          <Icon name="plus" size={12} /> {t("brief.add")}
        </button>
      )}
    </Part>
  );
}

/** Proposals are what the level may offer; who holds the chat offers one with a press. */
function Proposals({ id, brief, mine }: { id: string; brief: Brief; mine: boolean }) {
  if (!brief.proposals?.length) return null;
  const money = (minor: number) => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 0 }).format(minor / 100);
  return (
    <Part icon="link" title={t("brief.proposals")}>
      <ul class="proposals">
        {brief.proposals.map((p) => (
          <li key={p.remedy} class={p.wanted ? "wanted" : ""}>
            {mine ? (
              <button type="button" onClick={() => show(p.remedy === "callback" ? { kind: "promise", id, call: true } : { kind: "offer", id, remedy: p.remedy })}>
                {named("remedy", p.remedy)}
              </button>
            ) : (
              <span>{named("remedy", p.remedy)}</span>
            )}
            {p.wanted && <span class="signal">{t("brief.asked_for")}</span>}
            {!!p.up_to && <span class="quiet">{t("brief.up_to", { amount: money(p.up_to) })}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
