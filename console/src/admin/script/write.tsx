import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import type { Editor } from "./editor.ts";
import type { Finding } from "../../wire/script.ts";
import { away, checking, edits, errors, findings, jump, mayEdit, open, overview, path, textOf, type } from "./store.ts";
import { words } from "./words.ts";

/** Write is the files of the draft, the editor, and what the server finds in them as one types. */
export function Write() {
  return (
    <div class="script-write">
      <Files />
      <div class="script-paper">
        <p class="script-path" dir="ltr">{path.value}</p>
        <Paper />
      </div>
      <Found />
    </div>
  );
}

function Files() {
  const groups = new Map<string, { path: string; changed: boolean; errors: number }[]>();
  for (const f of overview.value?.files ?? []) {
    const [folder, name] = f.path.includes("/") ? [f.path.split("/")[0]!, f.path] : ["", f.path];
    if (f.removed) continue;
    const wrong = findings.value.filter((x) => x.file === f.path && x.severity === "error").length;
    groups.set(folder, [...(groups.get(folder) ?? []), { path: name, changed: f.changed === true || f.path in edits.value, errors: wrong }]);
  }
  return (
    <nav class="script-files" aria-label={words.w("files")}>
      {[...groups].sort(([a], [b]) => a.localeCompare(b)).map(([folder, files]) => (
        <div key={folder} role="group" aria-label={folder ? words.or(`folder.${folder}`, folder) : words.w("folder.")}>
          <h2>{folder ? words.or(`folder.${folder}`, folder) : words.w("folder.")}</h2>
          {files.map((f) => (
            <button key={f.path} type="button" aria-current={f.path === path.value ? "true" : undefined} onClick={() => open(f.path).catch(() => (away.value = true))}>
              <span dir="ltr">{f.path.split("/").at(-1)}</span>
              {f.changed && <span class="script-dot" title={words.w("changed")}><span class="sr-only">{words.w("changed")}</span></span>}
              {f.errors > 0 && <span class="script-wrong">{f.errors}<span class="sr-only"> {words.w("errors")}</span></span>}
            </button>
          ))}
        </div>
      ))}
    </nav>
  );
}

/** Paper holds the editor, whose code comes when it is first needed. */
function Paper() {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    void import("./editor.ts").then((m) => {
      if (gone || !host.current) return;
      editor.current = m.default(host.current, words.w("editor"), (text) => type(path.peek(), text));
      draw();
    }, () => (away.value = true));
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, []);
  const draw = () => {
    const text = textOf(path.peek());
    if (text === undefined) return;
    editor.current?.show(path.peek(), text);
    editor.current?.lock(!mayEdit.peek());
    editor.current?.mark(findings.peek().filter((f) => f.file === path.peek()));
    if (jump.peek() && editor.current) {
      editor.current.jump(jump.peek()!.line);
      jump.value = undefined;
    }
  };
  useSignalEffect(() => {
    void [path.value, textOf(path.value), findings.value, mayEdit.value, jump.value];
    draw();
  });
  return <div class="script-editor" ref={host} dir="ltr" data-ready={textOf(path.value) !== undefined ? "" : undefined} />;
}

/** The findings that are listed at most. */
const LISTED = 100;

function Found() {
  const order = (f: Finding) => (f.severity === "error" ? 0 : 1) + (f.file === path.value ? 0 : 2);
  const all = [...findings.value].sort((a, b) => order(a) - order(b));
  const warnings = all.length - errors.value;
  return (
    <section class="script-found" aria-labelledby="script-found">
      <h2 id="script-found">{words.w("found")}</h2>
      <p role="status">
        {checking.value ? words.w("checking") : all.length === 0 ? words.w("sound") : words.w("found_count", { errors: errors.value, warnings })}
      </p>
      <ul>
        {all.slice(0, LISTED).map((f, i) => (
          <li key={i} data-severity={f.severity}>
            <button type="button" onClick={() => open(f.file, f.line ?? 1).catch(() => (away.value = true))}>
              <Icon name={f.severity === "error" ? "alert" : "note"} />
              <span>
                <span class="sr-only">{words.w(f.severity === "error" ? "error" : "warning")}: </span>
                {f.message}
                {f.hint && <small>{f.hint}</small>}
                <small class="script-where" dir="ltr">{f.file}{f.line ? `:${f.line}` : ""}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {all.length > LISTED && <p class="quiet">{words.w("more", { count: all.length - LISTED })}</p>}
      {!mayEdit.value && <p class="quiet">{t("error.forbidden")}</p>}
    </section>
  );
}
