import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { Icon } from "../../ui/icon.tsx";
import { reports, type Listed } from "../../wire/reports.ts";
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
      const ids = of.ids ?? [];
      return { total: ids.length, rows: ids.slice(offset, offset + PAGE).map((id) => ({ id }) as Partial<Listed> & { id: string }) };
    }
    const page = await reports.behind({ ...of.query, offset, limit: PAGE });
    return { total: page.total, rows: page.conversations as (Partial<Listed> & { id: string })[] };
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

function Item({ row }: { row: Partial<Listed> & { id: string } }) {
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
