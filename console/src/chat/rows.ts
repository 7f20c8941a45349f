import type { LogEvent, Owner, Person, Role } from "../wire/frames.ts";
import type { Letter } from "../wire/outbox.ts";
import { startOfDay } from "../i18n/format.ts";

/** A file that was sent along; width and height of pictures, in pixels. */
export interface SentFile {
  id: string;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
}

/** Said is one message, note or file; `head` says that it opens a group of its speaker. */
export interface Said {
  row: "said";
  key: string;
  seq: number;
  role: Role;
  note: boolean;
  /** a note of a supervisor to the agent who holds the chat */
  whisper: boolean;
  name: string;
  sender: string;
  at: string;
  text: string;
  head: boolean;
  quick: string[];
  source: string;
  /** passages of articles that a model's words rest on */
  cites: readonly { passage: string; article?: string; title: string }[];
  file?: SentFile;
  /** on its way, refused (with the code), or undefined once stored */
  state?: "sending" | "failed";
  code?: string;
  id?: string;
}

/** Turn is one decision of the bot with the assessment it rests on. */
export interface Turn {
  row: "turn";
  key: string;
  seq: number;
  decision: LogEvent;
  assessment: LogEvent | undefined;
}

/** Mark is something that happened, told in one line. */
export interface Mark {
  row: "mark";
  key: string;
  seq: number;
  event: LogEvent;
}

export interface Day {
  row: "day";
  key: string;
  at: string;
}

export type Row = Said | Turn | Mark | Day;

const QUIET = new Set(["assessment", "brief", "handoff_offered"]);
const GROUP_WITHIN = 4 * 60_000;

/**
 * rowsOf turns a log, and what is still on its way, into what the transcript shows. A decision stands under
 * the words of its turn, which follow it in the log.
 */
export function rowsOf(events: readonly LogEvent[], letters: readonly Letter[]): Row[] {
  const rows: Row[] = [];
  let assessment: LogEvent | undefined;
  let turn: Turn | undefined;
  let day = 0;
  const flush = () => {
    if (turn) rows.push(turn);
    turn = undefined;
  };
  for (const e of events) {
    if (e.kind === "assessment") assessment = e;
    if (QUIET.has(e.kind) && !(e.kind === "brief" && e.role === "agent")) continue;
    const starts = startOfDay(Date.parse(e.at));
    if (starts !== day) {
      flush();
      day = starts;
      rows.push({ row: "day", key: `day${e.seq}`, at: e.at });
    }
    if (e.kind === "decision") {
      flush();
      turn = { row: "turn", key: `t${e.seq}`, seq: e.seq, decision: e, assessment };
      assessment = undefined;
      continue;
    }
    const ofTurn = e.kind === "message" && e.role === "bot";
    if (!ofTurn) flush();
    rows.push(e.kind === "message" || e.kind === "note" || e.kind === "file" ? said(e) : { row: "mark", key: `m${e.seq}`, seq: e.seq, event: e });
  }
  flush();
  for (const l of letters) rows.push(onItsWay(l));
  group(rows);
  return rows;
}

function said(e: LogEvent): Said {
  const quick = Array.isArray(e["quick_replies"]) ? (e["quick_replies"] as { label?: string }[]) : [];
  return {
    row: "said",
    key: e.id ?? `s${e.seq}`,
    seq: e.seq,
    role: e.role,
    note: e.kind === "note",
    whisper: e["whisper"] === true,
    name: e.name ?? "",
    sender: String(e["sender"] ?? ""),
    at: e.at,
    text: e.text ?? "",
    head: true,
    quick: quick.map((q) => q.label ?? "").filter(Boolean),
    source: String(e["source"] ?? ""),
    cites: Array.isArray(e["cites"]) ? e["cites"] : [],
    ...(e.kind === "file" ? { file: sent(e) } : {}),
  };
}

function sent(e: LogEvent): SentFile {
  const pixels = (field: "width" | "height") => (typeof e[field] === "number" ? { [field]: e[field] } : {});
  return { id: String(e["file"] ?? ""), name: String(e["file_name"] ?? ""), type: String(e["type"] ?? ""), size: Number(e["size"] ?? 0), ...pixels("width"), ...pixels("height") };
}

function onItsWay(l: Letter): Said {
  return {
    row: "said", key: l.id, seq: 0, role: "agent", note: l.kind !== "say", whisper: l.kind === "whisper", name: "", sender: "", at: l.at, text: l.text,
    head: true, quick: [], source: l.suggested ? "suggestion" : "", cites: [], id: l.id, state: l.failed ? "failed" : "sending", ...(l.failed ? { code: l.failed } : {}),
  };
}

function group(rows: Row[]): void {
  let before: Said | undefined;
  for (const r of rows) {
    if (r.row !== "said") {
      before = undefined;
      continue;
    }
    if (
      before && before.role === r.role && before.note === r.note && before.whisper === r.whisper && before.seq > 0 && r.seq > 0 &&
      before.sender === r.sender && before.source === r.source && Date.parse(r.at) - Date.parse(before.at) < GROUP_WITHIN
    ) {
      r.head = false;
    }
    before = r;
  }
}

const OWNERS: Record<string, Owner> = {
  opened: "bot",
  handoff_requested: "queue",
  handoff_claimed: "agent",
  returned_to_bot: "bot",
  left_message: "ticket",
  closed: "closed",
};

/** What leaves a conversation to wait: live, or as the message that was left. */
const WAITS = new Set(["handoff_escalated", "handoff_transferred", "handoff_released"]);

/** ownerOf gives who owns a conversation by its log, for those that the board does not hold. */
export function ownerOf(events: readonly LogEvent[]): Owner | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const e = events[i];
    if (!e) continue;
    if (e.kind === "reopened") return e["owner"] as Owner;
    if (e.kind === "handoff_transferred" && e["to"]) return "agent";
    if (WAITS.has(e.kind)) return (e["owner"] as Owner | undefined) ?? "queue";
    const owner = OWNERS[e.kind];
    if (owner) return owner;
  }
  return undefined;
}

/** labelOf gives the last label put on the handoff. */
export function labelOf(events: readonly LogEvent[]): string {
  for (let i = events.length - 1; i >= 0; i--) {
    const label = events[i]?.["label"];
    if (typeof label === "string" && label) return label;
    if (events[i]?.kind === "handoff_requested") return "";
  }
  return "";
}

/** holderOf gives who took the chat last, by its log; undefined where nobody has. */
export function holderOf(events: readonly LogEvent[]): Person | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const e = events[i]!;
    if (e.kind === "handoff_claimed") return { id: String(e["agent"] ?? ""), name: e.name ?? "" };
    if (e.kind === "handoff_transferred" && e["to"]) return { id: String(e["to"]), name: String(e["to_name"] ?? "") };
  }
  return undefined;
}
