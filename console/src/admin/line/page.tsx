import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import { admin, type LevelRules, type Rules, type RulesAnswer } from "../../wire/admin.ts";
import { RestError } from "../../wire/rest.ts";
import { policies } from "../../wire/policies.ts";
import { Card, Loaded, Page, seconds, spelt, Table, useResource, whole } from "../parts/index.ts";
import { wear } from "../wear.ts";
import { Bot } from "./bot.tsx";
import { ASKING, CALLBACKS, Dials, LIMITS, WAITS } from "./dials.tsx";
import { History } from "./history.tsx";
import { Level } from "./level.tsx";
import css from "./line.css?inline";
import { Skill } from "./skill.tsx";
import { use, w } from "./words.ts";

wear(css);

/** skillName names a skill; "" is all that have no rules of their own. */
export const skillName = (id: string): string => (id ? named("skill", id) : w("others"));

/** LinePage keeps the rules of the handoff, every one of them: skills with their hours, levels with mandates and clocks, and what holds for all. */
export default function LinePage() {
  const known = use();
  const rules = useResource(admin.rules);
  const tables = useResource(policies.fields); // knows the topics
  if (!known) return null;
  return (
    <Page title={w("title")} lead={w("lead")}>
      <Loaded of={rules}>{(r) => <Body r={r} reload={rules.load} topics={tables.value.value?.tables.topics ?? []} />}</Loaded>
    </Page>
  );
}

/**
 * Change saves the rules with one thing changed, and why. Whoever was quicker is not overwritten. A form that is about a part of the
 * rules names its place, such as `levels[0].`: what is refused there is told by the names of its own fields.
 */
export type Change = (change: (rules: Rules) => Rules, reason: string, place?: string) => Promise<void>;

/** within names the field of a refusal as a form does whose part of the rules has a place. */
function within(err: RestError, place: string): RestError {
  return place && err.field.startsWith(place) ? new RestError(err.status, err.code, err.message, err.field.slice(place.length), err.hint, err.why) : err;
}

function Body({ r, reload, topics }: { r: RulesAnswer; reload(): Promise<void>; topics: readonly string[] }) {
  const skill = useSignal<string | undefined>(undefined);
  const fresh = useSignal(false);
  const level = useSignal<LevelRules | undefined>(undefined);
  const may = me.value?.grade === "admin";
  const change: Change = async (f, reason, place = "") => {
    try {
      await admin.saveRules(r.version, reason.trim(), f(structuredClone(r.rules)));
    } catch (err) {
      if (!(err instanceof RestError)) throw err;
      if (err.status === 409) {
        await reload();
        toast(w("changed"), "warn");
      }
      throw within(err, place);
    }
    await reload();
  };
  const names = Object.keys(r.rules.skills).sort();
  const remedies = (l: LevelRules) => (l.remedies ?? []).map((x) => named("remedy", x)).join(", ");
  return (
    <>
      <Card
        title={w("skills")}
        text={w("skills_lead")}
        actions={may && (
          <button type="button" class="button" onClick={() => (fresh.value = true)}>
            <Icon name="plus" />
            {w("skill_add")}
          </button>
        )}
      >
        <Table
          caption={w("skills")}
          rows={names}
          id={(n) => n || "others"}
          {...(may ? { open: (n: string) => (skill.value = n) } : {})}
          columns={[
            { key: "skill", title: w("skill"), cell: (n: string) => skillName(n) },
            { key: "mode", title: w("mode"), cell: (n: string) => w(r.rules.skills[n]?.mode === "push" ? "mode.push" : "mode.pull") },
            { key: "hours", title: w("hours"), cell: (n: string) => open(r.rules, n) },
            { key: "holidays", title: w("holidays"), end: true, cell: (n: string) => whole(r.rules.skills[n]?.hours?.holidays?.length ?? 0) },
          ]}
          empty={null}
        />
      </Card>
      <Card title={w("levels")} text={w("levels_lead")}>
        <Table
          caption={w("levels")}
          rows={r.rules.levels}
          id={(l) => String(l.level)}
          {...(may ? { open: (l: LevelRules) => (level.value = l) } : {})}
          columns={[
            { key: "level", title: w("level"), cell: (l: LevelRules) => <span class="line-level">{`${l.level} · ${named("level", String(l.level))}`}</span> },
            { key: "remedies", title: w("remedies"), cell: (l: LevelRules) => <span class="adm-sub">{remedies(l)}</span> },
            { key: "up_to", title: w("up_to"), end: true, cell: (l: LevelRules) => whole(l.up_to / 100) },
            { key: "answer", title: w("answer"), cell: (l: LevelRules) => <Clocks of={l.answer} severities={r.severities} /> },
            { key: "settle", title: w("settle"), cell: (l: LevelRules) => <Clocks of={l.settle} severities={r.severities} /> },
          ]}
          empty={null}
        />
      </Card>
      {may && (
        <>
          <Dials title="limits" lead="limits_lead" dials={LIMITS} rules={r.rules} change={change} />
          <Dials title="waits" lead="waits_lead" dials={WAITS} rules={r.rules} change={change} />
          <Dials title="asking" lead="asking_lead" dials={ASKING} rules={r.rules} change={change} />
          <Dials title="callback" lead="callback_lead" dials={CALLBACKS} rules={r.rules} change={change} />
          <Bot answer={r} topics={topics} change={change} />
          <History version={r.version} />
        </>
      )}
      {(skill.value !== undefined || fresh.value) && (
        <Skill
          id={fresh.value ? undefined : skill.value}
          rules={r.rules}
          change={change}
          onClose={() => {
            skill.value = undefined;
            fresh.value = false;
          }}
        />
      )}
      {level.value && <Level of={level.value} answer={r} change={change} onClose={() => (level.value = undefined)} />}
    </>
  );
}

/** Clocks gives the shortest and the longest of a level's clocks; a clock of 0 never runs. */
function Clocks({ of, severities }: { of: Record<string, string> | undefined; severities: readonly string[] }) {
  const all = severities.map((s) => seconds(of?.[s] ?? of?.[""] ?? "")).filter((n) => n > 0);
  if (all.length === 0) return <span class="adm-sub line-clock">{w("no_clock")}</span>;
  const [min, max] = [Math.min(...all), Math.max(...all)];
  return <span class="adm-sub line-clock">{min === max ? spelt(min) : `${spelt(min)} – ${spelt(max)}`}</span>;
}

function open(rules: Rules, name: string): string {
  const week = rules.skills[name]?.hours?.week ?? {};
  const days = Object.values(week).filter((spans) => spans.length > 0).length;
  return days ? w("days_open", { days }) : w("always");
}
