import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { Icon } from "../../ui/icon.tsx";
import { reports, type Listed } from "../../wire/reports.ts";
import { rest } from "../../wire/rest.ts";
import { Loaded, Sheet, useResource, when, whole } from "../parts/index.ts";
import { behind, type Behind } from "./store.ts";
import { codeName, words } from "./words.ts";

const PAGE = 50;

/** BehindSheet lists the conversations behind a figure, beside the page; each is a link to its transcript. */
export function BehindSheet({ of }: { of: Behind }) {
  const { w } = words;
  const at = useSignal(0);
  const offset = at.value * PAGE;
  const found = useResource(async () => {
    if (!of.query) {
      const ids = [...new Set(of.ids)];
      return { total: ids.length, rows: await Promise.all(ids.slice(offset, offset + PAGE).map(listed)) };
    }
    const page = await reports.behind({ ...of.query, offset, limit: PAGE });
    return { total: page.total, rows: page.conversations as Row[] };
  }, [of, offset]);
  const admin = me.value?.grade === "admin";
  return (
    <Sheet
      title={of.title}
      onClose={() => (behind.value = undefined)}
      foot={
        of.query && admin ? (
          <a class="button" href={reports.conversationsSheet(of.query)} download>
            <Icon name="download" />
            CSV
          </a>
        ) : undefined
      }
    >
      <Loaded of={found}>
        {({ total, rows }) => (
          <>
            <p class="adm-sub" role="status">{w("behind_total", { count: whole(total) })}</p>
            <ul class="rep-behind">
              {rows.map((r) => (
                <Item key={r.id} row={r} />
              ))}
            </ul>
            {total > PAGE && (
              <div class="adm-pages">
                <button type="button" class="button small" disabled={at.value === 0} onClick={() => at.value--}>
                  {w("newer")}
                </button>
                <button type="button" class="button small" disabled={offset + PAGE >= total} onClick={() => at.value++}>
                  {w("older")}
                </button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Sheet>
  );
}

type Row = Partial<Listed> & { id: string };

/** listed looks up a conversation of which the report knows the id alone; one that is gone stays an id. */
const listed = (id: string): Promise<Row> => rest.conversation(id).then((c): Row => ({ ...c, id }), () => ({ id }));

function Item({ row }: { row: Row }) {
  const facts = [row.language?.toUpperCase(), row.reason ? codeName("reason", row.reason) : row.topic ? codeName("topic", row.topic) : "", row.cause ? codeName("cause", row.cause) : "", row.owner ? named("owner", row.owner) : ""];
  return (
    <li>
      <a href={`#/c/${encodeURIComponent(row.id)}`}>
        <strong>{row.created_at ? when(row.created_at) : row.id}</strong>
        <span>{facts.filter(Boolean).join(" · ")}</span>
        {row.last_text && <span class="rep-last" dir="auto">{row.last_text}</span>}
      </a>
    </li>
  );
}
