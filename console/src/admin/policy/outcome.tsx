import { useSignal } from "@preact/signals";
import { named, t } from "../../i18n/index.ts";
import { colleagues, me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { RestError } from "../../wire/rest.ts";
import { LISTED_CHANGES, type Destination, type Divergence, type Replay } from "../../wire/policies.ts";
import { Field } from "../../ui/field.tsx";
import { Staffing } from "./staffing.tsx";
import { against, changed, discard, nextVersion, refusal, replayDraft, replayLive, save, versions } from "./store.ts";
import { openTurn } from "./turn.ts";
import { between, w, whole, wordOr, type Word } from "./words.ts";

/** personName gives the name of a user id, the id itself for somebody who is not here any more. */
export const personName = (id: string): string => (id === me.value?.id ? me.value.name : (colleagues.value.find((c) => c.id === id)?.name ?? id));

/** Outcome is the full replay of all changes together, against the live policy, and the way to save them. */
export function Outcome() {
  const [now, base] = [replayDraft.value, replayLive.value];
  return (
    <section class="policy-card" aria-labelledby="policy-outcome">
      <div class="policy-head">
        <h2 id="policy-outcome">{w("outcome")}</h2>
        {changed.value > 0 && (
          <button type="button" class="button ghost small" onClick={discard}>
            {w("discard")}
          </button>
        )}
      </div>
      <p role="status">{changed.value === 0 ? w("none") : w("changed", { count: whole(changed.value) })}</p>
      {refusal.value && <p class="form-error" role="alert">{w("refused", { why: refusal.value })}</p>}
      {base && base.conversations > 0 && <Compared now={now} base={base} />}
      {base && base.conversations > 0 && <Staffing />}
      {changed.value > 0 && <Save />}
      {changed.value > 0 && now && base && base.conversations > 0 && <Changes now={now} base={base} />}
    </section>
  );
}

const MEASURES: readonly [Word, Word | undefined, (r: Replay) => string][] = [
  ["rate", undefined, (r) => between(r.rate_low, r.rate_high)],
  ["earlier", undefined, (r) => whole(r.replayed.earlier)],
  ["new", undefined, (r) => whole(r.replayed.new)],
  ["later", "help.later", (r) => whole(r.replayed.later_or_never)],
  ["elsewhere", "help.elsewhere", (r) => whole(r.replayed.elsewhere ?? 0)],
  ["missed", "help.missed", (r) => whole(r.replayed.missed)],
  ["needless", "help.needless", (r) => whole(r.replayed.needless)],
  ["unknown", "help.unknown", (r) => whole(r.replayed.unknown)],
  ["minutes", undefined, (r) => whole(r.replayed.agent_minutes)],
];

function Compared({ now, base }: { now: Replay | undefined; base: Replay }) {
  const both = changed.value > 0;
  return (
    <table class="policy-compared">
      <thead>
        <tr>
          <th scope="col">{w("measure")}</th>
          <th scope="col">{w("against")}</th>
          {both && <th scope="col">{w("then")}</th>}
        </tr>
      </thead>
      <tbody>
        {MEASURES.map(([key, help, of]) => (
          <tr key={key} data-measure={key}>
            <th scope="row">
              {w(key)}
              {help && <small>{w(help)}</small>}
            </th>
            <td>{of(base)}</td>
            {both && <td class={now && of(now) !== of(base) ? "policy-differs" : ""}>{now ? of(now) : "…"}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** told puts an action, and the reason of a handoff, into words. */
function told(words: string): string {
  const [action, reason] = words.split(" ");
  return [named("action", action), named("reason", reason)].filter(Boolean).join(": ");
}

/** way puts where a handoff goes into words. */
function way(to: Destination | undefined): string {
  if (!to) return "";
  return ` (${[named("severity", to.severity), named("level", String(to.level)), to.skill ? named("skill", to.skill) : w("f.any_skill")].join(" · ")})`;
}

function Changes({ now, base }: { now: Replay; base: Replay }) {
  const list = against(now, base);
  return (
    <>
      <h3>{w("would_change")}</h3>
      {list.length === 0 ? <p>{w("no_change")}</p> : (
        <ul class="policy-changes">
          {list.map((c) => (
            <Change key={c.conversation} c={c} />
          ))}
        </ul>
      )}
      {(now.changes?.length ?? 0) >= LISTED_CHANGES && <p class="field-hint">{w("first_only", { count: whole(list.length) })}</p>}
    </>
  );
}

function Change({ c }: { c: Divergence }) {
  return (
    <li>
      <a
        href={`#/c/${encodeURIComponent(c.conversation)}`}
        aria-label={w("open_turn", { id: c.conversation.slice(-8), turn: whole(c.turn) })}
        onClick={(e) => {
          if (e.ctrlKey || e.metaKey || e.shiftKey) return; // another tab opens the conversation as such
          e.preventDefault();
          void openTurn(c).catch(() => undefined);
        }}
      >
        {c.conversation.slice(-8)}
      </a>{" "}
      <span class="tag">{wordOr(`kind.${c.kind}`, c.kind)}</span> <span class="quiet">{w("turn", { turn: whole(c.turn) })}</span>
      <span class="policy-becomes">
        {told(c.was)}
        {way(c.was_to)} <span aria-hidden="true">→</span>
        <span class="sr-only"> {w("becomes")} </span> {told(c.now)}
        {way(c.now_to)}
      </span>
    </li>
  );
}

function Save() {
  const reason = useSignal("");
  const error = useSignal("");
  const busy = useSignal(false);
  if (me.value?.grade !== "admin") return <p class="field-hint">{w("admin_only")}</p>;
  const submit = async (e: Event) => {
    e.preventDefault();
    error.value = reason.value.trim() ? "" : w("reason_missing");
    if (error.value) return document.getElementById("policy-reason")?.focus();
    busy.value = true;
    try {
      toast(w("saved", { version: await save(reason.value.trim()) }));
      reason.value = "";
    } catch (err) {
      error.value = whyNot(err);
    }
    busy.value = false;
  };
  return (
    <form class="policy-save" onSubmit={submit} noValidate>
      <Field id="policy-reason" label={w("reason")} hint={w("reason_hint")} value={reason} error={error.value} />
      <button type="submit" class="button primary" disabled={busy.value || refusal.value !== ""}>
        {w("save", { version: nextVersion.value })}
      </button>
    </form>
  );
}

/** whyNot puts a refused save into words; after a conflict the newest version is already known. */
export function whyNot(err: unknown): string {
  if (!(err instanceof RestError) || err.status === 0 || err.status >= 500) return t("error.unavailable");
  if (err.status === 403) return w("admin_only");
  const newest = versions.value[0];
  if (err.status === 409 && newest) return w("conflict", { version: newest.version, name: personName(newest.author) });
  return w("refused", { why: err.message });
}
