import { locale, type Language } from "./index.ts";

/** The languages that the bot speaks and customers are asked in. The console speaks more. */
export const SPOKEN: readonly Language[] = ["en", "hu", "sl", "fr", "zh"];

/** spoken gives the console's language where the bot speaks it, else English. */
export const spoken = (): Language => SPOKEN.find((l) => l === locale.value) ?? "en";
