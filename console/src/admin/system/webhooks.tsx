import { useSignal } from "@preact/signals";
import { toast } from "../../store/toasts.ts";
import { Icon } from "../../ui/icon.tsx";
import { admin, type Webhook } from "../../wire/admin.ts";
import { Checks, confirm, CopyBox, Editor, Empty, Loaded, Page, parts, Sheet, Table, Text, trouble, useForm, useResource } from "../parts/index.ts";
import { or, use, w } from "./words.ts";

const kindName = (k: string): string => or(`k.${k}`, k.replaceAll("_", " "));

/** WebhooksPage keeps the addresses that are told of events. */
export default function WebhooksPage() {
  const known = use();
  const hooks = useResource(admin.webhooks);
  const open = useSignal<Webhook | "new" | undefined>(undefined);
  const secret = useSignal("");
  if (!known) return null;
  const add = (
    <button type="button" class="button primary" onClick={() => (open.value = "new")}>
      <Icon name="plus" />
      {w("hook_add")}
    </button>
  );
  return (
    <Page title={w("hooks")} lead={w("hooks_lead")} actions={add}>
      <Loaded of={hooks}>
        {({ webhooks, kinds }) => (
          <>
            <Table
              caption={w("hooks")}
              rows={webhooks}
              id={(h) => h.id}
              open={(h) => (open.value = h)}
              columns={[
                { key: "url", title: w("url"), sort: (h: Webhook) => h.url, cell: (h: Webhook) => <span dir="ltr">{h.url}</span> },
                { key: "kinds", title: w("kinds"), cell: (h: Webhook) => (h.kinds?.length ? h.kinds.map(kindName).join(", ") : parts.w("all")) },
              ]}
              empty={<Empty icon="bolt" title={w("hook_empty")} text={w("hooks_lead")} />}
            />
            {open.value && (
              <Hook
                of={open.value === "new" ? undefined : open.value}
                all={webhooks}
                kinds={kinds}
                onClose={(made) => {
                  open.value = undefined;
                  secret.value = made ?? "";
                  void hooks.load();
                }}
              />
            )}
          </>
        )}
      </Loaded>
      {secret.value && (
        <Sheet title={w("hook_new")} onClose={() => (secret.value = "")}>
          <CopyBox label={w("secret")} text={secret.value} />
        </Sheet>
      )}
    </Page>
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
  const remove = async () => {
    if (!(await confirm({ title: w("hook_remove"), text: w("hook_remove_text"), act: parts.w("remove"), danger: true }))) return;
    try {
      await admin.saveWebhooks(all.filter((h) => h.id !== of?.id).map(plain));
      onClose();
    } catch (err) {
      toast(trouble(err).text, "error");
    }
  };
  return (
    <Editor
      title={of?.url ?? w("hook_new")}
      form={form}
      save={save}
      check={(d) => ({ url: /^https?:\/\/[^\s/]+/.test(d.url.trim()) ? "" : w("url_wrong") })}
      onClose={(saved) => {
        if (saved) toast(parts.w("saved"));
        onClose(made.value);
      }}
      extra={of && (
        <button type="button" class="button adm-danger" onClick={() => void remove()}>
          {parts.w("remove")}
        </button>
      )}
    >
      <Text form={form} name="url" label={w("url")} type="url" placeholder="https://hooks.example.com/ombud" autofocus={!of} />
      <Checks form={form} name="kinds" label={w("kinds")} hint={w("kinds_hint")} options={kinds.map((k) => ({ value: k, label: kindName(k) }))} />
    </Editor>
  );
}
