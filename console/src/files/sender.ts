import { signal } from "@preact/signals";
import { me } from "../store/board.ts";
import { chat, takeIn } from "../store/chats.ts";
import { phase } from "../store/link.ts";
import { onSendFiles, stagedIn, uploads, type Upload } from "../store/uploads.ts";
import type { SendLimits } from "../wire/records.ts";

/** How many files may wait in one message. */
const MOST = 10;

/** The request under way: files go one after the other, in the order in which they were chosen. */
let running: { id: string; xhr: XMLHttpRequest } | undefined;

/** What was last refused before it was even chosen, by conversation: more than MOST at once. */
export const tooMany = signal("");

const change = (id: string, to: Partial<Upload>) => (uploads.value = uploads.value.map((u) => (u.id === id ? { ...u, ...to } : u)));

/** stage chooses files for a chat. What the site does not take is refused here already, without being sent. */
export function stage(conversation: string, files: Iterable<File>, limits: SendLimits): void {
  const room = MOST - uploads.value.filter((u) => u.conversation === conversation).length;
  const all = [...files];
  tooMany.value = all.length > room ? conversation : "";
  const chosen = all.slice(0, Math.max(0, room)).map((file): Upload => {
    const why = wrong(file, limits);
    return { id: crypto.randomUUID(), conversation, file, name: file.name || "picture", state: why ? "refused" : "staged", done: 0, why };
  });
  uploads.value = [...uploads.value, ...chosen];
}

/** wrong says what is the matter with a file as far as that can be told from outside; the server looks inside. */
function wrong(file: File, limits: SendLimits): string {
  if (file.size === 0) return "empty";
  if (file.size > (limits.file ?? 0)) return "too_large";
  if (file.type && !(limits.file_types ?? []).includes(file.type)) return "type";
  return "";
}

/** again sends a file that failed once more, under the id that it has. */
export function again(id: string): void {
  change(id, { state: "sending", done: 0, why: "" });
  next();
}

/** drop takes a file back; one that is being sent is broken off. */
export function drop(id: string): void {
  if (running?.id === id) {
    running.xhr.abort();
    running = undefined;
  }
  uploads.value = uploads.value.filter((u) => u.id !== id);
  next();
}

onSendFiles((conversation) => {
  for (const u of stagedIn(conversation)) change(u.id, { state: "sending" });
  next();
});

// What the network broke off goes on by itself: the same id is stored once.
phase.subscribe((p) => {
  if (p !== "ready") return;
  for (const u of uploads.peek()) if (u.state === "failed" && u.why === "offline") again(u.id);
});

function next(): void {
  if (running) return;
  const u = uploads.value.find((x) => x.state === "sending");
  if (u) post(u);
}

function post(u: Upload): void {
  const xhr = new XMLHttpRequest();
  running = { id: u.id, xhr };
  const over = (to?: Partial<Upload>) => {
    if (running?.xhr !== xhr) return;
    running = undefined;
    if (to) change(u.id, to);
    else uploads.value = uploads.value.filter((x) => x.id !== u.id);
    next();
  };
  xhr.open("POST", `/api/v1/conversations/${encodeURIComponent(u.conversation)}/files?id=${u.id}&name=${encodeURIComponent(u.name.slice(0, 200))}`);
  xhr.setRequestHeader("Content-Type", "application/octet-stream");
  xhr.upload.onprogress = (e) => e.lengthComputable && change(u.id, { done: e.loaded / e.total });
  xhr.onerror = xhr.ontimeout = () => over({ state: "failed", why: "offline" });
  xhr.timeout = 120_000;
  xhr.onload = () => {
    const answer = json(xhr.responseText);
    if (xhr.status === 200) {
      told(u, answer);
      return over();
    }
    over(refusal(xhr.status, answer));
  };
  xhr.send(u.file);
}

/** told puts the stored file into the log at its place; that the socket tells of it too does no harm. */
function told(u: Upload, answer: Record<string, unknown>): void {
  const seq = Number(answer["seq"]);
  if (!(seq > 0) || chat(u.conversation).log.has(u.id)) return;
  takeIn(u.conversation, [{ ...answer, seq, conversation: u.conversation, kind: "file", role: "agent", at: new Date().toISOString(), id: u.id, name: me.value?.name ?? "", sender: me.value?.id ?? "" }]);
}

/** refusal tells what may help by trying again from what will never go. */
function refusal(status: number, answer: Record<string, unknown>): Partial<Upload> {
  if (status === 429) return { state: "failed", why: "busy" };
  if (status >= 500) return { state: "failed", why: "server" };
  if (status === 413) return { state: "refused", why: "too_large" };
  const code = String(answer["why"] || answer["code"] || "other");
  return { state: "refused", why: code };
}

function json(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
