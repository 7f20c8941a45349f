import type { ComponentType } from "preact";
import type { Key } from "../i18n/index.ts";
import type { Me } from "../wire/frames.ts";
import type { IconName } from "../ui/icon.tsx";

/** One page of the administration at #/admin/<path>: its code is fetched when it is first opened. */
export interface AdminPage {
  path: string;
  title: Key;
  icon: IconName;
  allows(who: Me | undefined): boolean;
  load(): Promise<{ default: ComponentType }>;
}

/** The pages of the administration, in the order of the rail. */
export const adminPages: readonly AdminPage[] = [
  {
    path: "policy",
    title: "policy.title",
    icon: "gauge",
    allows: (who) => who?.grade === "supervisor" || who?.grade === "admin",
    load: () => import("./policy/page.tsx"),
  },
];
