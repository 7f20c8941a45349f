import { cspFor, snippetFor } from "../../setup/origin.ts";
import { CopyBox, useResource } from "../parts/index.ts";
import type { Look } from "./look.ts";
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

/** attributes writes what of a look the pinned file has to be told by the page itself. */
const attributes = (l: Look): string => (["position", "theme", "bubble"] as const).map((k) => (l[k] ? ` data-${k}="${l[k]}"` : "")).join("");

/** style writes a look's colours as a style sheet of the page. */
function style({ light, dark }: Look): string {
  if (!light || !dark) return "";
  const names = [["accent", "accent"], ["hover", "accent-hover"], ["on_accent", "on-accent"], ["soft", "accent-soft"], ["on_soft", "on-accent-soft"]] as const;
  return `\n<style>ombud-chat{${names.map(([k, name]) => `--ombud-${name}:light-dark(${light[k]},${dark[k]})`).join(";")}}</style>`;
}

/** Snippet shows what to put on a page: the line that keeps itself up to date, and the one that never changes. */
export function Snippet({ site, look }: { site: string; look: Look }) {
  const built = useResource(manifest);
  const host = location.origin;
  const m = built.value.value;
  return (
    <section class="form">
      <h3>{w("snippet")}</h3>
      <CopyBox label={w("snippet_auto")} text={snippetFor(site, host)} />
      {m?.pinned && <CopyBox label={w("snippet_pinned")} text={`<script async src="${host}/w/${m.pinned}" integrity="${m.integrity}" crossorigin="anonymous" data-site="${site}"${attributes(look)}></script>${style(look)}`} />}
      <CopyBox label={w("csp")} text={cspFor(host)} />
    </section>
  );
}
