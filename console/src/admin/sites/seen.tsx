import { admin } from "../../wire/admin.ts";
import { ago, Loaded, Mark, useResource, when } from "../parts/index.ts";
import { w } from "./words.ts";

/** Seen lists which pages loaded the widget, opened a chat, or were refused; those can be let in from here. */
export function Seen({ site, listed, onAllow }: { site: string; listed: readonly string[]; onAllow(origin: string): void }) {
  const seen = useResource(() => admin.sightings(site), [site]);
  return (
    <section class="form">
      <div>
        <h3>{w("seen")}</h3>
        <p class="field-hint">{w("seen_lead")}</p>
      </div>
      <Loaded of={seen}>
        {(all) =>
          all.length === 0 ? <p class="field-hint">{w("seen_none")}</p> : (
            <ul class="adm-lines">
              {all.slice(0, 12).map((s) => (
                <li key={s.origin + s.kind}>
                  <span dir="ltr">{s.origin}</span>
                  <Mark tone={s.kind === "refused" ? "danger" : "good"}>{w(`seen.${s.kind}`)}</Mark>
                  <span class="quiet" title={when(s.at)}>{ago(s.at)}</span>
                  {s.kind === "refused" && !listed.includes(s.origin) && (
                    <button type="button" class="button small" onClick={() => onAllow(s.origin)}>
                      {w("allow")}
                      <span class="sr-only">: {s.origin}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
