import { t } from "../i18n/index.ts";
import { chat } from "../store/chats.ts";
import { current } from "../store/view.ts";
import { facing, mayAmend } from "../chat/facing.ts";
import { BriefCard } from "./brief.tsx";
import { Earlier } from "./earlier.tsx";
import { LabelTap } from "./label.tsx";
import { Promises } from "./promises.tsx";
import { VisitorCard } from "./visitor.tsx";
import "./brief.css";

/** SidePane is the right column: the brief first, then the visitor and what was before. */
export function SidePane() {
  const id = current.value;
  if (!id) return <section class="pane pane-side" aria-label={t("desk.brief")} />;
  const f = facing(id);
  const c = chat(id);
  return (
    <section class="pane pane-side" aria-label={t("desk.brief")} tabIndex={0} key={id}>
      <BriefCard id={id} brief={c.brief.value} item={f.item} mine={f.mine} amend={mayAmend(f)} />
      <Promises id={id} mine={f.mine} />
      <LabelTap id={id} mine={f.mine} />
      <VisitorCard facing={f} />
      <Earlier id={id} />
    </section>
  );
}
