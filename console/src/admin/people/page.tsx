import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { Avatar } from "../../ui/chips.tsx";
import { admin, type Invitation, type Person } from "../../wire/admin.ts";
import { ListPage, Mark, useResource, whole, type Column } from "../parts/index.ts";
import { PersonSheet } from "./person.tsx";
import { Link } from "./link.tsx";
import { use, w } from "./words.ts";

/** PeoplePage keeps who works here. */
export default function PeoplePage() {
  const known = use();
  const people = useResource(admin.people);
  const link = useSignal<{ of: Person; made: Invitation } | undefined>(undefined);
  if (!known) return null;
  return (
    <ListPage
      title={w("title")}
      lead={w("lead")}
      add={me.value?.grade === "admin" ? w("add") : undefined}
      of={people}
      rows={(all) => all}
      id={(p) => p.id}
      search={(p) => [p.name, p.email, w(`grade.${p.grade}`), ...(p.skills ?? [])].join(" ")}
      columns={columns()}
      icon="users"
      none={w("empty")}
      edit={(one, _, done) => <PersonSheet of={one} onClose={done} onLink={(of, made) => (link.value = { of, made })} />}
    >
      {link.value && <Link {...link.value} onClose={() => (link.value = undefined)} />}
    </ListPage>
  );
}

const words = (list: string[] | null, group: string): string => (list?.length ? list.map((x) => (group ? named(group, x) : x)).join(", ") : w("any"));

function columns(): Column<Person>[] {
  return [
    { key: "name", title: w("name"), sort: (p) => p.name, cell: (p) => <Who of={p} /> },
    { key: "grade", title: w("grade"), sort: (p) => p.grade, cell: (p) => w(`grade.${p.grade}`) },
    { key: "level", title: w("level"), sort: (p) => p.level, cell: (p) => named("level", String(p.level)) },
    { key: "skills", title: w("skills"), cell: (p) => words(p.skills, "skill") },
    { key: "languages", title: w("languages"), cell: (p) => words(p.languages, "") },
    { key: "capacity", title: w("capacity"), sort: (p) => p.capacity, end: true, cell: (p) => (p.capacity ? whole(p.capacity) : w("no_limit")) },
    { key: "state", title: w("state"), sort: (p) => Number(p.disabled), cell: (p) => <Mark tone={p.disabled ? "danger" : "good"}>{w(p.disabled ? "disabled" : "active")}</Mark> },
  ];
}

function Who({ of }: { of: Person }) {
  return (
    <span class="adm-who">
      <Avatar name={of.name} />
      <span>
        {of.name}
        {of.id === me.value?.id && ` (${w("you")})`}
        <small>{of.email}</small>
      </span>
    </span>
  );
}

