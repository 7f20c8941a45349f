import { useSignal } from "@preact/signals";
import { admin, type Webhook } from "../../wire/admin.ts";
import { Checks, CopyBox, Editor, ListPage, parts, RemoveButton, saying, Sheet, Text, useForm, useResource } from "../parts/index.ts";
import { or, use, w } from "./words.ts";

const kindName = (k: string): string => or(`k.${k}`, k.replaceAll("_", " "));

/** WebhooksPage keeps the addresses that are told of events. */
export default function WebhooksPage() {
  const known = use();
  const hooks = useResource(admin.webhooks);
  const secret = useSignal("");
  if (!known) return null;
  const closed = (done: () => void) => (made?: string) => {
    secret.value = made ?? "";
    done();
  };
  return (
    <ListPage
      title={w("hooks")}
      lead={w("hooks_lead")}
      add={w("hook_add")}
      of={hooks}
      rows={(all) => all.webhooks}
      id={(h) => h.id}
      columns={[
        { key: "url", title: w("url"), sort: (h: Webhook) => h.url, cell: (h: Webhook) => <span dir="ltr">{h.url}</span> },
        { key: "kinds", title: w("kinds"), cell: (h: Webhook) => (h.kinds?.length ? h.kinds.map(kindName).join(", ") : parts.w("all")) },
      ]}
      icon="bolt"
      none={w("hook_empty")}
      noneText={w("hooks_lead")}
      edit={(one, { webhooks, kinds }, done) => <Hook of={one} all={webhooks} kinds={kinds} onClose={closed(done)} />}
    >
      {secret.value && (
        <Sheet title={w("hook_new")} onClose={() => (secret.value = "")}>
          <CopyBox label={w("secret")} text={secret.value} />
        </Sheet>
      )}
    </ListPage>
  );
}

interface HookProps {
  of: Webhook | undefined;
  all: readonly Webhook[];
  kinds: readonly string[];
  onClose(secret?: string): void;
}

function Hook({ of, all, kinds, onClose }: HookProps) {
  const form = useForm(() => ({ url: of?.url ?? "", kinds: of?.kinds ?? [] }), [of]);
  const made = useSignal("");
  const plain = (h: Webhook) => ({ id: h.id, url: h.url, kinds: h.kinds ?? [] });
  const save = async (d: { url: string; kinds: string[] }) => {
    const others = all.filter((h) => h.id !== of?.id).map(plain);
    const saved = await admin.saveWebhooks([...others, { ...(of ? { id: of.id } : {}), url: d.url.trim(), kinds: d.kinds }]);
    made.value = saved.webhooks.find((h) => h.secret)?.secret ?? "";
  };
  return (
    <Editor
      title={of?.url ?? w("hook_new")}
      form={form}
      save={save}
      check={(d) => ({ url: /^https?:\/\/[^\s/]+/.test(d.url.trim()) ? "" : w("url_wrong") })}
      onClose={saying(() => onClose(made.value))}
      extra={of && <RemoveButton title={w("hook_remove")} text={w("hook_remove_text")} remove={() => admin.saveWebhooks(all.filter((h) => h.id !== of.id).map(plain))} done={onClose} />}
    >
      <Text form={form} name="url" label={w("url")} type="url" placeholder="https://hooks.example.com/ombud" autofocus={!of} />
      <Checks form={form} name="kinds" label={w("kinds")} hint={w("kinds_hint")} options={kinds.map((k) => ({ value: k, label: kindName(k) }))} />
    </Editor>
  );
}
