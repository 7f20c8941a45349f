import { wear } from "../../admin/wear.ts";
import sheet from "./edit.css?inline";

wear(sheet);
