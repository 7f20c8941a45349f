import { useSignal } from "@preact/signals";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import { admin, type CauseRow } from "../../wire/admin.ts";
import { confirm, Editor, Empty, Loaded, Page, parts, Table, Text, trouble, useForm, useResource } from "../parts/index.ts";
import { use, w } from "./words.ts";

/** CausesPage keeps the causes that agents choose from when they close. */
export default function CausesPage() {
  const known = use();
  const causes = useResource(admin.causes);
  const open = useSignal<CauseRow | "new" | undefined>(undefined);
  if (!known) return null;
  const add = (
    <button type="button" class="button primary" onClick={() => (open.value = "new")}>
      <Icon name="plus" />
      {w("cause_add")}
    </button>
  );
  return (
    <Page title={w("causes")} lead={w("causes_lead")} actions={add}>
      <Loaded of={causes}>
        {(all) => (
          <Table
            caption={w("causes")}
            rows={all}
            id={(c) => c.id}
            open={(c) => (open.value = c)}
            search={(c) => `${c.name} ${c.id}`}
            columns={[
              { key: "name", title: w("name"), sort: (c: CauseRow) => c.name, cell: (c: CauseRow) => c.name },
              { key: "id", title: w("id"), sort: (c: CauseRow) => c.id, cell: (c: CauseRow) => <code>{c.id}</code> },
            ]}
            empty={<Empty icon="tag" title={w("causes_empty")} text={w("causes_empty_text")} />}
          />
        )}
      </Loaded>
      {open.value && (
        <Cause
          of={open.value === "new" ? undefined : open.value}
          onClose={() => {
            open.value = undefined;
            void causes.load();
          }}
        />
      )}
    </Page>
  );
}

function Cause({ of, onClose }: { of: CauseRow | undefined; onClose(): void }) {
  const form = useForm(() => ({ id: of?.id ?? "", name: of?.name ?? "" }), [of]);
  const remove = async (c: CauseRow) => {
    if (!(await confirm({ title: w("remove_title", { name: c.name }), text: w("cause_remove_text"), act: parts.w("remove"), danger: true }))) return;
    await admin.removeCause(c.id).then(onClose, (err: unknown) => toast(trouble(err).text, "error"));
  };
  return (
    <Editor
      title={of?.name ?? w("cause_add")}
      form={form}
      save={(d) => admin.saveCause(of?.id ?? d.id.trim(), d.name.trim())}
      check={(d) => ({ name: d.name.trim() ? "" : parts.w("required"), id: of || /^[a-z0-9][a-z0-9_-]*$/.test(d.id.trim()) ? "" : w("id_wrong") })}
      onClose={(saved) => {
        if (saved) toast(parts.w("saved"));
        onClose();
      }}
      extra={of && (
        <button type="button" class="button adm-danger" onClick={() => void remove(of)}>
          {parts.w("remove")}
        </button>
      )}
    >
      <Text form={form} name="name" label={w("name")} autofocus />
      {!of && <Text form={form} name="id" label={w("id")} hint={w("id_hint")} code />}
    </Editor>
  );
}
