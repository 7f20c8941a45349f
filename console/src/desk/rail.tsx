import { t } from "../i18n/index.ts";
import { pagesFor } from "../admin/pages.ts";
import { isSupervisor, me } from "../store/board.ts";
import { theme } from "../store/prefs.ts";
import { go, route } from "../store/route.ts";
import { listed, show } from "../store/view.ts";
import { startSearch } from "./keys.ts";
import { Logo } from "../signin/gate.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

/** Rail is the narrow strip at the edge: where one is, and what is set. */
export function Rail() {
  const at = route.value;
  const pages = pagesFor(me.value);
  // Who may open one page alone is not sent to an administration.
  const only = pages.length === 1 ? pages[0] : undefined;
  const item = (icon: IconName, text: string, on: boolean, act: () => void) => (
    <button type="button" class="rail-item" aria-label={text} title={text} aria-current={on ? "page" : undefined} onClick={act}>
      <Icon name={icon} size={18} />
    </button>
  );
  const dark = theme.value === "dark" || (theme.value === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  return (
    <nav class="rail" aria-label={t("desk.rail")}>
      <Logo size={28} />
      {item("inbox", t("desk.work"), (at.page === "queue" || at.page === "chat") && listed.value === "queue", () => ((listed.value = "queue"), go("#/queue")))}
      {item("search", t("search.title"), at.page !== "admin" && listed.value === "search", startSearch)}
      {isSupervisor.value && item("wall", t("wall.title"), false, () => go("#/wall"))}
      {pages.length > 0 && item(only?.icon ?? "sliders", t(only?.title ?? "admin.title"), at.page === "admin", () => go("#/admin"))}
      <span class="rail-gap" />
      {item(dark ? "sun" : "moon", t(dark ? "settings.to_light" : "settings.to_dark"), false, () => (theme.value = dark ? "light" : "dark"))}
      {item("gear", t("settings.title"), false, () => show({ kind: "settings" }))}
      {item("help", t("help.title"), false, () => show({ kind: "help" }))}
    </nav>
  );
}
