import { start } from "./loader/start.ts";
import * as forms from "./panel/forms/main.tsx";
import { mount } from "./panel/main.tsx";

// One file, one integrity hash: nothing else that runs is fetched.
start(() => Promise.resolve((host) => mount(host, () => Promise.resolve(forms))));
