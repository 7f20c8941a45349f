import { signal } from "@preact/signals";

/** The time in epoch milliseconds, renewed each second while the page is seen: waiting times tick by it. */
export const now = signal(Date.now());

const tick = () => {
  if (!document.hidden) now.value = Date.now();
};
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
