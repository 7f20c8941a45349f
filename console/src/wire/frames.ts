/** The frames of the agent's side of the websocket protocol, as the console reads and writes them. */

export type Owner = "bot" | "queue" | "agent" | "ticket" | "closed";
export type Severity = "low" | "medium" | "high" | "critical";
export type Role = "visitor" | "bot" | "agent" | "system";
/** On duty; on duty but with enough in hand; away for a while; writing things down after a chat; or not at work. */
export type PresenceState = "online" | "busy" | "away" | "wrapping_up" | "offline";

/** What an agent thought of the handoff. */
export type Label = "right_time" | "too_late" | "not_needed";

/** Somebody named. */
export interface Person {
  id: string;
  name: string;
}

/** The signed-in user, as `welcome` and GET /api/v1/me give it. */
export interface Me extends Person {
  email: string;
  grade: "agent" | "supervisor" | "admin";
  level: number;
  skills?: string[] | null;
  languages?: string[] | null;
  products?: string[] | null;
  capacity?: number;
}

/** A colleague; `held` counts the chats in hand. */
export interface Colleague extends Person {
  state?: PresenceState;
  held?: number;
  level?: number;
}

/** One entry of the list of causes. */
export type Cause = Person;

/** One conversation of the board: waiting, a ticket, or held by an agent. Times are RFC 3339. */
export interface QueueItem {
  conversation: string;
  visitor: { id: string; name?: string };
  site?: string;
  language?: string;
  owner: Owner;
  agent?: Person | null;
  reason?: string;
  severity?: Severity | "";
  level: number;
  skill?: string;
  topic?: string;
  /** id of the product it is about */
  product?: string;
  label?: string;
  requested_at?: string;
  due_at?: string;
  /** the due time is near, or over */
  warned?: boolean;
  handovers?: number;
  last_text?: string;
  last_role?: Role;
  last_seq: number;
  updated_at?: string;
  rank?: number;
}

/** One line of a conversation's log, its body flattened beside the envelope. */
export interface LogEvent {
  conversation: string;
  seq: number;
  kind: string;
  role: Role;
  at: string;
  /** the client's own id, for messages and notes that a client made */
  id?: string;
  name?: string;
  text?: string;
  [field: string]: unknown;
}

/** A refused request. `temporary` says that asking again may help; `agent` names the holder for `taken`. */
export interface Refusal {
  code: string;
  message?: string;
  temporary?: boolean;
  id?: string;
  field?: string;
  agent?: Person;
  retry_ms?: number;
}

export interface Welcome {
  user: Me;
  causes?: Cause[] | null;
  agents?: Colleague[] | null;
  /** false: e-mail is off, and who left an address is answered in the widget only */
  email?: boolean;
  /** a language model can draft replies */
  suggest?: boolean;
}

export interface QueueFrame {
  snapshot?: boolean;
  items?: QueueItem[] | null;
  changed?: QueueItem[] | null;
  removed?: string[] | null;
}

export interface TypingFrame {
  conversation: string;
  role: Role;
  name?: string;
  on: boolean;
}

export interface ReadFrame {
  conversation: string;
  role: Role;
}

export interface Acked {
  id?: string;
  conversation?: string;
  /** when the message was stored */
  at?: string;
}

/** What the server sends, by type. */
export type Incoming =
  | { type: "welcome"; seq?: number; data: Welcome }
  | { type: "ack"; seq?: number; data: Acked }
  | { type: "reset"; seq?: number; data: { conversation: string } }
  | { type: "event"; seq: number; data: Omit<LogEvent, "seq"> }
  | { type: "queue"; seq?: number; data: QueueFrame }
  | { type: "presence"; seq?: number; data: { agents?: Colleague[] | null } }
  | { type: "typing"; seq?: number; data: TypingFrame }
  | { type: "read"; seq: number; data: ReadFrame }
  | { type: "pong"; seq?: number; data?: unknown }
  | { type: "error"; seq?: number; data: Refusal };

/** What the console sends: every request may carry an id, and is answered by `ack` or `error` with it. */
export interface Outgoing {
  type: string;
  seq?: number;
  data: Record<string, unknown>;
}

/** parseFrame reads one text frame; it gives undefined for what is no frame of this protocol. */
export function parseFrame(text: string): Incoming | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof frame !== "object" || frame === null) return undefined;
  if (typeof (frame as { type?: unknown }).type !== "string") return undefined;
  return frame as Incoming;
}
