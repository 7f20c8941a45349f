const languages = LANGUAGES.split(" ");

/** The best of the languages there are for a tag, or for the browser's own list where the tag is "auto". */
export function pickLanguage(locale: string): string {
  const wanted = locale && locale !== "auto" ? [locale] : (navigator.languages ?? [navigator.language]);
  for (const tag of wanted) {
    const lower = tag.toLowerCase().replace("_", "-");
    const known = languages.find((code) => code === lower) ?? languages.find((code) => code === lower.split("-")[0]);
    if (known) return known;
  }
  return "en";
}

/** The languages written from right to left. */
export const direction = (language: string) => (/^(ar|he|fa|ur)\b/.test(language) ? "rtl" : "ltr");
