import type { Child, Node as Wanted, Props } from "./jsx-runtime.ts";

interface Live {
  key: string;
  props: Props;
  node: Element | Text;
}

const svg = "http://www.w3.org/2000/svg";
const lives = new WeakMap<Element, Live[]>();

/**
 * Makes the children of an element what is wanted, keeping every node that stays: by key, else by tag and place. An
 * absent child (false, null, undefined) keeps its place. Text only ever becomes text nodes.
 */
export function render(parent: Element, children: Child): void {
  const left = new Map((lives.get(parent) ?? []).map((live) => [live.key, live]));
  const now: Live[] = [];
  const wanted = [children].flat(Infinity as 1) as Exclude<Child, Child[]>[];
  wanted.forEach((child, i) => {
    if (child === undefined || child === null || typeof child === "boolean") return;
    const made = typeof child === "object" ? element(parent, child, i, left) : text(String(child), i, left);
    left.delete(made.key);
    now.push(made);
  });
  for (const { node } of left.values()) node.remove();
  let at = parent.firstChild;
  for (const { node } of now) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  lives.set(parent, now);
}

function text(data: string, i: number, left: Map<string, Live>): Live {
  const key = "#" + i;
  const live = left.get(key) ?? { key, props: {}, node: document.createTextNode(data) };
  if ((live.node as Text).data !== data) (live.node as Text).data = data;
  return live;
}

function element(parent: Element, { tag, props, children, key }: Wanted, i: number, left: Map<string, Live>): Live {
  const name = tag + "#" + (key ?? i);
  const old = left.get(name);
  const space = tag === "svg" ? svg : parent.namespaceURI!;
  const node = (old?.node ?? document.createElementNS(space, tag)) as HTMLElement;
  for (const prop in { ...old?.props, ...props }) {
    if (props[prop] !== old?.props[prop]) set(node, prop, props[prop]);
  }
  render(node, children);
  return { key: name, props, node };
}

function set(node: HTMLElement, name: string, value: unknown): void {
  if (name === "ref") (value as (node: HTMLElement) => void)?.(node);
  else if (name.startsWith("on")) (node as any)[name.toLowerCase()] = value;
  else if (name === "checked") (node as HTMLInputElement).checked = !!value;
  else if (value === undefined || (value === false && !name.startsWith("aria-"))) node.removeAttribute(name);
  else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}
