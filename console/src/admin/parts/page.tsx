import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../../ui/icon.tsx";

export interface PageProps {
  title: string;
  /** one sentence: what the page is for */
  lead?: string;
  /** buttons beside the title */
  actions?: ComponentChildren;
  children: ComponentChildren;
  /** for pages that need all the width there is */
  wide?: boolean;
}

/** Page is the frame of one page: its title, what it is for, its main actions, and below them its content. */
export function Page({ title, lead, actions, children, wide = false }: PageProps) {
  return (
    <div class={wide ? "adm-page adm-page-wide" : "adm-page"}>
      <header class="adm-head">
        <div class="adm-title">
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {actions && <div class="adm-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Card is a part of a page with a title of its own. */
export function Card({ title, text, actions, children }: { title: string; text?: string; actions?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <section class="adm-card">
      <header class="adm-card-head">
        <div>
          <h2>{title}</h2>
          {text && <p>{text}</p>}
        </div>
        {actions && <div class="adm-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** Empty says what would stand here, and offers the way to the first one. */
export function Empty({ icon, title, text, children }: { icon: IconName; title: string; text?: string; children?: ComponentChildren }) {
  return (
    <div class="adm-empty">
      <Icon name={icon} size={28} />
      <p class="adm-empty-title">{title}</p>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}

export type Tone = "plain" | "good" | "warn" | "danger" | "info" | "accent";

/** Mark is a short state in words and colour. */
export function Mark({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`chip adm-mark adm-mark-${tone}`}>{children}</span>;
}
