import { useSignal } from "@preact/signals";
import { spoken } from "../../chat/survey.ts";
import { languageName } from "../../i18n/format.ts";
import { LANGUAGES } from "../../i18n/index.ts";
import * as bot from "../../i18n/spoken.ts";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import { admin, type SurveySetting } from "../../wire/admin.ts";
import type { SurveyQuestion } from "../../wire/records.ts";
import { Area, Card, Choice, confirm, Editor, Empty, parts, Table, Text, trouble, useForm } from "../parts/index.ts";
import { w } from "./words.ts";

const KINDS = ["scale", "choice", "text"] as const;

/** Questions are what the company asks beside the rating. Each change is saved by itself. */
export function Questions({ of, reload, may }: { of: SurveySetting; reload(): void; may: boolean }) {
  const open = useSignal<number | "new" | undefined>(undefined);
  const all = of.questions ?? [];
  const save = async (questions: SurveyQuestion[]) => {
    await admin.saveSurvey({ version: of.version, hours: of.hours, reopen: of.reopen ?? 2, texts: of.texts ?? {}, questions });
  };
  const remove = async (i: number) => {
    if (!(await confirm({ title: w("remove_title", { name: spoken(all[i]?.texts, "") }), text: w("question_remove_text"), act: parts.w("remove"), danger: true }))) return;
    await save(all.filter((_, at) => at !== i)).then(close, (err: unknown) => toast(trouble(err).text, "error"));
  };
  const close = () => {
    open.value = undefined;
    reload();
  };
  return (
    <Card title={w("questions")}>
      <p class="adm-sub">{w("questions_lead")}</p>
      <Table
        caption={w("questions")}
        rows={all}
        id={(q) => q.id}
        page={Infinity}
        {...(may && { open: (q: SurveyQuestion) => (open.value = all.indexOf(q)) })}
        columns={[
          { key: "text", title: w("question"), cell: (q: SurveyQuestion) => <span dir="auto">{spoken(q.texts, q.id)}</span> },
          { key: "kind", title: w("question_kind"), cell: (q: SurveyQuestion) => w(`kind_${q.kind}`) },
          { key: "languages", title: w("in_languages"), cell: (q: SurveyQuestion) => Object.keys(q.texts).sort().join(", ") },
        ]}
        empty={<Empty icon="star" title={w("questions_none")} />}
      />
      {may && all.length < 10 && (
        <p class="adm-pages">
          <button type="button" class="button" onClick={() => (open.value = "new")}>
            <Icon name="plus" />
            {w("question_add")}
          </button>
        </p>
      )}
      {open.value !== undefined && (
        <Question
          of={open.value === "new" ? undefined : all[open.value]}
          save={(q) => save(open.value === "new" ? [...all, q] : all.map((old, i) => (i === open.value ? q : old)))}
          remove={typeof open.value === "number" ? () => void remove(open.value as number) : undefined}
          close={close}
          taken={all.map((q) => q.id)}
        />
      )}
    </Card>
  );
}

type Draft = { kind: string } & Record<string, string>;

function draftOf(q: SurveyQuestion | undefined): Draft {
  const d: Draft = { kind: q?.kind ?? "scale" };
  for (const l of bot.SPOKEN) {
    d[`text.${l}`] = q?.texts[l] ?? "";
    d[`choices.${l}`] = (q?.choices ?? []).map((c) => c.texts[l] ?? "").join("\n").trimEnd();
  }
  return d;
}

const lines = (text: string | undefined): string[] => (text ?? "").split("\n").map((line) => line.trim());

/** questionOf reads the form: a line is a choice, and the same line of another language its words there. */
function questionOf(d: Draft, of: SurveyQuestion | undefined, taken: readonly string[]): SurveyQuestion {
  const texts = Object.fromEntries(bot.SPOKEN.map((l) => [l, d[`text.${l}`]?.trim() ?? ""]).filter(([, text]) => text !== ""));
  const kind = d.kind as SurveyQuestion["kind"];
  const q: SurveyQuestion = { id: of?.id ?? fresh("q", taken), kind, texts };
  if (kind !== "choice") return q;
  const count = Math.max(...bot.SPOKEN.map((l) => lines(d[`choices.${l}`]).length));
  const ids: string[] = (of?.choices ?? []).map((c) => c.id);
  q.choices = [];
  for (let i = 0; i < count; i++) {
    const said = Object.fromEntries(bot.SPOKEN.map((l) => [l, lines(d[`choices.${l}`])[i] ?? ""]).filter(([, text]) => text !== ""));
    if (Object.keys(said).length === 0) continue;
    const id = ids[i] ?? fresh("c", ids);
    ids[i] = id;
    q.choices.push({ id, texts: said });
  }
  return q;
}

/** fresh gives an id that nothing has yet. */
function fresh(letter: string, taken: readonly string[]): string {
  let n = 1;
  while (taken.includes(letter + n)) n++;
  return letter + n;
}

function Question({ of, save, remove, close, taken }: { of: SurveyQuestion | undefined; save(q: SurveyQuestion): Promise<void>; remove: (() => void) | undefined; close(): void; taken: readonly string[] }) {
  const form = useForm(() => draftOf(of), [of]);
  const at = useSignal(bot.spoken());
  const l = at.value;
  const check = (d: Draft) => {
    const q = questionOf(d, of, taken);
    const wrong: Record<string, string> = {};
    if (Object.keys(q.texts).length === 0) wrong[`text.${l}`] = w("text_needed");
    if (q.kind === "choice" && (q.choices?.length ?? 0) < 2) wrong[`choices.${l}`] = w("choices_needed");
    return wrong;
  };
  return (
    <Editor
      title={of ? spoken(of.texts, of.id) : w("question_add")}
      form={form}
      save={(d) => save(questionOf(d, of, taken))}
      check={check}
      onClose={(saved) => {
        if (saved) toast(parts.w("saved"));
        close();
      }}
      extra={
        remove && (
          <button type="button" class="button adm-danger" onClick={remove}>
            {parts.w("remove")}
          </button>
        )
      }
    >
      <Choice form={form} name="kind" label={w("question_kind")} options={KINDS.map((k) => ({ value: k, label: w(`kind_${k}`) }))} />
      <div class="segmented" role="group" aria-label={w("in_languages")}>
        {bot.SPOKEN.map((code) => (
          <button key={code} type="button" aria-pressed={l === code} onClick={() => (at.value = code)}>
            {LANGUAGES[code]}
          </button>
        ))}
      </div>
      <Text key={`${l}t`} form={form} name={`text.${l}`} label={w("ask_in", { language: languageName(l) })} />
      {form.draft.value.kind === "choice" && <Area key={`${l}c`} form={form} name={`choices.${l}`} label={w("choices")} hint={w("choices_hint")} rows={5} most={1000} />}
    </Editor>
  );
}
