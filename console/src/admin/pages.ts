import type { ComponentType } from "preact";
import type { Key } from "../i18n/index.ts";
import type { Me } from "../wire/frames.ts";
import type { IconName } from "../ui/icon.tsx";
import type { Group } from "./groups.ts";

/** One page of the administration at #/admin/<path>: its code is fetched when it is first opened. */
export interface AdminPage {
  path: string;
  title: Key;
  icon: IconName;
  /** where it stands in the navigation */
  group: Group;
  allows(who: Me | undefined): boolean;
  load(): Promise<{ default: ComponentType }>;
}

const supervisor = (who: Me | undefined): boolean => who?.grade === "supervisor" || who?.grade === "admin";

const admin = (who: Me | undefined): boolean => who?.grade === "admin";

/** The pages of the administration, in the order of the navigation within each group; the first that somebody may see is where they begin. */
export const adminPages: readonly AdminPage[] = [
  { path: "reports", title: "reports.title", icon: "chart", group: "insight", allows: supervisor, load: () => import("./reports/page.tsx") },
  { path: "script", title: "script.title", icon: "bot", group: "bot", allows: supervisor, load: () => import("./script/page.tsx") },
  { path: "knowledge", title: "knowledge.title", icon: "book", group: "bot", allows: (who) => who !== undefined, load: () => import("./knowledge/page.tsx") },
  { path: "policy", title: "policy.title", icon: "gauge", group: "bot", allows: supervisor, load: () => import("./policy/page.tsx") },
  { path: "people", title: "admin.people", icon: "users", group: "team", allows: supervisor, load: () => import("./people/page.tsx") },
  { path: "line", title: "admin.line", icon: "calendar", group: "team", allows: supervisor, load: () => import("./line/page.tsx") },
  { path: "causes", title: "admin.causes", icon: "tag", group: "service", allows: admin, load: () => import("./care/causes.tsx") },
  { path: "products", title: "admin.products", icon: "gift", group: "service", allows: admin, load: () => import("./care/products.tsx") },
  { path: "canned", title: "admin.canned", icon: "chat", group: "service", allows: admin, load: () => import("./care/canned.tsx") },
  { path: "survey", title: "admin.survey", icon: "star", group: "service", allows: supervisor, load: () => import("./care/survey.tsx") },
  { path: "alerts", title: "admin.alerts", icon: "trendUp", group: "service", allows: supervisor, load: () => import("./care/alerts.tsx") },
  { path: "sites", title: "admin.sites", icon: "site", group: "connect", allows: admin, load: () => import("./sites/page.tsx") },
  { path: "webhooks", title: "admin.webhooks", icon: "bolt", group: "connect", allows: admin, load: () => import("./system/webhooks.tsx") },
  { path: "audit", title: "admin.audit", icon: "list", group: "system", allows: admin, load: () => import("./system/audit.tsx") },
  { path: "jobs", title: "admin.jobs", icon: "refresh", group: "system", allows: admin, load: () => import("./system/jobs.tsx") },
  { path: "operations", title: "admin.operations", icon: "server", group: "system", allows: admin, load: () => import("./system/operations.tsx") },
];

/** pagesFor gives the pages that somebody may open. */
export const pagesFor = (who: Me | undefined): AdminPage[] => adminPages.filter((p) => p.allows(who));

/** pageOf gives the page that a path names: its first part. What stands behind it is the page's own. */
export function pageOf(path: string, who: Me | undefined): AdminPage | undefined {
  const all = pagesFor(who);
  const first = path.split("/")[0] ?? "";
  return first ? all.find((p) => p.path === first) : all[0];
}
