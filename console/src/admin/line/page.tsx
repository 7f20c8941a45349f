import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import { admin, type LevelRules, type Rules, type RulesAnswer } from "../../wire/admin.ts";
import { RestError } from "../../wire/rest.ts";
import { Card, Loaded, Page, Table, useResource, whole } from "../parts/index.ts";
import { Level } from "./level.tsx";
import { Limits } from "./limits.tsx";
import { Skill } from "./skill.tsx";
import { use, w } from "./words.ts";

/** skillName names a skill; "" is all that have no rules of their own. */
export const skillName = (id: string): string => (id ? named("skill", id) : w("others"));

/** LinePage keeps the rules of the handoff: skills with their hours, levels with mandates and clocks, limits. */
export default function LinePage() {
  const known = use();
  const rules = useResource(admin.rules);
  if (!known) return null;
  return (
    <Page title={w("title")} lead={w("lead")}>
      <Loaded of={rules}>{(r) => <Body r={r} reload={rules.load} />}</Loaded>
    </Page>
  );
}

/** Change saves the rules with one thing changed. Whoever was quicker is not overwritten. */
export type Change = (change: (rules: Rules) => Rules) => Promise<void>;

function Body({ r, reload }: { r: RulesAnswer; reload(): Promise<void> }) {
  const skill = useSignal<string | undefined>(undefined);
  const fresh = useSignal(false);
  const level = useSignal<LevelRules | undefined>(undefined);
  const may = me.value?.grade === "admin";
  const change: Change = async (f) => {
    try {
      await admin.saveRules(r.version, f(structuredClone(r.rules)));
    } catch (err) {
      if (err instanceof RestError && err.status === 409) {
        await reload();
        toast(w("changed"), "warn");
      }
      throw err;
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
            { key: "level", title: w("level"), cell: (l: LevelRules) => `${l.level} · ${named("level", String(l.level))}` },
            { key: "remedies", title: w("remedies"), cell: (l: LevelRules) => <span class="adm-sub">{remedies(l)}</span> },
            { key: "up_to", title: w("up_to"), end: true, cell: (l: LevelRules) => whole(l.up_to / 100) },
          ]}
          empty={null}
        />
      </Card>
      {may && <Limits key={r.version} rules={r.rules} change={change} />}
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

function open(rules: Rules, name: string): string {
  const week = rules.skills[name]?.hours?.week ?? {};
  const days = Object.values(week).filter((spans) => spans.length > 0).length;
  return days ? w("days_open", { days }) : w("always");
}
