import { useComputed, useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { hide } from "../store/view.ts";
import { fold } from "../chat/tone.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/chips.tsx";
import { Icon } from "../ui/icon.tsx";
import { entries, type Entry } from "./entries.ts";
import { wear } from "../admin/wear.ts";
import sheet from "./palette.css?inline";

wear(sheet);

/** score ranks an entry for what was typed: all words must occur; a beginning counts more. 0 means no. */
export function score(entry: Pick<Entry, "title" | "also">, typed: string): number {
  const words = fold(typed).split(" ").filter(Boolean);
  const title = fold(entry.title);
  const all = `${title} ${fold(entry.also ?? "")}`;
  let sum = 1;
  for (const w of words) {
    if (!all.includes(w)) return 0;
    sum += title.startsWith(w) ? 4 : title.includes(` ${w}`) ? 3 : title.includes(w) ? 2 : 1;
  }
  return sum;
}

/** Palette finds every command, chat and colleague by a few letters. */
export default function Palette() {
  const typed = useSignal("");
  const at = useSignal(0);
  const found = useComputed(() =>
    entries()
      .map((e) => ({ e, s: score(e, typed.value) }))
      .filter((x) => x.s > 0)
      .sort((a, b) => (typed.value ? b.s - a.s : 0))
      .slice(0, 40)
      .map((x) => x.e),
  );
  const run = (e: Entry | undefined) => {
    if (!e) return;
    hide();
    e.run();
  };
  const keydown = (e: KeyboardEvent) => {
    const many = found.value.length;
    if (e.key === "ArrowDown") at.value = (at.value + 1) % Math.max(1, many);
    else if (e.key === "ArrowUp") at.value = (at.value - 1 + many) % Math.max(1, many);
    else if (e.key === "Enter") run(found.value[at.value]);
    else return;
    e.preventDefault();
    document.getElementById(`palette-${at.value}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog title={t("palette.title")} onClose={hide}>
      <div class="palette">
        <div class="palette-search">
          <Icon name="search" />
          <input
            data-autofocus
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-autocomplete="list"
            aria-activedescendant={found.value.length ? `palette-${at.value}` : undefined}
            aria-label={t("palette.title")}
            placeholder={t("palette.placeholder")}
            value={typed.value}
            onInput={(e) => {
              typed.value = e.currentTarget.value;
              at.value = 0;
            }}
            onKeyDown={keydown}
          />
        </div>
        <div id="palette-list" class="palette-list" role="listbox" aria-label={t("palette.title")}>
          {found.value.map((e, i) => (
            <div key={e.key} id={`palette-${i}`} role="option" aria-selected={i === at.value} class="palette-item" onClick={() => run(e)} onMouseMove={() => (at.value = i)}>
              <Icon name={e.icon} size={15} />
              <span class="palette-name" dir="auto">{e.title}</span>
              {e.also && <span class="palette-also" dir="auto">{e.also}</span>}
              {e.keys && <Kbd>{e.keys}</Kbd>}
            </div>
          ))}
        </div>
        {found.value.length === 0 && <p class="list-empty">{t("palette.none")}</p>}
      </div>
    </Dialog>
  );
}
