/** The groups of the navigation, in its order. A page without a place of its own goes where its reader would look for it. */
export const GROUPS = ["insight", "bot", "team", "service", "connect", "system"] as const;
export type Group = (typeof GROUPS)[number];
