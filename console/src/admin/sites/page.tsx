import { useSignal } from "@preact/signals";
import { Icon } from "../../ui/icon.tsx";
import { admin, type Site } from "../../wire/admin.ts";
import { Empty, Loaded, Page, Table, useResource } from "../parts/index.ts";
import { SiteSheet } from "./site.tsx";
import { use, w } from "./words.ts";

/** SitesPage keeps the websites that carry the widget. */
export default function SitesPage() {
  const known = use();
  const sites = useResource(admin.sites);
  const open = useSignal<Site | "new" | undefined>(undefined);
  if (!known) return null;
  const add = (
    <button type="button" class="button primary" onClick={() => (open.value = "new")}>
      <Icon name="plus" />
      {w("add")}
    </button>
  );
  return (
    <Page title={w("title")} lead={w("lead")} actions={add}>
      <Loaded of={sites}>
        {(all) => (
          <Table
            caption={w("title")}
            columns={[
              { key: "name", title: w("name"), sort: (s: Site) => s.name, cell: (s: Site) => s.name },
              { key: "id", title: w("id"), sort: (s: Site) => s.id, cell: (s: Site) => <code>{s.id}</code> },
              { key: "origins", title: w("origins"), cell: (s: Site) => (s.origins ?? []).join(", ") || "–" },
            ]}
            rows={all}
            id={(s) => s.id}
            search={(s) => [s.name, s.id, ...(s.origins ?? [])].join(" ")}
            open={(s) => (open.value = s)}
            empty={<Empty icon="site" title={w("empty")} text={w("lead")}>{add}</Empty>}
          />
        )}
      </Loaded>
      {open.value && (
        <SiteSheet
          of={open.value === "new" ? undefined : open.value}
          onClose={() => {
            open.value = undefined;
            void sites.load();
          }}
        />
      )}
    </Page>
  );
}
