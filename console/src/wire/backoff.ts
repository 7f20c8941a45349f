/** What a closed socket asks of the client. */
export type Verdict = "again" | "signin" | "refused";

/**
 * verdict reads a close code: 4000-4499 and everything the network does say come back, 4500-4999 say
 * do not; two of those mean that the sign-in is over.
 */
export function verdict(code: number): Verdict {
  if (code === 4501 || code === 4503) return "signin";
  return code >= 4500 && code <= 4999 ? "refused" : "again";
}

/** delay gives the milliseconds before try n (0, 1, 2 …): full jitter below 0.5 s doubling up to 15 s. */
export function delay(tries: number, random: number): number {
  const most = Math.min(15_000, 500 * 2 ** Math.min(tries, 10));
  return 100 + Math.floor(random * most);
}
