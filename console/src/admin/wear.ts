const worn = new Set<string>();

/**
 * wear puts a lazy page's own style sheet (`import css from "./page.css?inline"`) on the document, once: a lazy chunk
 * cannot bring a style sheet as a file, and what only admins see does not weigh on every agent's first load.
 */
export function wear(css: string): void {
  if (worn.has(css)) return;
  worn.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
