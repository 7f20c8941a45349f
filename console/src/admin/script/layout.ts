import { graphlib, layout as arrange } from "@dagrejs/dagre";
import type { Outline, Topic } from "../../wire/script.ts";

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
  /** names the department that a topic goes to */
  skill(topic: Topic): string;
  /** names the topic in the language that is looked at */
  topic(id: string): string;
  fact(id: string): string;
  /** gives the words of an answer */
  says(topic: string, answer: string): string;
  /** puts the condition of an answer into words, "" where it has none */
  when(topic: string, answer: number): string;
  /** tells how wide a label would be drawn */
  wide(label: string, kind: NodeKind): number;
}

const WIDTH: Record<NodeKind, number> = { start: 110, topic: 190, answer: 190, ask: 128, person: 122 };
/** What a box keeps free beside its words, between lanes, and between the columns. */
const [INSET, LANE, GAP] = [18, 14, 26];

/** short cuts a label to what its box has room for. */
function short(s: string, kind: NodeKind, l: Legend): string {
  const room = WIDTH[kind] - INSET;
  if (l.wide(s, kind) <= room) return s;
  const letters = [...s];
  while (letters.length > 1 && l.wide(`${letters.join("").trimEnd()}…`, kind) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** lane lays one topic out from left to right: what is answered, what is asked, and the person at its end. */
function lane(t: Topic, l: Legend): Picture {
  const g = new graphlib.Graph<{ rankdir: string; nodesep: number; ranksep: number; width?: number; height?: number }, Omit<Box, "id">, { points?: Line["points"] }>();
  g.setGraph({ rankdir: "LR", nodesep: 12, ranksep: GAP });
  g.setDefaultEdgeLabel(() => ({}));
  const node = (id: string, kind: NodeKind, label: string, note = "") => {
    if (!g.hasNode(id)) g.setNode(id, { kind, label: short(label, kind, l), note: short(note, kind, l), width: WIDTH[kind], height: note ? 48 : 34, x: 0, y: 0 });
    return id;
  };
  const name = l.topic(t.id);
  const topic = node(`topic ${t.id}`, "topic", name, name === t.id ? "" : t.id);
  let ends = t.answers.map((a, i) => node(`answer ${t.id} ${a.text}`, "answer", l.says(t.id, a.text) || a.text, l.when(t.id, i)));
  for (const answer of ends) g.setEdge(topic, answer);
  if (ends.length === 0) ends = [topic];
  for (const a of t.ask ?? []) {
    const ask = node(`ask ${t.id} ${a.fact}`, "ask", l.fact(a.fact));
    for (const end of ends) g.setEdge(end, ask);
    ends = [ask];
  }
  if (!t.small_talk) {
    const person = node(`person ${t.id}`, "person", l.person, l.skill(t));
    for (const end of ends) g.setEdge(end, person);
  }
  arrange(g);
  const size = g.graph();
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    boxes: g.nodes().map((id) => ({ ...g.node(id), id })),
    lines: g.edges().map((e) => ({ from: e.v, to: e.w, points: g.edge(e).points ?? [] })),
  };
}

/** picture draws what visitors write about, a lane for each topic and one below the other, so that no way crosses another. */
export default function picture(o: Outline, only: string, l: Legend): Picture {
  const lanes = o.topics.filter((t) => !only || t.id === only).map((t) => lane(t, l));
  const height = lanes.reduce((sum, p) => sum + p.height + LANE, -LANE);
  const wide = Math.max(WIDTH.start, l.wide(l.start, "start") + INSET); // the one box whose words are the page's own
  const start: Box = { id: "start", kind: "start", label: l.start, note: "", x: wide / 2, y: height / 2, width: wide, height: 34 };
  const out: Picture = { width: wide + 2 * GAP + Math.max(0, ...lanes.map((p) => p.width)), height, boxes: [start], lines: [] };
  let top = 0;
  for (const p of lanes) {
    const moved = <P extends { x: number; y: number }>(at: P): P => ({ ...at, x: at.x + wide + 2 * GAP, y: at.y + top });
    const boxes = p.boxes.map(moved);
    const topic = boxes.find((b) => b.kind === "topic")!;
    out.lines.push({ from: "start", to: topic.id, points: [{ x: wide, y: start.y }, { x: topic.x - topic.width / 2, y: topic.y }] });
    out.lines.push(...p.lines.map((line) => ({ ...line, points: line.points.map(moved) })));
    out.boxes.push(...boxes);
    top += p.height + LANE;
  }
  return out;
}
