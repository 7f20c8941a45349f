import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { locale } from "../../i18n/index.ts";
import { toast } from "../../store/toasts.ts";
import { scripts, type Held, type Outline, type Unanswered as Group } from "../../wire/script.ts";
import { ago, Empty, whole } from "../parts/index.ts";
import { wording } from "./flow.tsx";
import { languageName } from "./languages.tsx";
import { addExample, away, mayEdit, outline, rehearsal, rehearse, sketch } from "./store.ts";
import { whyNot } from "./publish.tsx";
import { words } from "./words.ts";

/** Unanswered is what visitors wrote and the bot did not understand; one click makes it an example of a topic. */
export function Unanswered() {
  const groups = useSignal<Group[] | undefined>(undefined);
  const language = useSignal("");
  const added = useSignal(0);
  useEffect(() => {
    scripts.unanswered().then((g) => (groups.value = g), () => (away.value = true));
    void sketch();
    void rehearse();
  }, []);
  const o = outline.value;
  if (!groups.value || !o) return <p role="status">{words.w("loading")}</p>;
  const done = (g: Group) => {
    groups.value = groups.peek()?.filter((x) => x !== g);
    added.value++;
    void rehearse();
  };
  const shown = groups.value.filter((g) => !language.value || g.language === language.value);
  const languages = [...new Set(groups.value.map((g) => g.language))];
  return (
    <>
      <Accuracy />
      <div class="script-bar">
        <label class="field-line">
          <span>{words.w("language")}</span>
          <select class="select" value={language.value} onChange={(e) => (language.value = e.currentTarget.value)}>
            <option value="">{words.w("all_languages")}</option>
            {languages.map((l) => (
              <option key={l} value={l}>{languageName(l)}</option>
            ))}
          </select>
        </label>
        <p class="quiet" role="status">{words.w("groups", { count: shown.length })}</p>
      </div>
      {shown.length === 0 && <Empty icon="check" title={words.w("unanswered_none")} text={words.w("unanswered_none_hint")} />}
      <ul class="script-groups">
        {shown.map((g) => (
          <Row key={`${g.conversation} ${g.text}`} g={g} o={o} done={() => done(g)} />
        ))}
      </ul>
    </>
  );
}

function Row({ g, o, done }: { g: Group; o: Outline; done(): void }) {
  const topic = useSignal(g.guess && o.topics.some((t) => t.id === g.guess) ? g.guess : (o.topics[0]?.id ?? ""));
  const busy = useSignal(false);
  const error = useSignal("");
  const add = async () => {
    busy.value = true;
    try {
      await addExample(g.language, topic.value, g.text);
      toast(words.w("example_added", { topic: wording(o, `topic.${topic.value}.name`) || topic.value }));
      done();
    } catch (err) {
      error.value = whyNot(err);
    }
    busy.value = false;
  };
  return (
    <li>
      <div class="group-said">
        <p dir="auto" lang={g.language}>{g.text}</p>
        <p class="quiet">
          {words.w("group_facts", { count: g.count, language: languageName(g.language), when: ago(g.newest) })}{" "}
          <a href={`#/c/${encodeURIComponent(g.conversation)}`}>{words.w("open_chat")}</a>
        </p>
        {(g.others?.length ?? 0) > 0 && (
          <details>
            <summary>{words.w("others")}</summary>
            <ul>
              {g.others?.map((s) => (
                <li key={s} dir="auto">{s}</li>
              ))}
            </ul>
          </details>
        )}
        {error.value && <p class="form-error script-lines" role="alert">{error.value}</p>}
      </div>
      {mayEdit.value && (
        <div class="group-act">
          <label class="sr-only" for={`topic-${g.conversation}`}>{words.w("example_of")}</label>
          <select id={`topic-${g.conversation}`} class="select" value={topic.value} onChange={(e) => (topic.value = e.currentTarget.value)}>
            {o.topics.map((t) => (
              <option key={t.id} value={t.id}>{wording(o, `topic.${t.id}.name`) || t.id}</option>
            ))}
          </select>
          <button type="button" class="button small" disabled={busy.value} onClick={() => void add()}>{words.w("make_example")}</button>
        </div>
      )}
    </li>
  );
}

const share = (h: Held | undefined): number | undefined => (h && h.all > 0 ? h.right / h.all : undefined);

/** Accuracy is how well topics are told, in the live script and in the draft. */
function Accuracy() {
  const r = rehearsal.value;
  const percent = (n: number | undefined) => (n === undefined ? "–" : new Intl.NumberFormat(locale.value, { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(n));
  if (!r) return null;
  const ready = r.stage === "ready";
  const languages = [...new Set([...Object.keys(r.before ?? {}), ...Object.keys(ready ? (r.after ?? {}) : {})])].sort();
  const total = (all: Record<string, Held> | null): Held | undefined => {
    const list = Object.values(all ?? {});
    return list.length ? { right: list.reduce((n, h) => n + h.right, 0), all: list.reduce((n, h) => n + h.all, 0) } : undefined;
  };
  const row = (name: string, before: Held | undefined, after: Held | undefined) => {
    const [a, b] = [share(before), share(after)];
    return (
      <tr key={name}>
        <th scope="row">{name}</th>
        <td>{percent(a)}</td>
        <td class={a !== undefined && b !== undefined && b < a ? "script-worse" : ""}>{ready ? percent(b) : "…"}</td>
        <td>{whole(after?.all ?? before?.all ?? 0)}</td>
      </tr>
    );
  };
  return (
    <section class="script-accuracy" aria-labelledby="script-accuracy">
      <h2 id="script-accuracy">{words.w("accuracy")}</h2>
      <p class="quiet">{words.w("accuracy_hint")}</p>
      {!ready && r.stage !== "failed" && <p role="status">{words.w("try_learning", { share: Math.round(r.share * 100) })}</p>}
      {r.stage === "failed" && <p class="form-error script-lines" role="alert">{r.error}</p>}
      <div class="script-scroll">
        <table class="script-table">
          <thead>
            <tr>
              {[words.w("language"), words.w("before"), words.w("after"), words.w("examples")].map((h) => (
                <th key={h} scope="col">{h}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row(words.w("all_languages"), total(r.before), ready ? total(r.after) : undefined)}
            {languages.map((l) => row(languageName(l), r.before?.[l], ready ? r.after?.[l] : undefined))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
