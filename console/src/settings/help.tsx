import { t, type Key } from "../i18n/index.ts";
import { singleKeys } from "../store/prefs.ts";
import { hide } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Switch } from "./switch.tsx";

const KEYS: readonly [string[], Key][] = [
  [["J", "K"], "keys.walk"],
  [["Enter"], "keys.open"],
  [["A"], "keys.accept"],
  [["R"], "keys.reply"],
  [["N"], "keys.note"],
  [["/"], "keys.canned"],
  [["T"], "keys.transfer"],
  [["E"], "keys.close"],
  [["Esc"], "keys.back"],
  [["Ctrl K"], "keys.palette"],
  [["?"], "keys.help"],
];

/** HelpDialog lists the keys, and switches the single-letter ones off for who needs that. */
export function HelpDialog() {
  return (
    <Dialog title={t("help.title")} onClose={hide}>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((k) => (
                <kbd key={k} class="kbd">{k}</kbd>
              ))}
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
      <Switch id="help-single" label={t("settings.single_keys")} hint={t("settings.single_keys_hint")} on={singleKeys.value} set={(v) => (singleKeys.value = v)} />
    </Dialog>
  );
}
