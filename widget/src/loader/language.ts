/** Name of the chat by language, where it is not "Chat". */
export const titles = TITLES;

const languages = LANGUAGES.split(" ").concat(Object.keys(titles));

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
