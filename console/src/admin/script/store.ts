import { computed, signal } from "@preact/signals";
import { me } from "../../store/board.ts";
import { RestError } from "../../wire/rest.ts";
import { scripts, type Changes, type Finding, type Outline, type Overview, type Rehearsal, type ScriptVersion } from "../../wire/script.ts";

/** What the page shows; changes that are not saved stay while another page is looked at. */
export const overview = signal<Overview | undefined>(undefined);
export const edits = signal<Changes>({});
export const path = signal("texts/en.yaml");
export const findings = signal<readonly Finding[]>([]);
export const checking = signal(false);
export const away = signal(false);
/** The place that the editor is to show, after a finding was chosen. */
export const jump = signal<{ line: number } | undefined>(undefined);
export const outline = signal<Outline | undefined>(undefined);
/** Why there is no outline, in the server's words. */
export const outlineError = signal("");
export const rehearsal = signal<Rehearsal | undefined>(undefined);

/** The texts of the draft's files, as they were fetched. */
const texts = signal<ReadonlyMap<string, string>>(new Map());

export const mayEdit = computed(() => me.value?.grade === "admin");
export const unsaved = computed(() => Object.keys(edits.value).length);
export const errors = computed(() => findings.value.filter((f) => f.severity === "error").length);
export const textOf = (p: string): string | undefined => edits.value[p] ?? texts.value.get(p);

/** load fetches what there is; the texts of a draft that moved on are fetched again. */
export async function load(): Promise<void> {
  away.value = false;
  try {
    const before = overview.peek()?.draft;
    const now = await scripts.overview();
    if (before?.revision !== now.draft.revision || before?.base !== now.draft.base) texts.value = new Map();
    overview.value = now;
    if (!now.files.some((f) => f.path === path.peek())) path.value = now.files[0]?.path ?? "script.yaml";
    await open(path.peek());
    soonCheck(0);
  } catch {
    away.value = true;
  }
}

/** open fetches a file of the draft and shows it. */
export async function open(p: string, line?: number): Promise<void> {
  if (textOf(p) === undefined) {
    const text = await scripts.file(p).catch((err) => {
      if (err instanceof RestError && err.status === 404) return "";
      throw err;
    });
    texts.value = new Map(texts.peek()).set(p, text);
  }
  path.value = p;
  if (line) jump.value = { line };
}

/** type keeps what stands in the editor, and has it checked once the hand rests. */
export function type(p: string, text: string): void {
  const { [p]: _, ...others } = edits.peek();
  edits.value = texts.peek().get(p) === text ? others : { ...others, [p]: text };
  soonCheck();
}

/** How long the hand must rest before the server checks, in ms. */
const PAUSE = 450;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;

function soonCheck(after = PAUSE): void {
  clearTimeout(timer);
  checking.value = true;
  timer = setTimeout(() => void check(), after);
}

/** check asks about what stands in the editor, one question at a time: a slow server is not asked about every word. */
async function check(): Promise<void> {
  if (asking) return soonCheck();
  asking = true;
  const about = edits.peek();
  try {
    const found = await scripts.check(about);
    if (about === edits.peek()) findings.value = found;
  } catch {
    away.value = true;
  }
  asking = false;
  if (about === edits.peek()) checking.value = false;
  else soonCheck();
}

/** sketch fetches the outline of what stands in the editor. */
export async function sketch(): Promise<void> {
  try {
    outline.value = await scripts.outline(edits.peek());
    outlineError.value = "";
  } catch (err) {
    outlineError.value = err instanceof RestError && err.status > 0 ? err.message : "";
    if (!outlineError.value) away.value = true;
  }
}

/** save stores the changes in the draft; a conflict is thrown, and the changes stay. */
export async function save(): Promise<ScriptVersion> {
  const draft = overview.peek()?.draft;
  const sent = edits.peek();
  const made = await scripts.edit(draft?.revision ?? 0, draft?.base ?? 0, sent);
  texts.value = new Map([...texts.peek(), ...Object.entries(sent).map(([p, t]) => [p, t ?? ""] as const)]);
  edits.value = Object.fromEntries(Object.entries(edits.peek()).filter(([p, t]) => sent[p] !== t));
  overview.value = { ...(await scripts.overview()), draft: made };
  return made;
}

/** discard forgets the draft and everything that was typed. */
export async function discard(): Promise<void> {
  const revision = overview.peek()?.draft.revision ?? 0;
  if (revision > 0) await scripts.discard(revision);
  edits.value = {};
  texts.value = new Map();
  await load();
}

/** renew brings the draft up to the newest version, and gives the paths that both have changed. */
export async function renew(): Promise<string[]> {
  if (unsaved.peek() > 0) await save();
  const { both } = await scripts.renew(overview.peek()?.draft.revision ?? 0);
  texts.value = new Map();
  await load();
  return both;
}

export async function publish(reason: string): Promise<ScriptVersion> {
  if (unsaved.peek() > 0) await save();
  const made = await scripts.publish(overview.peek()?.draft.revision ?? 0, reason);
  await load();
  void follow();
  return made;
}

export async function rollBack(version: number, reason: string): Promise<ScriptVersion> {
  const made = await scripts.rollBack(version, reason);
  texts.value = new Map();
  await load();
  void follow();
  return made;
}

/** How often an unfinished learning is asked about, in ms. */
const ASK_AGAIN = 700;
const rest = () => new Promise((done) => setTimeout(done, ASK_AGAIN));
let following = false;

/** follow keeps the overview fresh until this node has taken up the newest version. */
export async function follow(): Promise<void> {
  if (following) return;
  following = true;
  try {
    for (;;) {
      const now = await scripts.overview();
      overview.value = now;
      if (now.live === now.newest || now.next.stage === "failed") break;
      await rest();
    }
  } catch {
    away.value = true;
  }
  following = false;
}

let rehearsing = false;

/** rehearse has the sandbox learn the draft, and waits until it has. */
export async function rehearse(): Promise<void> {
  if (rehearsing) return;
  rehearsing = true;
  try {
    for (;;) {
      const now = await scripts.rehearse();
      rehearsal.value = now;
      if (now.stage === "ready" || now.stage === "failed") break;
      await rest();
    }
  } catch {
    away.value = true;
  }
  rehearsing = false;
}

/** addExample makes a visitor's words an example of a topic, in the draft. */
export async function addExample(language: string, topic: string, text: string): Promise<void> {
  if (unsaved.peek() > 0) await save();
  await scripts.addExample(overview.peek()?.draft.revision ?? 0, language, topic, text);
  texts.value = new Map([...texts.peek()].filter(([p]) => !p.endsWith("chats.jsonl")));
  await load();
}
