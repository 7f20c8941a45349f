import { book } from "../../admin/parts/book.ts";
import type en from "./words/en.json";

/** The texts for putting a brief right. */
export const words = book<keyof typeof en>({
  en: () => import("./words/en.json", { with: { type: "json" } }),
  hu: () => import("./words/hu.json", { with: { type: "json" } }),
  sl: () => import("./words/sl.json", { with: { type: "json" } }),
  fr: () => import("./words/fr.json", { with: { type: "json" } }),
  zh: () => import("./words/zh.json", { with: { type: "json" } }),
  ar: () => import("./words/ar.json", { with: { type: "json" } }),
});
