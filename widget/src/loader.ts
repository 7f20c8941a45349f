import { start } from "./loader/start.ts";
import type { Mount } from "./api.ts";

start((base) => import(base + PANEL_FILE).then((module: { mount: Mount }) => module.mount));
