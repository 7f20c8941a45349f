import { graphlib, layout as arrange } from "@dagrejs/dagre";
import type { Outline } from "../../wire/script.ts";

export type NodeKind = "start" | "topic" | "answer" | "ask" | "person";

export interface Box {
  id: string;
  kind: NodeKind;
  label: string;
  /** a second line, "" for none */
  note: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  from: string;
  to: string;
  label: string;
  points: { x: number; y: number }[];
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

/** The words that the picture needs from the page. */
export interface Legend {
  start: string;
  person: string;
  /** names the topic in the language that is looked at */
  topic(id: string): string;
  fact(id: string): string;
  /** gives the words of an answer */
  says(topic: string, answer: string): string;
  /** puts the condition of an answer into words, "" where it has none */
  when(topic: string, answer: number): string;
}

const WIDTH: Record<NodeKind, number> = { start: 150, topic: 200, answer: 214, ask: 180, person: 150 };
const CHARS = 26;
const short = (s: string) => (s.length > CHARS ? `${s.slice(0, CHARS - 1)}…` : s);

/** picture lays the way through a script out from left to right: what a visitor writes about, what is answered and asked, and the person. */
export default function picture(o: Outline, only: string, l: Legend): Picture {
  const g = new graphlib.Graph<{ rankdir: string; nodesep: number; ranksep: number }, { width: number; height: number; kind: NodeKind; label: string; note: string }, { label: string; weight?: number; points?: { x: number; y: number }[] }>();
  g.setGraph({ rankdir: "LR", nodesep: 12, ranksep: 54 });
  g.setDefaultEdgeLabel(() => ({ label: "" }));
  const node = (id: string, kind: NodeKind, label: string, note = "") => {
    if (!g.hasNode(id)) g.setNode(id, { kind, label: short(label), note: short(note), width: WIDTH[kind], height: note ? 48 : 34 });
    return id;
  };
  node("start", "start", l.start);
  node("person", "person", l.person);
  for (const t of o.topics) {
    if (only && t.id !== only) continue;
    const topic = node(`topic ${t.id}`, "topic", l.topic(t.id), t.id);
    g.setEdge("start", topic, { label: "", weight: 50 }); // all topics in one column
    let ends: string[] = [];
    t.answers.forEach((a, i) => {
      const answer = node(`answer ${t.id} ${a.text}`, "answer", l.says(t.id, a.text) || a.text, l.when(t.id, i));
      g.setEdge(topic, answer, { label: "" });
      ends.push(answer);
    });
    for (const a of t.ask ?? []) {
      const ask = node(`ask ${t.id} ${a.fact}`, "ask", l.fact(a.fact));
      for (const end of ends) g.setEdge(end, ask, { label: "" });
      ends = [ask];
    }
    if (!t.small_talk) for (const end of ends) g.setEdge(end, "person", { label: "", weight: 0 });
  }
  arrange(g);
  const size = g.graph() as { width?: number; height?: number };
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    boxes: g.nodes().map((id) => {
      const n = g.node(id) as unknown as Omit<Box, "id">;
      return { ...n, id };
    }),
    lines: g.edges().map((e) => ({ from: e.v, to: e.w, label: "", points: (g.edge(e) as { points?: { x: number; y: number }[] }).points ?? [] })),
  };
}
