import { useSignal } from "@preact/signals";
import { fullTime } from "../../i18n/format.ts";
import { named, t } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { policies, type PolicyChange, type PolicyVersion } from "../../wire/policies.ts";
import { Icon } from "../../ui/icon.tsx";
import { personName, whyNot } from "./outcome.tsx";
import { live, rollBack, versions } from "./store.ts";
import { pathName } from "./tables.ts";
import { number, w } from "./words.ts";

/** What decided before anything was saved. */
const BUILT_IN: PolicyVersion = { version: 0, author: "", reason: "", at: "", data: {} };

const nameOf = (v: PolicyVersion): string => (v.version === 0 ? w("built_in") : w("version", { version: v.version }));

/** History lists what was live when, why, and the way back. */
export function History() {
  const saved = [...versions.value].sort((a, b) => b.version - a.version);
  const all = [...saved, BUILT_IN];
  return (
    <section class="policy-history" aria-labelledby="policy-history">
      <h2 id="policy-history">{w("history")}</h2>
      {saved.length === 0 ? <p>{w("history_none")}</p> : (
        <ol>
          {all.map((v, i) => (
            <Version key={v.version} v={v} before={all[i + 1]?.version} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Version({ v, before }: { v: PolicyVersion; before: number | undefined }) {
  const busy = useSignal(false);
  const isLive = v.version === live.value?.version;
  const back = async () => {
    busy.value = true;
    try {
      const made = await rollBack(v.version, v.version === 0 ? w("roll_reason_built_in") : w("roll_reason", { version: v.version }));
      toast(v.version === 0 ? w("rolled_built_in", { version: made }) : w("rolled", { version: made, old: v.version }));
    } catch (err) {
      toast(whyNot(err), "error");
    }
    busy.value = false;
  };
  return (
    <li class="policy-version" data-version={v.version}>
      <div class="policy-head">
        <p>
          <strong>{nameOf(v)}</strong>{" "}
          {isLive && <span class="chip policy-live">{w("is_live")}</span>}{" "}
          {v.at && <span class="quiet">{w("by", { name: personName(v.author), when: fullTime(v.at) })}</span>}
        </p>
        {!isLive && me.value?.grade === "admin" && (
          <button type="button" class="button small" disabled={busy.value} onClick={() => void back()}>
            <Icon name="clock" />
            {v.version === 0 ? w("roll_back_built_in") : w("roll_back", { version: v.version })}
          </button>
        )}
      </div>
      {v.version === 0 ? <p class="quiet">{w("first")}</p> : <p dir="auto">{v.reason}</p>}
      {before !== undefined && <Differences from={before} to={v.version} />}
    </li>
  );
}

/** Differences fetches what one version changed when it is first opened. */
function Differences({ from, to }: { from: number; to: number }) {
  const list = useSignal<PolicyChange[] | undefined>(undefined);
  const failed = useSignal(false);
  const open = async (e: Event) => {
    if (!(e.currentTarget as HTMLDetailsElement).open || list.value) return;
    failed.value = false;
    try {
      list.value = await policies.diff(from, to);
    } catch {
      failed.value = true;
    }
  };
  return (
    <details onToggle={(e) => void open(e)}>
      <summary>{w("differences")}</summary>
      {failed.value && <p class="field-error">{t("error.unavailable")}</p>}
      {list.value?.length === 0 && <p>{w("equal")}</p>}
      <ul class="policy-diff">
        {list.value?.filter((c) => !nothing(c.was) || !nothing(c.now)).map((c) => (
          <li key={c.path}>
            {pathName(c.path)}: {spelt(c.path, c.was)} <span aria-hidden="true">→</span>
            <span class="sr-only"> {w("becomes")} </span> <strong>{spelt(c.path, c.now)}</strong>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** nothing is what a row of a table is before it holds anything. */
const nothing = (v: unknown): boolean => v === null || v === undefined || (typeof v === "object" && Object.keys(v).length === 0);

/** spelt puts the value at a path into words. */
function spelt(path: string, v: unknown): string {
  if (nothing(v)) return w(/^(languages|topics)\./.test(path) ? "as_general" : "absent");
  if (path.endsWith(".severity")) return named("severity", String(v));
  if (path.endsWith(".skill")) return named("skill", String(v));
  if (path.endsWith(".level")) return `${String(v)} · ${named("level", String(v))}`;
  if (path.endsWith(".off")) return w(v ? "off" : "on");
  if (typeof v === "number") return number(v);
  if (typeof v === "boolean") return w(v ? "on" : "off");
  return typeof v === "string" ? v : JSON.stringify(v);
}
