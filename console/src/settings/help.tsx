import { useSignal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { canSuggest } from "../store/suggest.ts";
import { singleKeys } from "../store/prefs.ts";
import { hide } from "../store/view.ts";
import { ACTION_NAMES, ACTIONS, bind, changed, keyOf, pressed, shown, usualKeys, type Action } from "../desk/shortcuts.ts";
import { acts } from "../acts/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Switch } from "./switch.tsx";

/** HelpDialog lists the keys, gives each another one, and switches the single-letter ones off for who needs that. */
export default function HelpDialog() {
  const known = acts.use();
  const asking = useSignal<Action | "">("");
  const said = useSignal("");
  if (!known) return null;
  const choose = (action: Action, key: string) => {
    const loser = bind(action, key);
    said.value = loser ? acts.w("keys.lost", { key: shown(key), what: t(ACTION_NAMES[loser]) }) : "";
    asking.value = "";
  };
  const listen = (action: Action) => (e: KeyboardEvent) => {
    if (asking.value !== action || e.key === "Tab" || e.key === "Shift" || e.key === "Control" || e.key === "Meta") return;
    e.preventDefault();
    e.stopPropagation();
    if (e.key === "Escape") asking.value = "";
    else if (e.key === "Delete" || e.key === "Backspace") choose(action, "");
    else if (pressed(e)) choose(action, pressed(e));
  };
  return (
    <Dialog title={t("help.title")} onClose={hide} wide>
      <p class="field-hint keys-hint">{acts.w("keys.hint")}</p>
      <ul class="keys">
        {ACTIONS.filter((a) => a !== "suggest" || canSuggest.value).map((a) => (
          <li key={a}>
            <span>{t(ACTION_NAMES[a])}</span>
            <button type="button" class={asking.value === a ? "key-pick key-asking" : "key-pick"} aria-label={acts.w("keys.change", { what: t(ACTION_NAMES[a]), key: keyOf(a) ? shown(keyOf(a)) : acts.w("keys.off") })}
              onClick={() => (asking.value = asking.value === a ? "" : a)} onKeyDown={listen(a)} onBlur={() => asking.value === a && (asking.value = "")}>
              {asking.value === a ? acts.w("keys.press") : keyOf(a) ? <kbd class="kbd">{shown(keyOf(a))}</kbd> : <span class="quiet">{acts.w("keys.off")}</span>}
            </button>
          </li>
        ))}
        <li><span>{t("keys.open")}</span><kbd class="kbd">Enter</kbd></li>
        <li><span>{t("keys.back")}</span><kbd class="kbd">Esc</kbd></li>
      </ul>
      <p role="status" class="field-hint keys-said">{said.value}</p>
      <Switch id="help-single" label={t("settings.single_keys")} hint={t("settings.single_keys_hint")} on={singleKeys.value} set={(v) => (singleKeys.value = v)} />
      {changed() && (
        <button type="button" class="button small keys-usual" onClick={() => (usualKeys(), (said.value = ""))}>
          {acts.w("keys.usual")}
        </button>
      )}
    </Dialog>
  );
}
