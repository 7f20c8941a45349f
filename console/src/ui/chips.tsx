import { named, t } from "../i18n/index.ts";
import type { Severity } from "../wire/frames.ts";

/** SeverityChip says how urgent it is in words and colour. */
export function SeverityChip({ severity }: { severity: Severity | "" | undefined }) {
  if (!severity) return null;
  return <span class={`chip sev sev-${severity}`}>{named("severity", severity)}</span>;
}

/** LanguageChip shows a language code as a small tag. */
export function LanguageChip({ code }: { code: string | undefined }) {
  if (!code) return null;
  return (
    <span class="tag" title={t("queue.language")}>
      {code.toUpperCase()}
    </span>
  );
}

/** Avatar shows the initial on a colour that stays with the name. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  let hash = 0;
  for (const ch of name) hash = (hash * 31 + (ch.codePointAt(0) ?? 0)) % 360;
  const initial = [...name.trim()][0]?.toUpperCase() ?? "?";
  return (
    <span class={`avatar hue-${Math.floor(hash / 60)}`} style={{ width: `${size}px`, height: `${size}px` }} aria-hidden="true">
      {initial}
    </span>
  );
}

/** Kbd shows a key; it is silent to screen readers, which learn keys from aria-keyshortcuts. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd class="kbd" aria-hidden="true">
      {children}
    </kbd>
  );
}
