import { LANGUAGES, locale, speak, t, type Language } from "../i18n/index.ts";
import { language } from "../store/prefs.ts";

/** LanguagePicker switches the interface at once; each language is named in itself. */
export function LanguagePicker({ id }: { id?: string }) {
  return (
    <select
      id={id}
      class="select"
      aria-label={id ? undefined : t("settings.language")}
      value={locale.value}
      onChange={(e) => {
        const chosen = e.currentTarget.value as Language;
        language.value = chosen;
        void speak(chosen);
      }}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
