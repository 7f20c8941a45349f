import { wear } from "../admin/wear.ts";
import sheet from "./files.css?inline";

wear(sheet);
