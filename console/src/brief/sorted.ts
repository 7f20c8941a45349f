import type { LogEvent, Severity } from "../wire/frames.ts";

/** What sends a conversation to another level, and may give it another skill or severity on the way. */
const MOVES = new Set(["handoff_escalated", "handoff_transferred", "reopened"]);

/** sortedNow gives how agents and clocks sorted a conversation since it was last handed over; "" and 0 where they left it. */
export function sortedNow(events: readonly LogEvent[]): { severity: Severity | ""; topic: string; skill: string; level: number } {
  const out = { severity: "" as Severity | "", topic: "", skill: "", level: 0 };
  for (const e of events) {
    if (e.kind === "handoff_requested") Object.assign(out, { severity: "", topic: "", skill: "", level: 0 });
    if (MOVES.has(e.kind) && typeof e["level"] === "number" && e["level"] > 0) out.level = e["level"];
    if (!MOVES.has(e.kind) && e.kind !== "handoff_reclassified") continue;
    for (const field of ["severity", "topic", "skill"] as const) if (typeof e[field] === "string" && e[field]) Object.assign(out, { [field]: e[field] });
  }
  return out;
}
