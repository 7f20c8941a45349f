import type { LogEvent, Severity } from "../wire/frames.ts";

/** sortedNow gives how agents sorted a conversation since it was last handed over; "" where they left it. */
export function sortedNow(events: readonly LogEvent[]): { severity: Severity | ""; topic: string; skill: string } {
  const out = { severity: "" as Severity | "", topic: "", skill: "" };
  for (const e of events) {
    if (e.kind === "handoff_requested") Object.assign(out, { severity: "", topic: "", skill: "" });
    if (e.kind !== "handoff_reclassified") continue;
    for (const field of ["severity", "topic", "skill"] as const) if (typeof e[field] === "string" && e[field]) Object.assign(out, { [field]: e[field] });
  }
  return out;
}
