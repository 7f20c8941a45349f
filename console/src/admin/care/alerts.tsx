import { useSignal } from "@preact/signals";
import { languageName } from "../../i18n/format.ts";
import { named } from "../../i18n/index.ts";
import { SPOKEN } from "../../i18n/spoken.ts";
import { causeOf, me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { admin, type GrowthAlert, type KnownIssue } from "../../wire/admin.ts";
import { Area, Card, confirm, Editor, Empty, Loaded, Mark, Page, parts, Table, Text, trouble, useForm, useResource, when, whole } from "../parts/index.ts";
import { use, w } from "./words.ts";


/** subjectName puts "topic:order_status" or "cause:late" into words. */
function subjectName(subject: string): string {
  const [group = "", id = ""] = subject.split(":");
  return group === "cause" ? causeOf(id) : named(group, id);
}

/** AlertsPage lists what grew, and the notices that the bot says first. */
export default function AlertsPage() {
  const known = use();
  const alerts = useResource(admin.alerts);
  const notices = useResource(admin.notices);
  const open = useSignal<GrowthAlert | undefined>(undefined);
  if (!known) return null;
  const isAdmin = me.value?.grade === "admin";
  const both = () => void Promise.all([alerts.load(), notices.load()]);
  return (
    <Page title={w("alerts")} lead={w("alerts_lead")}>
      <Loaded of={alerts}>
        {(all) => (
          <Table
            caption={w("alerts")}
            rows={all}
            id={(a) => a.id}
            {...(isAdmin ? { open: (a: GrowthAlert) => (open.value = a) } : {})}
            columns={[
              { key: "subject", title: w("subject"), sort: (a: GrowthAlert) => subjectName(a.subject), cell: (a: GrowthAlert) => subjectName(a.subject) },
              { key: "count", title: w("count"), end: true, sort: (a: GrowthAlert) => a.count, cell: (a: GrowthAlert) => whole(a.count) },
              { key: "expected", title: w("expected"), end: true, cell: (a: GrowthAlert) => whole(a.expected) },
              { key: "when", title: w("when"), sort: (a: GrowthAlert) => a.raised_at, cell: (a: GrowthAlert) => when(a.raised_at) },
              { key: "state", title: w("state"), cell: (a: GrowthAlert) => <State of={a} /> },
              { key: "chats", title: w("open_chat"), cell: (a: GrowthAlert) => <Behind of={a} /> },
            ]}
            empty={<Empty icon="trendUp" title={w("alerts_empty")} text={w("alerts_empty_text")} />}
          />
        )}
      </Loaded>
      <Loaded of={notices}>{(all) => <Notices all={all} admin={isAdmin} onChange={both} />}</Loaded>
      {open.value && (
        <Notice
          of={open.value}
          onClose={() => {
            open.value = undefined;
            both();
          }}
        />
      )}
    </Page>
  );
}

/** Behind links the first conversations that an alert counted. */
function Behind({ of }: { of: GrowthAlert }) {
  return (
    <span class="adm-links">
      {(of.conversations ?? []).slice(0, 3).map((c) => (
        <a key={c} class="adm-link" href={`#/c/${encodeURIComponent(c)}`}>{c.slice(-6)}</a>
      ))}
    </span>
  );
}

function State({ of }: { of: GrowthAlert }) {
  if (of.notice) return <Mark tone="info">{w("noticed")}</Mark>;
  return <Mark tone={of.ended_at ? "plain" : "danger"}>{w(of.ended_at ? "ended" : "going_on")}</Mark>;
}

function Notices({ all, admin: may, onChange }: { all: readonly KnownIssue[]; admin: boolean; onChange(): void }) {
  const stop = async (n: KnownIssue) => {
    if (!(await confirm({ title: w("stop_title"), text: w("stop_text"), act: w("stop"), danger: true }))) return;
    await admin.removeNotice(n.topic).catch((err: unknown) => toast(trouble(err).text, "error"));
    onChange();
  };
  return (
    <Card title={w("notices")}>
      {all.length === 0 ? <p class="field-hint">{w("notices_none")}</p> : (
        <ul class="adm-lines">
          {all.map((n) => (
            <li key={n.topic}>
              <strong>{named("topic", n.topic)}</strong>
              <span dir="auto">{Object.values(n.texts)[0]}</span>
              {may && (
                <button type="button" class="button small adm-danger" onClick={() => void stop(n)}>
                  {w("stop")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Notice({ of, onClose }: { of: GrowthAlert; onClose(): void }) {
  const aboutTopic = of.subject.startsWith("topic:");
  const form = useForm((): Record<string, string> => ({ topic: "", ...Object.fromEntries(SPOKEN.map((l) => [`texts.${l}`, of.notice?.[l] ?? ""])) }), [of]);
  const save = (d: Record<string, string>) => {
    const texts = Object.fromEntries(SPOKEN.map((l) => [l, d[`texts.${l}`]?.trim() ?? ""]).filter(([, text]) => text !== ""));
    return admin.makeNotice(of.id, d["topic"]?.trim() ?? "", texts);
  };
  const check = (d: Record<string, string>) => ({
    "texts.en": SPOKEN.some((l) => d[`texts.${l}`]?.trim()) ? "" : w("text_needed"),
    topic: aboutTopic || d["topic"]?.trim() ? "" : parts.w("required"),
  });
  return (
    <Editor
      title={`${w("notice")}: ${subjectName(of.subject)}`}
      form={form}
      save={save}
      check={check}
      act={w("notice")}
      onClose={(saved) => {
        if (saved) toast(w("said_live"));
        onClose();
      }}
    >
      <p class="field-hint">{w("notice_lead")}</p>
      {!aboutTopic && <Text form={form} name="topic" label={w("notice_topic")} code />}
      {SPOKEN.map((l) => (
        <Area key={l} form={form} name={`texts.${l}`} label={languageName(l)} rows={2} most={1000} optional />
      ))}
    </Editor>
  );
}
