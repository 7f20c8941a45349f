import { signal } from "@preact/signals";

/** A short word at the edge of the screen; it goes by itself, and is in the status region meanwhile. */
export interface Toast {
  key: number;
  tone: "info" | "warn" | "error";
  text: string;
}

export const toasts = signal<Toast[]>([]);
let nextKey = 1;

export function toast(text: string, tone: Toast["tone"] = "info"): void {
  const key = nextKey++;
  toasts.value = [...toasts.value.slice(-3), { key, tone, text }];
  setTimeout(() => dismiss(key), tone === "info" ? 5000 : 9000);
}

export function dismiss(key: number): void {
  toasts.value = toasts.value.filter((t) => t.key !== key);
}
