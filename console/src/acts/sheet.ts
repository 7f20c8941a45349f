import { wear } from "../admin/wear.ts";
import sheet from "./acts.css?inline";

wear(sheet);
