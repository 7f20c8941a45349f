import type { Owner, Role, Severity } from "./frames.ts";

/** One statement of the brief, with the message that shows it. */
export interface BriefLine {
  text: string;
  seq?: number;
  signal?: string;
  inferred?: boolean;
  /** the name of the agent who put it right */
  by?: string;
}

/** What an agent put right: `was` is empty where nothing was known, `now` where it was taken out. */
export interface BriefCorrection {
  field: string;
  was?: string;
  now?: string;
  by: string;
}

/** Something the visitor told us. */
export interface BriefFact {
  name: string;
  value: string;
  seq?: number;
  inferred?: boolean;
  by?: string;
}

/** A remedy within the level's mandate; `up_to` in minor units, 0 where no money is involved. */
export interface BriefProposal {
  remedy: string;
  wanted?: boolean;
  up_to?: number;
}

/** What an agent must know before the first word. */
export interface Brief {
  customer?: string;
  verified?: boolean;
  language?: string;
  topic?: string;
  matter?: BriefLine | null;
  facts?: BriefFact[] | null;
  missing?: string[] | null;
  reason?: string;
  severity?: Severity | "";
  level?: number;
  why?: BriefLine[] | null;
  mood?: string;
  trend?: string;
  mood_seq?: number;
  tried?: BriefLine[] | null;
  wanted?: BriefLine | null;
  promised?: BriefLine[] | null;
  proposals?: BriefProposal[] | null;
  handovers?: number;
  corrected?: BriefCorrection[] | null;
  /** whose words the matter is: facts (the customer's own) or agent */
  worded_by?: string;
  /** the brief in a few sentences of a model, with its name; gone once an agent has put something right */
  summary?: { text: string; worded_by: string; of: number } | null;
}

/** A ready reply with its words by language. */
export interface CannedReply {
  id: string;
  texts: Record<string, { key: string; title: string; text: string }>;
}

/** What whoever holds a conversation may send: characters, bytes and kinds of file. Without `file` the site takes none. */
export interface SendLimits {
  text: number;
  file?: number;
  file_types?: string[] | null;
}

/** A reply that a model drafted, with the passages of articles that it rests on. */
export interface Suggested {
  text: string;
  language: string;
  worded_by: string;
  cites?: { passage: string; article?: string; title: string }[] | null;
}

/** Who a visitor is: `attrs` were signed by the site's server, `unverified` is what the page said, which anybody can make it say. */
export interface VisitorRecord {
  id: string;
  name?: string;
  email?: string;
  subject?: string;
  verified: boolean;
  attrs?: Record<string, string> | null;
  unverified?: Record<string, string> | null;
  created_at?: string;
}

/** A conversation as REST gives it. */
export interface ConversationDetail {
  id: string;
  site?: string;
  /** the visitor's id */
  visitor: string;
  language?: string;
  owner: Owner;
  /** id and name of who holds it */
  agent?: string;
  agent_name?: string;
  severity?: Severity | "";
  reason?: string;
  level?: number;
  topic?: string;
  label?: string;
  created_at?: string;
  site_name?: string;
  limits?: SendLimits;
}

export interface PastConversation {
  id: string;
  topic?: string;
  owner: Owner;
  cause?: string;
  outcome?: string;
  last_text?: string;
  last_role?: Role;
  created_at: string;
  closed_at?: string;
}

/** One question of the survey beside the rating; texts by language. */
export interface SurveyQuestion {
  id: string;
  kind: "scale" | "choice" | "text";
  texts: Record<string, string>;
  choices?: { id: string; texts: Record<string, string> }[];
}
