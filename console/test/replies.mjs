// What the server gives an agent's desk over REST beside the conversations: ready replies, phrases to warn of, search, the wall.
import { readFileSync } from 'node:fs';

/** The ready replies that a new database comes with, as the migration writes them. */
export function replies() {
  const sql = readFileSync(new URL('../../migrations/00060_canned.sql', import.meta.url), 'utf8');
  return [...sql.matchAll(/^ {4}\('(\w+)', '(.+)', 0, ''\)[,;]$/gm)].map(([, id, texts]) => ({ id, texts: JSON.parse(texts.replaceAll("''", "'")) }));
}

/** phrases reads what the built-in script forbids, by language. */
export function phrases() {
  const of = (language) => {
    const file = readFileSync(new URL(`../../bot/script/default/forbidden/${language}.yaml`, import.meta.url), 'utf8');
    return [...file.matchAll(/^\s+- ['"]?(.+?)['"]?\s*$/gm)].map((m) => m[1]);
  };
  return Object.fromEntries(['en', 'hu', 'sl', 'fr', 'zh'].map((language) => [language, of(language)]));
}

/** search finds the messages that have all the words, newest first, one a conversation. */
export function search(chats, q) {
  const words = (q.get('words') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const hits = [];
  for (const c of [...chats].reverse()) {
    if (q.get('language') && c.language !== q.get('language')) continue;
    if (q.get('customer') && !c.visitor.name.toLowerCase().includes(q.get('customer').toLowerCase())) continue;
    const e = c.events.findLast((x) => ['message', 'note'].includes(x.kind) && words.every((w) => x.text.toLowerCase().includes(w)));
    if (!e && words.length > 0) continue;
    const hit = { conversation: { id: c.id, owner: c.owner, language: c.language, topic: c.topic, created_at: c.events[0].at, last_text: c.last_text, visitor: c.visitor.id }, customer: c.visitor.name };
    if (e && words.length > 0) Object.assign(hit, { seq: e.seq, at: e.at, role: e.role, kind: e.kind, text: e.text, marks: words.map((w) => marks(e.text, w)).sort((a, b) => a[0] - b[0]) });
    hits.push(hit);
  }
  const limit = Number(q.get('limit') ?? 20);
  const from = Number(q.get('after') ?? 0);
  return { hits: hits.slice(from, from + limit), ...(hits.length > from + limit ? { next: String(from + limit) } : {}) };
}

/** marks counts characters, as the server does, not UTF-16 units. */
function marks(text, word) {
  const at = [...text.slice(0, text.toLowerCase().indexOf(word))].length;
  return [at, at + [...word].length];
}

/** wall counts as the server does. */
export function wall(chats, people, since) {
  const of = (owner) => chats.filter((c) => c.owner === owner);
  const staffed = {};
  for (const p of people) if (p.state !== 'offline') staffed[p.state] = (staffed[p.state] ?? 0) + 1;
  const hours = [3, 5, 9, 7].map((conversations, i) => ({ at: new Date(Date.parse(since) + i * 3_600_000).toISOString(), conversations, handed_over: Math.round(conversations / 3) }));
  const sum = (field) => hours.reduce((n, h) => n + h[field], 0);
  return {
    waiting: of('queue').length, tickets: of('ticket').length, longest_from: of('queue').map((c) => c.requested_at).sort()[0], in_chat: of('agent').length, staffed,
    today: { at: since, conversations: sum('conversations'), handed_over: sum('handed_over') }, hours, claimed: 6, median_wait: 74,
  };
}
