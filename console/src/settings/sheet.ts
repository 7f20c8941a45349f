import { wear } from "../admin/wear.ts";
import sheet from "./settings.css?inline";

wear(sheet);
