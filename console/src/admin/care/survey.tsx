import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { answerText } from "../../chat/survey.ts";
import { languageName } from "../../i18n/format.ts";
import { type Language } from "../../i18n/index.ts";
import { SPOKEN } from "../../i18n/spoken.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { admin, type SurveyAnswer, type SurveySetting } from "../../wire/admin.ts";
import type { SurveyQuestion } from "../../wire/records.ts";
import { Area, Card, Empty, Loaded, Mark, Num, numberError, Page, parts, SaveBar, Table, trouble, useForm, useResource, when } from "../parts/index.ts";
import { Questions } from "./questions.tsx";
import { use, w } from "./words.ts";


/** SurveyPage sets when and how customers are asked how it went, and shows what they said. */
export default function SurveyPage() {
  const known = use();
  const setting = useResource(admin.survey);
  if (!known) return null;
  return (
    <Page title={w("survey")} lead={w("survey_lead")}>
      <Loaded of={setting}>
        {(s) => (
          <>
            {me.value?.grade === "admin" && <Setting of={s} reload={() => void setting.load()} />}
            <Questions of={s} reload={() => void setting.load()} may={me.value?.grade === "admin"} />
            <Answers questions={s.questions ?? []} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Draft = { hours: number; reopen: number } & Record<`texts.${Language}`, string>;

function draftOf(s: SurveySetting): Draft {
  const texts = Object.fromEntries(SPOKEN.map((l) => [`texts.${l}`, s.texts?.[l] ?? ""])) as Record<`texts.${Language}`, string>;
  return { hours: s.hours, reopen: s.reopen || 2, ...texts };
}

function Setting({ of, reload }: { of: SurveySetting; reload(): void }) {
  const form = useForm(() => draftOf(of), [of.hours, of.reopen, JSON.stringify(of.texts)]); // a question that is saved leaves what is typed here
  const save = async (d: Draft) => {
    const texts = Object.fromEntries(SPOKEN.map((l) => [l, d[`texts.${l}`].trim()]).filter(([, text]) => text !== ""));
    await admin.saveSurvey({ version: of.version, hours: d.hours, reopen: d.reopen, texts, questions: of.questions ?? [] });
  };
  const submit = async () => {
    if (await form.submit(save, (d) => ({ hours: numberError(d.hours, 24, 48), reopen: numberError(d.reopen, 1, 4) }))) {
      toast(parts.w("saved"));
      reload(); // the next change begins from this version
    }
  };
  return (
    <form
      class="form adm-card"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <div class="adm-two">
        <Num form={form} name="hours" label={w("hours")} min={24} max={48} unit={w("hours_unit")} />
        <Num form={form} name="reopen" label={w("reopen")} min={1} max={4} unit={w("reopen_unit")} />
      </div>
      {SPOKEN.map((l) => (
        <Area key={l} form={form} name={`texts.${l}`} label={w("ask_in", { language: languageName(l) })} hint={w("ask_hint")} rows={2} most={500} />
      ))}
      <SaveBar form={form} />
    </form>
  );
}

/** Said is what a customer wrote, and what they answered to the company's own questions. */
function Said({ of, questions }: { of: SurveyAnswer; questions: readonly SurveyQuestion[] }) {
  return (
    <>
      <span dir="auto">{of.text}</span>
      {Object.entries(of.answers ?? {}).map(([id, said]) => (
        <span key={id} class="adm-sub" dir="auto">{answerText(id, said, questions.find((q) => q.id === id))}</span>
      ))}
    </>
  );
}

function Answers({ questions }: { questions: readonly SurveyQuestion[] }) {
  const all = useSignal<SurveyAnswer[] | undefined>(undefined);
  const next = useSignal("");
  const failed = useSignal("");
  const load = async (before: string) => {
    try {
      const page = await admin.answers(before);
      all.value = [...(before ? (all.value ?? []) : []), ...page.answers];
      next.value = page.next ?? "";
    } catch (err) {
      failed.value = trouble(err).text;
    }
  };
  useEffect(() => void load(""), []);
  return (
    <Card title={w("answers")}>
      {failed.value && <p class="adm-failed" role="alert">{failed.value}</p>}
      {all.value && (
        <Table
          caption={w("answers")}
          rows={all.value}
          id={(a) => a.conversation + a.at}
          page={Infinity}
          columns={[
            { key: "rating", title: w("rating"), sort: (a: SurveyAnswer) => a.rating, cell: (a: SurveyAnswer) => <Mark tone={a.rating <= 2 ? "danger" : a.rating === 3 ? "warn" : "good"}>{`${a.rating} / 5`}</Mark> },
            { key: "said", title: w("said"), cell: (a: SurveyAnswer) => <Said of={a} questions={questions} /> },
            { key: "when", title: w("when"), sort: (a: SurveyAnswer) => a.at, cell: (a: SurveyAnswer) => when(a.at) },
            { key: "open", title: "", cell: (a: SurveyAnswer) => <a class="adm-link" href={`#/c/${encodeURIComponent(a.conversation)}`}>{w("open_chat")}</a> },
          ]}
          empty={<Empty icon="star" title={w("answers_none")} />}
        />
      )}
      {next.value && (
        <p class="adm-pages">
          <button type="button" class="button" onClick={() => void load(next.value)}>{w("more")}</button>
        </p>
      )}
    </Card>
  );
}
