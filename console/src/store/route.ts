import { signal } from "@preact/signals";

/** Where the console is: the fragment, so that one-time tokens reach no server log. */
export type Route =
  | { page: "queue" }
  | { page: "chat"; id: string }
  | { page: "link"; token: string }
  | { page: "setup"; token: string }
  | { page: "join"; token: string }
  | { page: "search" }
  | { page: "wall" }
  | { page: "admin"; path: string };

/** parseRoute reads a location hash; what it does not know is the queue. */
export function parseRoute(hash: string): Route {
  const [, page = "", ...rest] = hash.split("/");
  const tail = rest.map(safeDecode).join("/");
  if (page === "c" && tail) return { page: "chat", id: tail };
  if (page === "link" && tail) return { page: "link", token: tail };
  if (page === "join" && tail) return { page: "join", token: tail };
  if (page === "setup") return { page: "setup", token: tail };
  if (page === "search") return { page: "search" };
  if (page === "wall") return { page: "wall" };
  if (page === "admin") return { page: "admin", path: tail };
  return { page: "queue" };
}

function safeDecode(s: string): string {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}

export const route = signal<Route>(parseRoute(location.hash));

window.addEventListener("hashchange", () => {
  route.value = parseRoute(location.hash);
});

/** go moves to a page; `replace` leaves no step back, as after a used one-time link. */
export function go(hash: string, replace = false): void {
  if (replace) history.replaceState(null, "", hash);
  else if (location.hash !== hash) history.pushState(null, "", hash);
  route.value = parseRoute(hash);
}

export const openChat = (id: string) => go(`#/c/${encodeURIComponent(id)}`);
