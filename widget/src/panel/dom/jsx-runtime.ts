// What JSX becomes in the panel: plain objects. A component is a function that is called at once.

export type Child = Node | string | number | boolean | null | undefined | Child[];

/** An element to be. */
export interface Node {
  tag: string;
  props: Props;
  children: Child;
  key: unknown;
}

export interface Props {
  children?: Child;
  [name: string]: unknown;
}

export function jsx(tag: string | ((props: any) => Child), props: Props, key?: unknown): Child {
  if (typeof tag !== "string") return tag(props);
  const { children, ...rest } = props;
  return { tag, props: rest, children, key };
}

export const jsxs = jsx;
export const Fragment = ({ children }: Props): Child => children;

export namespace JSX {
  export type Element = Child;
  export type ElementType = string | ((props: any) => Child);
  export interface ElementChildrenAttribute {
    children: unknown;
  }
  export interface IntrinsicAttributes {
    key?: unknown;
  }
  export interface IntrinsicElements {
    [tag: string]: Props;
  }
}
