import { cspFor, snippetFor } from "../../setup/origin.ts";
import { CopyBox, useResource } from "../parts/index.ts";
import { w } from "./words.ts";

/** What the build says about its files: the pinned one, and the hash that a browser checks it by. */
interface Manifest {
  pinned: string;
  integrity: string;
}

async function manifest(): Promise<Manifest> {
  const res = await fetch("/w/manifest.json", { credentials: "omit" });
  return (await res.json()) as Manifest;
}

/** Snippet shows what to put on a page: the line that keeps itself up to date, and the one that never changes. */
export function Snippet({ site }: { site: string }) {
  const built = useResource(manifest);
  const host = location.origin;
  const m = built.value.value;
  return (
    <section class="form">
      <h3>{w("snippet")}</h3>
      <CopyBox label={w("snippet_auto")} text={snippetFor(site, host)} />
      {m?.pinned && <CopyBox label={w("snippet_pinned")} text={`<script async src="${host}/w/${m.pinned}" integrity="${m.integrity}" crossorigin="anonymous" data-site="${site}"></script>`} />}
      <CopyBox label={w("csp")} text={cspFor(host)} />
    </section>
  );
}
