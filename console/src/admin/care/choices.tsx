import type { IconName } from "../../ui/icon.tsx";
import { Editor, ListPage, parts, RemoveButton, saying, Text, useForm, useResource, type Column } from "../parts/index.ts";
import { use, w } from "./words.ts";

/** One of a list that agents choose from when they close. */
interface Choice {
  id: string;
  name: string;
}

export interface ChoicesProps {
  /** which list: its words begin with it */
  kind: "cause" | "product";
  icon: IconName;
  list(): Promise<Choice[]>;
  save(id: string, name: string): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  /** how a name reads to this reader, where not as it is kept */
  shown?(of: Choice): string;
  /** further columns */
  more?: readonly Column<Choice>[];
}

/** Choices keeps one of the lists that agents choose from when they close. */
export function Choices(p: ChoicesProps) {
  const known = use();
  const all = useResource(p.list);
  const { shown = (c: Choice) => c.name } = p;
  if (!known) return null;
  return (
    <ListPage
      title={w(`${p.kind}s`)}
      lead={w(`${p.kind}s_lead`)}
      add={w(`${p.kind}_add`)}
      of={all}
      rows={(x) => x}
      id={(c) => c.id}
      search={(c) => `${shown(c)} ${c.id}`}
      columns={[
        { key: "name", title: w("name"), sort: shown, cell: (c: Choice) => <span dir="auto">{shown(c)}</span> },
        { key: "id", title: w("id"), sort: (c: Choice) => c.id, cell: (c: Choice) => <code>{c.id}</code> },
        ...(p.more ?? []),
      ]}
      icon={p.icon}
      none={w(`${p.kind}s_empty`)}
      noneText={w(`${p.kind}s_empty_text`)}
      edit={(one, _, done) => <One of={one} {...p} done={done} />}
    />
  );
}

function One({ of, kind, save, remove, done }: ChoicesProps & { of: Choice | undefined; done(): void }) {
  const form = useForm(() => ({ id: of?.id ?? "", name: of?.name ?? "" }), [of]);
  return (
    <Editor
      title={of?.name ?? w(`${kind}_add`)}
      form={form}
      save={(d) => save(of?.id ?? d.id.trim(), d.name.trim())}
      check={(d) => ({ name: d.name.trim() ? "" : parts.w("required"), id: of || /^[a-z0-9][a-z0-9_-]*$/.test(d.id.trim()) ? "" : w("id_wrong") })}
      onClose={saying(done)}
      extra={of && <RemoveButton title={w("remove_title", { name: of.name })} text={w(`${kind}_remove_text`)} remove={() => remove(of.id)} done={done} />}
    >
      <Text form={form} name="name" label={w("name")} autofocus />
      {!of && <Text form={form} name="id" label={w("id")} hint={w("id_hint")} code />}
    </Editor>
  );
}
