import { useSignal, type Signal } from "@preact/signals";
import { locale, t, type Key } from "../i18n/index.ts";
import { ring } from "../alerts/sound.ts";
import { ALERTS, notices, sendKey, singleKeys, sounds, theme, wrapUp, type Alert, type Theme } from "../store/prefs.ts";
import { hide } from "../store/view.ts";
import { Dialog } from "../ui/dialog.tsx";
import { LanguagePicker } from "./language.tsx";
import { Switch } from "./switch.tsx";
import "./sheet.ts";

const ALERT_NAMES: Record<Alert, Key> = { waiting: "alert.waiting", message: "alert.message", given: "alert.given", whisper: "alert.whisper", due: "alert.due" };

/** SettingsDialog is what each agent sets for themselves, on this browser. Everything acts at once. */
export default function SettingsDialog() {
  return (
    <Dialog title={t("settings.title")} onClose={hide}>
      <div class="settings">
        <div class="field field-line">
          <label for="settings-language">{t("settings.language")}</label>
          <LanguagePicker id="settings-language" />
        </div>
        <Choose name="theme" label={t("settings.theme")} value={theme} options={THEMES} />
        <Choose name="send" label={t("settings.send")} value={sendKey} options={SENDS} />
        <Switch id="settings-single" label={t("settings.single_keys")} hint={t("settings.single_keys_hint")} on={singleKeys.value} set={(v) => (singleKeys.value = v)} />
        <WrapUp />
        <Alerts />
      </div>
    </Dialog>
  );
}

const THEMES: readonly [Theme, Key][] = [
  ["auto", "settings.auto"],
  ["light", "settings.light"],
  ["dark", "settings.dark"],
];
const SENDS: readonly ["enter" | "ctrl", Key][] = [
  ["enter", "settings.send_enter"],
  ["ctrl", "settings.send_ctrl"],
];

function Choose<T extends string>({ name, label, value, options }: { name: string; label: string; value: Signal<T>; options: readonly (readonly [T, Key])[] }) {
  return (
    <div class="field field-line">
      <span id={`settings-${name}`}>{label}</span>
      <div class="segmented" role="group" aria-labelledby={`settings-${name}`}>
        {options.map(([v, key]) => (
          <button key={v} type="button" aria-pressed={value.value === v} onClick={() => (value.value = v)}>
            {t(key)}
          </button>
        ))}
      </div>
    </div>
  );
}

const PAUSES = [0, 30, 60, 120, 300];

/** WrapUp chooses how long one is left alone after a close. */
function WrapUp() {
  const unit = (seconds: number) => new Intl.NumberFormat(locale.value, { style: "unit", unit: seconds < 60 ? "second" : "minute", unitDisplay: "short" }).format(seconds < 60 ? seconds : seconds / 60);
  return (
    <div class="field field-line">
      <label for="settings-wrap">{t("settings.wrap_up")}</label>
      <select id="settings-wrap" class="select" value={String(wrapUp.value)} onChange={(e) => (wrapUp.value = Number(e.currentTarget.value))}>
        {PAUSES.map((s) => (
          <option key={s} value={String(s)}>{s === 0 ? t("settings.wrap_none") : unit(s)}</option>
        ))}
      </select>
    </div>
  );
}

/** Alerts is a small table: what may ring, what may raise a desktop notice. */
function Alerts() {
  const refused = useSignal(typeof Notification !== "undefined" && Notification.permission === "denied");
  const setNotice = async (kind: Alert, on: boolean) => {
    if (on && typeof Notification !== "undefined" && Notification.permission !== "granted") {
      refused.value = (await Notification.requestPermission()) !== "granted";
      if (refused.value) return;
    }
    notices.value = { ...notices.value, [kind]: on };
  };
  return (
    <table class="alerts">
      <caption>{t("alert.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("alert.what")}</th>
          <th scope="col">{t("alert.sound")}</th>
          <th scope="col">{t("alert.notice")}</th>
        </tr>
      </thead>
      <tbody>
        {ALERTS.map((kind) => (
          <tr key={kind}>
            <th scope="row">{t(ALERT_NAMES[kind])}</th>
            <td>
              <input type="checkbox" class="switch" role="switch" aria-label={`${t("alert.sound")}: ${t(ALERT_NAMES[kind])}`} checked={sounds.value[kind]} onChange={(e) => {
                sounds.value = { ...sounds.value, [kind]: e.currentTarget.checked };
                if (e.currentTarget.checked) ring(kind);
              }} />
            </td>
            <td>
              <input type="checkbox" class="switch" role="switch" aria-label={`${t("alert.notice")}: ${t(ALERT_NAMES[kind])}`} checked={notices.value[kind] && !refused.value} disabled={refused.value} onChange={(e) => void setNotice(kind, e.currentTarget.checked)} />
            </td>
          </tr>
        ))}
      </tbody>
      {refused.value && (
        <tfoot>
          <tr>
            <td colSpan={3}>{t("alert.refused")}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
