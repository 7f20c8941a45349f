import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { toast } from "../../store/toasts.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { confirm } from "./confirm.tsx";
import { Empty, Page } from "./page.tsx";
import { trouble } from "./problem.ts";
import { Loaded, type Resource } from "./resource.tsx";
import { Table, type Column } from "./table.tsx";
import { parts } from "./words.ts";

export interface ListPageProps<A, T> {
  title: string;
  lead: string;
  /** the button that adds one; without it the list is only looked at */
  add: string | undefined;
  of: Resource<A>;
  rows(all: A): readonly T[];
  id(row: T): string;
  search?(row: T): string;
  columns: readonly Column<T>[];
  icon: IconName;
  /** what stands in place of an empty list */
  none: string;
  noneText?: string;
  /** the editor of one, of a new one where it is undefined; done closes it and fetches the list again */
  edit(one: T | undefined, all: A, done: () => void): ComponentChildren;
  children?: ComponentChildren;
}

/** ListPage is a page that keeps a list: one is added or opened in an editor at the side, and the list is fetched anew. */
export function ListPage<A, T>({ title, lead, add, of, rows, id, search, columns, icon, none, noneText, edit, children }: ListPageProps<A, T>) {
  const open = useSignal<{ one: T | undefined } | undefined>(undefined);
  const button = add !== undefined && (
    <button type="button" class="button primary" onClick={() => (open.value = { one: undefined })}>
      <Icon name="plus" />
      {add}
    </button>
  );
  const done = () => {
    open.value = undefined;
    void of.load();
  };
  return (
    <Page title={title} lead={lead} actions={button}>
      <Loaded of={of}>
        {(all) => (
          <>
            <Table
              caption={title}
              rows={rows(all)}
              id={id}
              columns={columns}
              {...(search ? { search } : {})}
              {...(add === undefined ? {} : { open: (one: T) => (open.value = { one }) })}
              empty={<Empty icon={icon} title={none} {...(noneText ? { text: noneText } : {})} />}
            />
            {open.value && edit(open.value.one, all, done)}
          </>
        )}
      </Loaded>
      {children}
    </Page>
  );
}

/** RemoveButton asks before it removes what is edited; why it was not removed is told. */
export function RemoveButton({ title, text, remove, done }: { title: string; text: string; remove(): Promise<unknown>; done(): void }) {
  const act = async () => {
    if (!(await confirm({ title, text, act: parts.w("remove"), danger: true }))) return;
    await remove().then(done, (err: unknown) => toast(trouble(err).text, "error"));
  };
  return (
    <button type="button" class="button adm-danger" onClick={() => void act()}>
      {parts.w("remove")}
    </button>
  );
}

/** saying closes an editor, and says so if something was saved. */
export const saying = (done: () => void) => (saved: boolean) => {
  if (saved) toast(parts.w("saved"));
  done();
};
