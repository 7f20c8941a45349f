import { admin, type Site } from "../../wire/admin.ts";
import { ListPage, useResource } from "../parts/index.ts";
import { SiteSheet } from "./site.tsx";
import { use, w } from "./words.ts";

/** SitesPage keeps the websites that carry the widget. */
export default function SitesPage() {
  const known = use();
  const sites = useResource(admin.sites);
  if (!known) return null;
  return (
    <ListPage
      title={w("title")}
      lead={w("lead")}
      add={w("add")}
      of={sites}
      rows={(all) => all}
      id={(s) => s.id}
      search={(s) => [s.name, s.id, ...(s.origins ?? [])].join(" ")}
      columns={[
        { key: "name", title: w("name"), sort: (s: Site) => s.name, cell: (s: Site) => s.name },
        { key: "id", title: w("id"), sort: (s: Site) => s.id, cell: (s: Site) => <code>{s.id}</code> },
        { key: "origins", title: w("origins"), cell: (s: Site) => (s.origins ?? []).join(", ") || "–" },
      ]}
      icon="site"
      none={w("empty")}
      noneText={w("lead")}
      edit={(one, _, done) => <SiteSheet of={one} onClose={done} />}
    />
  );
}
