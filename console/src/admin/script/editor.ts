import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding } from "../../wire/script.ts";

/** Editor is CodeMirror in a shadow root: its style sheets are adopted there, so that the page needs no inline styles. */
export interface Editor {
  /** shows another file, or another text of the same */
  show(path: string, text: string): void;
  /** marks what the server found in the file that is shown */
  mark(found: readonly Finding[]): void;
  jump(line: number): void;
  lock(locked: boolean): void;
  destroy(): void;
}

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink-faint)", backgroundColor: "var(--ground)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-tooltip, .cm-panels": { color: "var(--ink)", backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-line", maxWidth: "60ch" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--danger)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warn)" },
  ".cm-textfield, .cm-button": { color: "var(--ink)", backgroundColor: "var(--raised)", backgroundImage: "none", border: "1px solid var(--line-strong)" },
  ".cm-foldPlaceholder": { color: "var(--ink-soft)", backgroundColor: "var(--sunken)", border: "none" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--info)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--ink-soft)" },
  { tag: tags.invalid, color: "var(--danger)" },
]);

/** mount makes an editor in `host`; `label` names it for screen readers, `typed` is told of every change by hand. */
export default function mount(host: HTMLElement, label: string, typed: (text: string) => void): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const readOnly = new Compartment();
  let locked = false;
  const extensions = [
    lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }), lintGutter(),
    yaml(), look, syntaxHighlighting(colours), EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true", tabindex: "0" }),
    keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
    EditorView.updateListener.of((u) => {
      if (u.docChanged && !u.transactions.some((t) => t.isUserEvent("show"))) typed(u.state.doc.toString());
    }),
  ];
  const state = (doc: string) => EditorState.create({ doc, extensions: [...extensions, readOnly.of(EditorState.readOnly.of(locked))] });
  const view = new EditorView({ state: state(""), parent: root, root });
  let shown = "";
  return {
    show(path, text) {
      if (path !== shown) view.setState(state(text)); // another file has a history of its own
      else if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "show" });
      shown = path;
    },
    mark(found) {
      view.dispatch(setDiagnostics(view.state, found.map((f) => diagnostic(view.state, f))));
    },
    jump(line) {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
      view.focus();
    },
    lock(now) {
      locked = now;
      view.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(now)) });
    },
    destroy: () => view.destroy(),
  };
}

/** diagnostic underlines the line of a finding; one about the whole file stands at its first line. */
function diagnostic(state: EditorState, f: Finding): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, f.line ?? 1), state.doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  return { from: line.from + indent, to: line.to, severity: f.severity, message: [f.message, f.hint].filter(Boolean).join("\n") };
}
