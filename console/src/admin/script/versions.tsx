import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { toast } from "../../store/toasts.ts";
import { DRAFT, scripts, type FileDiff, type ScriptVersion } from "../../wire/script.ts";
import { Mark, personName, when } from "../parts/index.ts";
import { away, mayEdit, overview, rollBack } from "./store.ts";
import { whyNot } from "./publish.tsx";
import { words } from "./words.ts";

/** Versions lists what was live when and why, what each changed, and the way back. */
export function Versions() {
  const list = useSignal<ScriptVersion[] | undefined>(undefined);
  const error = useSignal("");
  const load = () => scripts.versions().then((v) => (list.value = v), () => (away.value = true));
  useEffect(() => void load(), [overview.value?.newest]);
  const o = overview.value;
  if (!list.value || !o) return <p role="status">{words.w("loading")}</p>;
  const back = async (version: number) => {
    error.value = "";
    try {
      const made = await rollBack(version, words.w("roll_reason", { version: version === 0 ? words.w("built_in") : words.w("version", { version }) }));
      toast(words.w("published", { version: made.version }));
      await load();
    } catch (err) {
      error.value = whyNot(err);
    }
  };
  const all = [...list.value, { version: 0, base: 0, author: "", reason: words.w("built_in_reason") }];
  return (
    <>
      {error.value && <p class="form-error script-lines" role="alert">{error.value}</p>}
      <ol class="script-versions">
        {(o.draft.revision ?? 0) > 0 && (
          <li data-version="draft">
            <header>
              <strong>{words.w("draft")}</strong> <Mark tone="warn">{words.w("not_published")}</Mark>
              {o.draft.at && <span class="quiet">{words.w("by", { name: personName(o.draft.author), when: when(o.draft.at) })}</span>}
            </header>
            <Differences from={o.draft.base} to={DRAFT} stamp={o.draft.revision ?? 0} />
          </li>
        )}
        {all.map((v, i) => (
          <li key={v.version} data-version={v.version}>
            <header>
              <strong>{v.version === 0 ? words.w("built_in") : words.w("version", { version: v.version })}</strong>
              {v.version === o.live && <Mark tone="accent">{words.w("is_live")}</Mark>}
              {v.at && <span class="quiet">{words.w("by", { name: personName(v.author), when: when(v.at) })}</span>}
              {v.version !== o.newest && mayEdit.value && (
                <button type="button" class="button small" onClick={() => void back(v.version)}>{words.w("roll_back")}<span class="sr-only"> {v.version}</span></button>
              )}
            </header>
            <p dir="auto">{v.reason}</p>
            {v.version > 0 && <Differences from={all[i + 1]?.version ?? 0} to={v.version} stamp={0} />}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Differences fetches what one version changed when it is opened. */
function Differences({ from, to, stamp }: { from: number; to: number; stamp: number }) {
  const files = useSignal<FileDiff[] | undefined>(undefined);
  useEffect(() => void (files.value = undefined), [from, to, stamp]);
  const fetchOnce = (e: Event) => {
    if (!(e.currentTarget as HTMLDetailsElement).open || files.value) return;
    scripts.diff(from, to).then((d) => (files.value = d), () => (away.value = true));
  };
  return (
    <details onToggle={fetchOnce}>
      <summary>{words.w("differences")}</summary>
      {!files.value && <p role="status">{words.w("loading")}</p>}
      {files.value?.length === 0 && <p>{words.w("equal")}</p>}
      {files.value?.map((f) => (
        <section key={f.path} class="script-diff" aria-label={f.path}>
          <h3 dir="ltr">{f.path}</h3>
          {f.cut && <p class="quiet">{words.w("cut")}</p>}
          <div class="script-scroll" tabIndex={0} role="region" aria-label={words.w("differences_of", { path: f.path })}>
            {f.hunks.map((h) => (
              <div key={`${h.from} ${h.to}`} class="script-hunk" dir="ltr">
                {h.removed.map((line, i) => (
                  <p key={`-${i}`} class="script-removed"><span class="script-n">{h.from + i}</span><del><span class="sr-only">{words.w("removed")}: </span>{line || " "}</del></p>
                ))}
                {h.added.map((line, i) => (
                  <p key={`+${i}`} class="script-added"><span class="script-n">{h.to + i}</span><ins><span class="sr-only">{words.w("added")}: </span>{line || " "}</ins></p>
                ))}
              </div>
            ))}
          </div>
        </section>
      ))}
    </details>
  );
}
