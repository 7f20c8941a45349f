import { Icon } from "../../ui/icon.tsx";
import type { PolicyTables } from "../../wire/policies.ts";
import { Cell, Grid, GridRow, NumCell } from "./cells.tsx";
import { leafOf } from "./leaves.ts";
import { draft, setLeaves, tables } from "./store.ts";
import { pathName, rowName, signalAt } from "./tables.ts";
import { number, w, wordOr } from "./words.ts";

/** Signals sets which signals count, and from which probability. The way to a person is said, and cannot be switched off. */
export function Signals() {
  const t = tables.value;
  if (!t) return null;
  return (
    <section class="policy-group" aria-labelledby="policy-signals">
      <h2 id="policy-signals">{w("group.signals")}</h2>
      <p class="policy-about">{w("lead.signals")}</p>
      <p class="policy-about policy-must">
        <Icon name="user" />
        {w("lead.must")}
      </p>
      <Grid table="signals" columns={[w("table.signals"), w("s.off"), w("s.at")]}>
        {t.signals.map((s) => (
          <Signal key={s.key} s={s} />
        ))}
      </Grid>
    </section>
  );
}

function Signal({ s }: { s: PolicyTables["signals"][number] }) {
  const row = `signals.${s.key}`;
  const off = leafOf(draft.value, `${row}.off`) === true;
  const hint = [wordOr(`sh.${s.key}`, ""), s.max < 1 ? w("at_most", { max: number(s.max) }) : ""].filter(Boolean).join(" ");
  return (
    <GridRow row={row} name={rowName("signals", s.key)} hint={hint}>
      <Cell path={`${row}.off`}>
        {s.must ? (
          <span class="policy-always">
            <Icon name="check" size={14} />
            {w("always")}
          </span>
        ) : (
          <input type="checkbox" class="switch" role="switch" aria-label={pathName(`${row}.off`)} checked={!off} onChange={(e) => setLeaves({ [`${row}.off`]: e.currentTarget.checked ? null : true })} />
        )}
      </Cell>
      <NumCell f={signalAt(s)} general={w("as_trained")} disabled={off} slider />
    </GridRow>
  );
}
