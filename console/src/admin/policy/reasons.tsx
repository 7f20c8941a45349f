import { named } from "../../i18n/index.ts";
import { Grid, GridRow, PickCell } from "./cells.tsx";
import { leafOf } from "./leaves.ts";
import { draft, tables } from "./store.ts";
import { rowName } from "./tables.ts";
import { w, wordOr } from "./words.ts";

/** ANYBODY stands in the list of skills for whoever is free. */
const ANYBODY = "*";

/** Reasons sets where a handoff goes: how grave its reason is, to which level, and to which skill. */
export function Reasons() {
  const t = tables.value;
  if (!t) return null;
  return (
    <section class="policy-group" aria-labelledby="policy-reasons">
      <h2 id="policy-reasons">{w("group.reasons")}</h2>
      <p class="policy-about">{w("lead.reasons")}</p>
      <Grid table="reasons" columns={[w("table.reasons"), w("f.severity"), w("f.level"), w("f.skill")]}>
        {t.reasons.map((code) => (
          <Reason key={code} code={code} />
        ))}
      </Grid>
    </section>
  );
}

function Reason({ code }: { code: string }) {
  const row = `reasons.${code}`;
  const at = (key: string) => leafOf(draft.value, `${row}.${key}`);
  const t = tables.value;
  const skill = String(at("skill") ?? "") || (at("any_skill") ? ANYBODY : "");
  const skills = (t?.skills ?? []).map((s) => [s, named("skill", s)] as const);
  return (
    <GridRow row={row} name={rowName("reasons", code)} hint={wordOr(`rh.${code}`, "")}>
      <PickCell path={`${row}.severity`} value={String(at("severity") ?? "")} options={(t?.severities ?? []).map((s) => [s, named("severity", s)])} set={(v) => ({ [`${row}.severity`]: v })} />
      <PickCell path={`${row}.level`} value={String(at("level") ?? "")} options={(t?.levels ?? []).map((l) => [String(l), `${l} · ${named("level", String(l))}`])} set={(v) => ({ [`${row}.level`]: Number(v) })} />
      <PickCell
        path={`${row}.skill`}
        value={skill}
        options={[["", w("skill_by_topic")], [ANYBODY, w("f.any_skill")], ...skills]}
        set={(v) => ({ [`${row}.skill`]: v === ANYBODY ? null : v || null, [`${row}.any_skill`]: v === ANYBODY ? true : null })}
      />
    </GridRow>
  );
}
