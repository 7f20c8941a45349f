import type { ComponentChildren } from "preact";
import { named, t, locale } from "../i18n/index.ts";
import { jumpTo, show } from "../store/view.ts";
import type { QueueItem } from "../wire/frames.ts";
import type { Brief, BriefLine } from "../wire/records.ts";
import { SeverityChip } from "../ui/chips.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

/** BriefCard is what to know before the first word; each line leads to the message that shows it. */
export function BriefCard({ id, brief, item, mine }: { id: string; brief: Brief | undefined; item: QueueItem | undefined; mine: boolean }) {
  if (!brief) {
    return (
      <section class="card">
        <h2>{t("brief.title")}</h2>
        <p class="quiet">{t("brief.none")}</p>
      </section>
    );
  }
  const severity = brief.severity || item?.severity;
  return (
    <section class="card brief">
      <h2>
        {t("brief.title")}
        {brief.worded_by === "model" && <span class="inferred">{t("brief.by_model")}</span>}
      </h2>
      {brief.matter?.text && (
        <div class="matter">
          <Jump id={id} line={brief.matter} plain />
        </div>
      )}
      <div class={`urgency urgency-${severity || "none"}`}>
        <p class="urgency-top">
          <SeverityChip severity={severity} />
          <strong>{named("reason", brief.reason)}</strong>
          <span class="tag" title={named("level", String(brief.level ?? 1))}>L{brief.level ?? 1}</span>
        </p>
        <Lines id={id} lines={brief.why} signal />
      </div>
      <Mood id={id} brief={brief} />
      {brief.wanted?.text && (
        <Part icon="check" title={t("brief.wanted")}>
          <Jump id={id} line={{ ...brief.wanted, text: named("remedy", brief.wanted.text) }} strong />
        </Part>
      )}
      <Facts id={id} brief={brief} />
      {!!brief.tried?.length && (
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

function Facts({ id, brief }: { id: string; brief: Brief }) {
  const facts = (brief.facts ?? []).filter((f) => f.name !== "outcome_wanted" && f.name !== "tried");
  const missing = brief.missing ?? [];
  if (facts.length + missing.length === 0) return null;
  return (
    <Part icon="brief" title={t("brief.facts")}>
      <dl class="facts">
        {facts.map((f) => (
          <div key={f.name}>
            <dt>{named("fact", f.name)}</dt>
            <dd>
              <Jump id={id} line={{ text: f.value, ...(f.seq ? { seq: f.seq } : {}), inferred: f.inferred === true }} />
            </dd>
          </div>
        ))}
      </dl>
      {missing.length > 0 && (
        <p class="missing">
          <Icon name="help" size={13} />
          <span>
            {t("brief.missing")} <b>{missing.map((m) => named("fact", m)).join(", ")}</b>
          </span>
        </p>
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
