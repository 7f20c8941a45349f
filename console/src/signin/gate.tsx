import type { ComponentChildren } from "preact";
import { t } from "../i18n/index.ts";
import { LanguagePicker } from "../settings/language.tsx";
import "./gate.css";

/** Logo is the product's mark: a speech bubble with an open side. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="logo-ground" d="M6 2h20a4 4 0 0 1 4 4v15a4 4 0 0 1-4 4H15l-7 5.5V25H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z" />
      <path class="logo-mark" d="M21.4 9.2a7 7 0 1 0 1.2 7" />
      <circle class="logo-dot" cx="22.6" cy="12.6" r="1.9" />
    </svg>
  );
}

/** Gate is the frame of the pages before the desk: sign-in, one-time link, set-up. */
export function Gate({ title, lead, children, wide = false }: { title: string; lead?: string; children: ComponentChildren; wide?: boolean }) {
  return (
    <main class={wide ? "gate gate-wide" : "gate"}>
      <div class="gate-card">
        <header class="gate-head">
          <Logo size={36} />
          <h1>{title}</h1>
          {lead && <p class="gate-lead">{lead}</p>}
        </header>
        {children}
      </div>
      <footer class="gate-foot">
        <span>{t("app.name")}</span>
        <LanguagePicker />
      </footer>
    </main>
  );
}
