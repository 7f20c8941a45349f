/** @jsxImportSource ../dom */
import type { Child } from "../dom/jsx-runtime.ts";

// Addresses in running text. What a browser would run (javascript:, data:) is no address here.
const address = /\b(?:https?:\/\/[^\s<>"'，。；：！？（）「」、]+|(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/gi;
const trailing = /[.,;:!?)\]}'"]+$/;

/** Text with its web and mail addresses made clickable. Never HTML: every piece becomes a text node. */
export function linked(text: string): Child[] {
  const parts: Child[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const shown = balanced(match[0]);
    const href = /^https?:/i.test(shown) ? shown : "mailto:" + shown.replace(/^mailto:/i, "");
    if (!URL.canParse(href)) continue;
    parts.push(
      text.slice(from, match.index),
      <a href={href} target="_blank" rel="noopener noreferrer">
        {shown}
      </a>,
    );
    from = match.index + shown.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Drops the sentence's own punctuation from the end, but keeps a bracket that the address itself opened. */
function balanced(found: string): string {
  const cut = found.replace(trailing, "");
  return cut.includes("(") && found[cut.length] === ")" ? cut + ")" : cut;
}
