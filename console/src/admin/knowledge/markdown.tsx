import type { ComponentChildren } from "preact";

/** Markdown shows what an article looks like. It makes elements and never markup; links are shown as their words, as the bot says them. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.replace(/\r\n?/g, "\n").split(/\n{2,}/).filter((b) => b.trim());
  return <div class="kn-md" dir="auto">{blocks.map((b, i) => <Block key={i} text={b} />)}</div>;
}

function Block({ text }: { text: string }) {
  const lines = text.split("\n");
  const head = /^ {0,3}(#{1,6})\s+(.*)$/.exec(lines[0] ?? "");
  if (head) {
    const rest = lines.slice(1).join("\n");
    return (
      <>
        {head[1] === "#" ? <h3>{inline(head[2] ?? "")}</h3> : <h4>{inline(head[2] ?? "")}</h4>}
        {rest.trim() && <Block text={rest} />}
      </>
    );
  }
  if (lines.every((l) => /^\s*[-*+]\s+/.test(l))) return <ul>{lines.map((l, i) => <li key={i}>{inline(l.replace(/^\s*[-*+]\s+/, ""))}</li>)}</ul>;
  if (lines.every((l) => /^\s*\d+[.)]\s+/.test(l))) return <ol>{lines.map((l, i) => <li key={i}>{inline(l.replace(/^\s*\d+[.)]\s+/, ""))}</li>)}</ol>;
  if (/^\s*```/.test(lines[0] ?? "")) return <pre>{lines.filter((l) => !/^\s*```/.test(l)).join("\n")}</pre>;
  return <p>{inline(text)}</p>;
}

const MARKS = /(\*\*|__)(.+?)\1|([*_])(.+?)\3|`([^`]+)`|!?\[([^\]]*)\]\([^)]*\)/g;

/** inline gives the words of a line with what is strong, soft or code. */
function inline(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let end = 0;
  for (const m of text.matchAll(MARKS)) {
    out.push(text.slice(end, m.index));
    if (m[2] !== undefined) out.push(<strong>{m[2]}</strong>);
    else if (m[4] !== undefined) out.push(<em>{m[4]}</em>);
    else if (m[5] !== undefined) out.push(<code>{m[5]}</code>);
    else out.push(m[6] ?? "");
    end = m.index + m[0].length;
  }
  out.push(text.slice(end));
  return out;
}
