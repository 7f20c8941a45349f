import { exactOrigin } from "../../setup/origin.ts";
import { admin, type Site } from "../../wire/admin.ts";
import { Checks, Editor, Many, parts, saying, Text, Toggle, useForm } from "../parts/index.ts";
import { wear } from "../wear.ts";
import { Appearance, checkLook, lookDraft, lookOf, type LookDraft } from "./appearance.tsx";
import { Keys } from "./keys.tsx";
import { Seen } from "./seen.tsx";
import { Snippet } from "./snippet.tsx";
import css from "./sites.css?inline";
import { w } from "./words.ts";

wear(css);

interface Draft extends LookDraft {
  id: string;
  name: string;
  origins: string[];
  locale: string;
  files: boolean;
  ask: string[];
  enforce: boolean;
}

const draftOf = (s: Site | undefined): Draft => ({ id: s?.id ?? "", name: s?.name ?? "", origins: s?.origins ?? [], locale: s?.settings.locale ?? "", files: s?.settings.files === true, ask: s?.settings.ask ?? [], enforce: s?.settings.enforce === true, ...lookDraft(s?.settings.look) });

/** SiteSheet adds or changes a website, and has all that its owner needs to carry the widget. */
export function SiteSheet({ of, onClose }: { of: Site | undefined; onClose(): void }) {
  const form = useForm(() => draftOf(of), [of]);
  const save = ({ id, ...d }: Draft) => admin.saveSite(of?.id ?? id.trim(), { name: d.name.trim(), ...(of ? { version: of.version } : {}), origins: d.origins, files: d.files, ask: d.ask, look: lookOf(d), ...(of?.keys ? { enforce: d.enforce } : {}), ...(d.locale.trim() ? { locale: d.locale.trim() } : {}) });
  const check = (d: Draft) => ({ name: d.name.trim() ? "" : parts.w("required"), id: of || /^[a-z0-9][a-z0-9-]*$/.test(d.id.trim()) ? "" : w("id_wrong"), ...checkLook(d) });
  const allow = (origin: string) => {
    if (!form.draft.value.origins.includes(origin)) form.set("origins", [...form.draft.value.origins, origin]);
    document.getElementById("f-origins")?.focus();
  };
  return (
    <Editor title={of?.name ?? w("new")} form={form} save={save} check={check} onClose={saying(onClose)}>
      <Text form={form} name="name" label={w("name")} autofocus={!of} />
      {!of && <Text form={form} name="id" label={w("id")} hint={w("id_hint")} code />}
      <Many form={form} name="origins" label={w("origins")} hint={w("origins_hint")} placeholder="https://shop.example.com" clean={exactOrigin} />
      <Text form={form} name="locale" label={w("locale")} hint={w("locale_hint")} optional />
      <Toggle form={form} name="files" label={w("files")} hint={w("files_hint")} />
      <Checks form={form} name="ask" label={w("ask")} hint={w("ask_hint")} options={[{ value: "name", label: w("ask_name") }, { value: "email", label: w("ask_email") }]} />
      {of?.keys && <Toggle form={form} name="enforce" label={w("enforce")} />}
      <Appearance form={form} />
      {of && <Snippet site={of.id} look={lookOf(form.draft.value)} />}
      {of && <Seen site={of.id} listed={form.draft.value.origins} onAllow={allow} />}
      {of?.keys && <Keys of={of} />}
    </Editor>
  );
}
