import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CopyBox } from "../admin/parts/copy.tsx";
import { parts } from "../admin/parts/words.ts";
import { enter } from "../store/acts.ts";
import { admin, type Sighting } from "../wire/admin.ts";
import { call, rest } from "../wire/rest.ts";
import { Icon } from "../ui/icon.tsx";
import { cspFor, snippetFor } from "./origin.ts";
import { use, w } from "./words.ts";

/** How often one looks whether the page has been opened, in ms. */
const LOOK = 1500;

/** What is known of the site so far. */
interface Found {
  seen: Sighting[];
  /** the first words that somebody wrote */
  text: string;
}

/** firstWords gives what a visitor wrote first in the newest conversation in which one wrote, "" as long as nobody has. */
async function firstWords(): Promise<string> {
  const found = await call<{ hits?: { conversation: { id: string; visitor_seq?: number } }[] }>("GET", "/search?limit=10");
  for (const { conversation } of found.hits ?? []) {
    if (conversation.visitor_seq === 0) continue; // opened, and nothing written
    const said = (await rest.events(conversation.id, 0)).find((e) => e.kind === "message" && e.role === "visitor");
    if (said) return said.text ?? "";
  }
  return "";
}

/** useLooking looks again and again until a message has come. */
function useLooking(site: string): Signal<Found> {
  const found = useSignal<Found>({ seen: [], text: "" });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async () => {
      try {
        const [seen, text] = await Promise.all([admin.sightings(site), firstWords()]);
        if (!gone) found.value = { seen, text };
      } catch {
        // A server that is away for a moment is asked again.
      }
      if (!gone && !found.value.text) timer = setTimeout(() => void look(), LOOK);
    };
    void enter().catch(() => undefined); // the set-up signed us in
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return found;
}

/** Installed shows the snippet, and sees for itself that a page carries it and that a message arrives. */
export function Installed({ site, onNext }: { site: string; onNext(): void }) {
  const known = use();
  const both = parts.use() && known;
  const found = useLooking(site);
  if (!both) return null;
  const { seen, text } = found.value;
  const here = seen.find((s) => s.kind !== "refused");
  const refused = here ? undefined : seen.find((s) => s.kind === "refused");
  const allow = async (origin: string) => {
    const old = (await admin.sites()).find((s) => s.id === site);
    if (old) await admin.saveSite(site, { name: old.name, version: old.version, origins: [...(old.origins ?? []), origin] });
  };
  return (
    <div class="form">
      <p>{w("paste")}</p>
      <CopyBox label={w("line")} text={snippetFor(site, location.origin)} />
      <details>
        <summary>{w("csp")}</summary>
        <CopyBox label="Content-Security-Policy" text={cspFor(location.origin)} />
      </details>
      <Check done={!!here} text={here ? w("loaded", { origin: here.origin }) : w("wait_load")} />
      {refused && (
        <p class="test-wait test-refused" role="alert">
          <Icon name="alert" />
          <span>{w("refused", { origin: refused.origin })}</span>
          <button type="button" class="button small" onClick={() => void allow(refused.origin)}>
            {w("allow")}
          </button>
        </p>
      )}
      <Check done={!!text} text={text ? w("arrived", { text }) : w("wait_message")} />
      <button type="button" class={text ? "button primary large" : "button large"} onClick={onNext}>
        {text ? w("next") : w("later")}
      </button>
    </div>
  );
}

function Check({ done, text }: { done: boolean; text: string }) {
  return (
    <p class={done ? "test-wait test-done" : "test-wait"} role="status">
      <Icon name={done ? "check" : "clock"} />
      <span dir="auto">{text}</span>
    </p>
  );
}
