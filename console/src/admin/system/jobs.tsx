import { toast } from "../../store/toasts.ts";
import { admin, type DeadJob } from "../../wire/admin.ts";
import { Empty, Loaded, Page, Table, trouble, useResource, when, whole } from "../parts/index.ts";
import { use, w } from "./words.ts";

/** JobsPage lists what was given up, and tries it again. */
export default function JobsPage() {
  const known = use();
  const jobs = useResource(admin.dead);
  if (!known) return null;
  const retry = async (all: readonly DeadJob[]) => {
    try {
      for (const j of all) await admin.retry(j.id);
      toast(w("retried"));
    } catch (err) {
      toast(trouble(err).text, "error");
    }
    await jobs.load();
  };
  const dead = jobs.value.value ?? [];
  return (
    <Page
      title={w("jobs")}
      lead={w("jobs_lead")}
      actions={dead.length > 1 && (
        <button type="button" class="button" onClick={() => void retry(dead)}>
          {w("retry_all")}
        </button>
      )}
    >
      <Loaded of={jobs}>
        {(all) => (
          <Table
            caption={w("jobs")}
            rows={all}
            id={(j) => String(j.id)}
            columns={[
              { key: "kind", title: w("kind"), sort: (j: DeadJob) => j.kind, cell: (j: DeadJob) => <code>{j.kind}</code> },
              { key: "attempts", title: w("attempts"), end: true, sort: (j: DeadJob) => j.attempts, cell: (j: DeadJob) => whole(j.attempts) },
              { key: "error", title: w("error"), cell: (j: DeadJob) => <span class="adm-sub">{j.error}</span> },
              { key: "since", title: w("since"), sort: (j: DeadJob) => j.created_at, cell: (j: DeadJob) => when(j.created_at) },
              { key: "retry", title: "", cell: (j: DeadJob) => (
                <button type="button" class="button small" onClick={() => void retry([j])}>
                  {w("retry")}
                  <span class="sr-only">: {j.kind}</span>
                </button>
              ) },
            ]}
            empty={<Empty icon="check" title={w("jobs_empty")} text={w("jobs_empty_text")} />}
          />
        )}
      </Loaded>
    </Page>
  );
}
