// The frames of docs/protocol.md that a visitor's client sends and gets.

/** A frame from the server. */
export interface Frame {
  type: string;
  seq: number;
  data: Data;
}

/** Every field a visitor's frames may carry; which of them stand depends on type and kind. */
export interface Data {
  conversation?: string;
  id?: string;
  // welcome
  token?: string;
  owner?: Owner;
  reset?: boolean;
  language?: string;
  agent?: { name?: string };
  site?: { name: string; locale?: string };
  limits?: { text: number; file?: number; file_types?: string[] };
  mail?: boolean;
  ask?: string[];
  // event
  kind?: string;
  role?: Role;
  at?: string;
  text?: string;
  name?: string;
  to_name?: string;
  quick_replies?: QuickReply[];
  asks?: Asked;
  reason?: string;
  state?: string;
  due_at?: string;
  // offer
  worth?: number;
  currency?: string;
  // file
  file?: string;
  file_name?: string;
  type?: string;
  size?: number;
  // slots
  slots?: Slot[];
  rating?: number;
  // waiting
  position?: number;
  minutes?: [number, number];
  until?: string;
  renewed?: boolean;
  opens?: string;
  offers?: string[];
  // typing
  on?: boolean;
  // error
  code?: string;
  field?: string;
  message?: string;
  temporary?: boolean;
  retry_ms?: number;
}

/** A fact that the bot asks for, in the words of its message's language. */
export interface Asked {
  fact: string;
  kind: string;
  label: string;
  invalid: string;
  skip?: string;
  /** The script's own regular expression, which the whole value fits. */
  pattern?: string;
}

/** When a visitor can be called: from and until, as RFC 3339 has it. */
export interface Slot {
  from: string;
  until: string;
}

export type Owner = "bot" | "queue" | "agent" | "ticket" | "closed";
export type Role = "visitor" | "bot" | "agent" | "system";

export interface QuickReply {
  label: string;
  text: string;
}

/** Reads one text frame; undefined if it is none. Unknown types and fields pass: servers grow. */
export function decode(text: string): Frame | undefined {
  try {
    const frame = JSON.parse(text);
    const { type, seq = 0, data = {} } = frame;
    if (typeof type === "string" && Number.isSafeInteger(seq) && data && typeof data === "object") return { type, seq, data };
  } catch {
    // no JSON is no frame
  }
  return undefined;
}
