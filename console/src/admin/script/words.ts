import { book } from "../parts/index.ts";
import type en from "./words/en.json";

export type Word = keyof typeof en;

/** The texts of the page Script. */
export const words = book<Word>({
  en: () => import("./words/en.json", { with: { type: "json" } }),
  hu: () => import("./words/hu.json", { with: { type: "json" } }),
  sl: () => import("./words/sl.json", { with: { type: "json" } }),
  fr: () => import("./words/fr.json", { with: { type: "json" } }),
  zh: () => import("./words/zh.json", { with: { type: "json" } }),
  ar: () => import("./words/ar.json", { with: { type: "json" } }),
});
