// A server with the console's side of the protocol and nothing behind it: it keeps its state in memory, and lets
// a test play the visitors and the colleagues. `node console/test/fake.mjs` serves it for development.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept } from './websocket.mjs';
import { Policies } from './policies.mjs';
import { phrases, replies, search, wall } from './replies.mjs';
import { conversations } from './shop.mjs';
import { correct, giveFile, LIMITS, nextFor, takeFile } from './side.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const CAUSES = ['Promise not kept', 'Poor service', 'Passed around', 'Rude staff', 'Hard to reach', 'Not listened to', 'Hidden cost', 'Poor quality', 'Late or lost delivery', 'Wrong bill'].map((name) => ({ id: name.toLowerCase().replaceAll(' ', '_'), name }));
const USERS = [
  { id: 'u-ines', name: 'Ines', email: 'ines@example.com', password: 'correct horse', grade: 'agent', level: 3, skills: [], languages: [], capacity: 6 },
  { id: 'u-sam', name: 'Sam', email: 'sam@example.com', password: 'correct horse', grade: 'supervisor', level: 4, skills: [], languages: [], capacity: 0 },
  { id: 'u-anna', name: 'Anna', email: 'anna@example.com', password: 'correct horse', grade: 'agent', level: 2, skills: ['billing'], languages: ['hu', 'en'], capacity: 4 },
  { id: 'u-vera', name: 'Vera', email: 'vera@example.com', password: 'correct horse', grade: 'admin', level: 4, skills: [], languages: [], capacity: 0 },
];

/** startFake listens on a free port (or `port`) and returns the handles that a test needs. */
export async function startFake({ port = 0, now = Date.now(), empty = false } = {}) {
  const fake = new Fake(now, empty);
  const server = createServer((req, res) => fake.http(req, res));
  server.on('upgrade', (req, socket) => fake.connect(req, socket));
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  fake.url = `http://127.0.0.1:${server.address().port}/console/`;
  fake.stop = () => {
    for (const s of fake.sockets) s.ws.destroy();
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return fake;
}

class Fake {
  constructor(now, empty) {
    this.sockets = new Set();
    this.sessions = new Map();
    this.chats = new Map();
    this.received = [];
    this.needsSetup = false;
    this.down = false;
    this.losing = false; // events are stored, and never told
    this.replies = replies();
    this.phrases = phrases();
    this.policies = new Policies(now);
    this.files = new Map();
    this.sentFiles = []; // every try
    this.refusing = [];
    this.limits = LIMITS;
    this.mails = true; // e-mail is on
    this.products = [];
    this.questions = []; // of the survey, beside the rating
    this.suggests = undefined; // what a model answers, one by one: [status, body]; undefined where there is none
    this.people = USERS.map((u) => ({ ...u, state: u.id === 'u-anna' ? 'online' : 'offline' }));
    if (!empty) for (const c of conversations(now)) this.seed(c, now);
  }

  seed(c, now) {
    const at = (m) => new Date(now - m * 60_000).toISOString();
    const chat = { ...c, owner: 'bot', agent: null, events: [], handovers: c.handovers ?? 0, requested_at: at(c.waited), due_at: new Date(now + c.due * 60_000).toISOString(), ids: new Map() };
    this.chats.set(c.id, chat);
    this.push(chat, 'opened', 'system', { site: 'shop', visitor: c.visitor.id, locale: c.language, page: c.page }, {}, at(c.log[0][1]));
    for (const [kind, m, text, a, b] of c.log) {
      if (kind === 'turn') {
        const rules = [{ rule: text.rule ?? 'repeated', value: 0.81, bar: 0.6, margin: 0.21, fired: true }, { rule: 'anger_level', value: 0.56, bar: 0.7, margin: -0.14, fired: false }];
        this.push(chat, 'assessment', 'bot', { language: c.language, topics: a.map(([topic, confidence]) => ({ topic, confidence })), signals: b.map(([signal, strength, found, evidence]) => ({ signal, strength, found, evidence })) }, {}, at(m));
        this.push(chat, 'decision', 'bot', { ...text, policy: 3, record: { ...text, rules } }, {}, at(m));
      } else if (kind === 'handoff') {
        chat.owner = 'queue';
        this.push(chat, 'handoff_requested', 'bot', { reason: c.reason, severity: c.severity, level: c.level, skill: c.skill, language: c.language }, {}, at(m));
        this.push(chat, 'brief', 'bot', this.brief(chat), {}, at(m));
        if (c.visitor.email) this.push(chat, 'visitor_identified', 'system', { name: c.visitor.name, email: c.visitor.email, verified: c.visitor.verified ?? false }, {}, at(m));
      } else this.push(chat, 'message', kind, { text, ...a }, {}, at(m));
    }
  }

  brief(c) {
    const line = ([text, seq, signal]) => ({ text, seq, ...(typeof signal === 'string' ? { signal } : {}), ...(signal === true ? { inferred: true } : {}) });
    const b = c.brief;
    return {
      customer: c.visitor.name, verified: c.visitor.verified ?? false, language: c.language, topic: c.topic, matter: line(b.matter), reason: c.reason, severity: c.severity, level: c.level,
      why: b.why.map(line), facts: b.facts.map(([name, value, seq, inferred]) => ({ name, value, seq, ...(inferred ? { inferred } : {}) })), missing: b.missing,
      mood: b.mood[0], trend: b.mood[1], mood_seq: b.mood[2], tried: b.tried.map(line), ...(b.wanted ? { wanted: line(b.wanted) } : {}), promised: (b.promised ?? []).map(line),
      proposals: b.proposals.map(([remedy, wanted, up_to]) => ({ remedy, wanted, up_to })), handovers: c.handovers, worded_by: 'facts', ...(c.summary ? { summary: c.summary } : {}),
    };
  }

  // ---- what a test plays ----

  /** visitorSays adds a visitor's message and tells who follows the chat. */
  visitorSays(id, text) {
    return this.push(this.chats.get(id), 'message', 'visitor', { text });
  }

  visitorTypes(id, on = true) {
    this.tell({ type: 'typing', data: { conversation: id, role: 'visitor', on } }, (s) => s.open.has(id));
  }

  visitorReads(id) {
    const c = this.chats.get(id);
    this.tell({ type: 'read', seq: c.events.length, data: { conversation: id, role: 'visitor' } }, (s) => s.open.has(id));
  }

  /** claimAs lets a colleague win the chat. `quietly` keeps the board from learning it: a race lost. */
  claimAs(user, id, quietly = false) {
    const u = this.people.find((p) => p.id === user);
    const c = this.chats.get(id);
    Object.assign(c, { owner: 'agent', agent: { id: u.id, name: u.name }, due_at: undefined });
    this.push(c, 'handoff_claimed', 'agent', { agent: u.id, name: u.name }, { sender: u.id }, undefined, quietly);
  }

  /** closeSockets ends every connection with a close code; code 0 cuts the line. */
  closeSockets(code) {
    for (const s of this.sockets) code ? s.ws.close(code) : s.ws.destroy();
  }

  /** resend tells an event once more. */
  resend(id, seq) {
    this.tell(eventFrame(this.chats.get(id).events[seq - 1]), (s) => s.open.has(id));
  }

  board(frame) {
    this.tell({ type: 'queue', data: frame }, () => true);
  }

  // ---- the log ----

  push(c, kind, role, body, envelope = {}, at = new Date().toISOString(), quietly = false) {
    const e = { ...body, ...envelope, conversation: c.id, seq: c.events.length + 1, kind, role, at };
    c.events.push(e);
    if (kind === 'message') Object.assign(c, { last_text: e.text, last_role: role });
    c.updated_at = at;
    if (!this.losing) this.tell(eventFrame(e), (s) => s.open.has(c.id) && s !== envelope.from);
    if (!quietly) this.board(c.owner === 'bot' || c.owner === 'closed' ? { removed: [c.id] } : { changed: [item(c)] });
    return e;
  }

  tell(frame, to) {
    const text = JSON.stringify(frame, (k, v) => (k === 'from' ? undefined : v));
    for (const s of this.sockets) if (s.user && to(s)) s.ws.send(text);
  }

  // ---- the socket ----

  connect(req, socket) {
    if (this.down) return socket.destroy();
    const s = { ws: accept(req, socket), user: undefined, open: new Set() };
    this.sockets.add(s);
    s.ws.onclose = () => this.sockets.delete(s);
    s.ws.onmessage = (text) => {
      const f = JSON.parse(text);
      this.received.push(f);
      if (f.type === 'hello') return this.hello(s, req);
      const answer = this.act(s, f);
      if (answer) s.ws.send(answer);
    };
  }

  hello(s, req) {
    const user = this.sessions.get(cookie(req));
    if (!user) return s.ws.close(4501);
    s.user = this.people.find((u) => u.id === user);
    s.ws.send({ type: 'welcome', data: { user: view(s.user), causes: CAUSES, agents: this.people.map(colleague), suggest: this.suggests !== undefined, email: this.mails } });
    s.ws.send({ type: 'queue', data: { snapshot: true, items: [...this.chats.values()].filter((c) => ['queue', 'agent', 'ticket'].includes(c.owner)).map(item) } });
  }

  act(s, { type, seq, data }) {
    const c = this.chats.get(data.conversation);
    const ack = (at) => ({ type: 'ack', ...(at ? { seq: at } : {}), data: { ...(data.id ? { id: data.id } : {}), ...(c ? { conversation: c.id } : {}) } });
    const refuse = (code, more = {}) => ({ type: 'error', data: { code, message: code, temporary: false, id: data.id, ...more } });
    if (type === 'ping') return { type: 'pong', data: {} };
    if (type === 'presence') {
      s.user.state = data.state;
      this.tell({ type: 'presence', data: { agents: this.people.map(colleague) } }, () => true);
      return ack();
    }
    if (type === 'next') {
      const first = nextFor(s.user, this.chats.values());
      if (!first) return refuse('not_found');
      this.claimAs(s.user.id, first.id);
      return { type: 'ack', data: { id: data.id, conversation: first.id } };
    }
    if (!c) return refuse('not_found');
    const holds = c.owner === 'agent' && c.agent?.id === s.user.id;
    const mine = { agent: s.user.id, name: s.user.name };
    switch (type) {
      case 'open':
        s.open.add(c.id);
        // As the server does where the log is not the one that since counts in.
        if (data.since > 0 && c.events[data.since - 1]?.at !== data.at) {
          s.ws.send(JSON.stringify({ type: 'reset', data: { conversation: c.id } }));
          data.since = 0;
        }
        for (const e of c.events) if (e.seq > (data.since ?? 0)) s.ws.send(eventFrame(e));
        return ack();
      case 'leave':
        s.open.delete(c.id);
        return ack();
      case 'typing':
      case 'read':
        return ack();
      case 'say':
      case 'note': {
        const known = c.ids.get(data.id);
        if (known) return ack(known);
        if (type === 'say' && !holds) return refuse(c.owner === 'agent' ? 'taken' : 'stale', { agent: c.agent });
        const e = this.push(c, type === 'say' ? 'message' : 'note', 'agent', { text: data.text, name: s.user.name, ...(data.whisper ? { whisper: true } : {}) }, { id: data.id, sender: s.user.id, from: s });
        c.ids.set(data.id, e.seq);
        return ack(e.seq);
      }
      case 'claim':
      case 'take_over':
        if (type === 'claim' && c.owner === 'agent') return refuse('taken', { agent: c.agent });
        Object.assign(c, { owner: 'agent', agent: { id: s.user.id, name: s.user.name }, due_at: undefined });
        this.push(c, 'handoff_claimed', 'agent', mine, { sender: s.user.id });
        return ack();
      case 'offer':
        this.push(c, 'offer', 'agent', { id: `o${c.events.length}`, remedy: data.remedy, worth: data.worth, currency: data.currency, text: data.text, state: 'offered' });
        return ack();
      case 'promise':
        this.push(c, 'promise', 'agent', { id: `p${c.events.length}`, text: data.text, due_at: data.due_at, state: 'open', by: s.user.id });
        return ack();
      case 'settle_promise':
        this.push(c, 'promise', 'agent', { ...c.events.findLast((e) => e.kind === 'promise' && e.id === data.promise), state: data.state, ...(data.due_at ? { due_at: data.due_at } : {}), seq: undefined, at: undefined });
        return ack();
      case 'complaint':
        this.push(c, 'complaint', 'system', { number: 'C-2026-000001', due_at: new Date(Date.now() + 12 * 86_400_000).toISOString(), by: s.user.id });
        return ack();
      case 'correct':
        return correct(this, c, s.user, data) ? ack() : refuse('invalid', { field: 'text' });
      case 'reclassify':
        for (const f of ['severity', 'skill', 'topic']) if (data[f]) c[f] = data[f];
        this.push(c, 'handoff_reclassified', 'agent', { severity: data.severity, skill: data.skill, topic: data.topic, name: s.user.name });
        return ack();
      case 'label':
        this.push(c, 'handoff_labelled', 'agent', { label: data.label });
        return ack();
      case 'escalate':
        Object.assign(c, { owner: 'queue', agent: null, level: data.level });
        this.push(c, 'handoff_escalated', 'agent', { level: data.level, reason: data.reason, by: s.user.id });
        return ack();
    }
    if (!holds && s.user.grade === 'agent') return refuse('stale');
    return this.giveAway(s, c, type, data, mine) ? ack() : refuse('unknown_type');
  }

  giveAway(s, c, type, data, mine) {
    const to = this.people.find((p) => p.id === data.to);
    const does = {
      release: () => [{ owner: 'queue', agent: null }, 'handoff_released', { ...mine, reason: 'released' }],
      return: () => [{ owner: 'bot', agent: null }, 'returned_to_bot', { by: s.user.id }],
      close: () => [{ owner: 'closed', agent: null }, 'closed', { by: s.user.id, name: s.user.name, cause: data.cause, product: data.product, outcome: data.outcome, label: data.label }],
      transfer: () => [
        to ? { owner: 'agent', agent: { id: to.id, name: to.name } } : { owner: 'queue', agent: null, level: data.level, skill: data.skill ?? c.skill },
        'handoff_transferred',
        { by: s.user.id, to: data.to, to_name: to?.name, skill: data.skill, level: data.level, word: data.word },
      ],
    }[type];
    if (!does) return false;
    const [change, kind, body] = does();
    Object.assign(c, change);
    this.push(c, kind, 'agent', body, { sender: s.user.id });
    return true;
  }

  // ---- REST and files ----

  async http(req, res) {
    const path = new URL(req.url, 'http://x').pathname;
    if (path.startsWith('/api/v1/')) return this.rest(req, res, path.slice(8));
    if (path === '/') return res.writeHead(303, { Location: '/console/' }).end();
    if (!path.startsWith('/console/')) return res.writeHead(404).end();
    const name = normalize(path.slice(9) || 'index.html');
    try {
      const body = readFileSync(join(DIST, name));
      res.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP }).end(body);
    } catch {
      res.writeHead(404).end();
    }
  }

  async rest(req, res, path) {
    if (this.down) return req.socket.destroy();
    const json = (status, body, headers = {}) => res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
    const fail = (status) => json(status, { code: String(status), message: `Refused with ${status}.` });
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const body = raw.length && req.headers['content-type'] !== 'application/octet-stream' ? JSON.parse(raw) : {};
    const enter = (id) => {
      const token = `s${this.sessions.size + 1}`;
      this.sessions.set(token, id);
      return { 'Set-Cookie': `session=${token}; Path=/; HttpOnly; SameSite=Lax` };
    };
    const user = this.people.find((u) => u.id === this.sessions.get(cookie(req)));
    const [head, id, tail, ...rest] = path.split('/').map(decodeURIComponent);
    if (path === 'setup' && req.method === 'GET') return json(200, { needed: this.needsSetup });
    if (path === 'setup') return body.token === 'fresh' ? json(200, view(this.people[1]), enter('u-sam')) : fail(403);
    if (path === 'session/link') return body.token === 'once' ? json(200, view(this.people[0]), enter('u-ines')) : fail(401);
    if (path === 'session' && req.method === 'POST') {
      const found = this.people.find((u) => u.email === body.email && u.password === body.password);
      return found ? json(200, view(found), enter(found.id)) : fail(401);
    }
    if (!user) return fail(401);
    if (path === 'session') {
      this.sessions.delete(cookie(req));
      return json(204);
    }
    if (path === 'me') return json(200, view(user));
    const query = new URL(req.url, 'http://x').searchParams;
    if (path === 'canned') return json(200, { replies: this.replies, variables: [] });
    if (path === 'products') return json(200, { products: this.products });
    if (path === 'survey') return json(200, { version: '1', hours: 24, questions: this.questions });
    if (path === 'tone') return json(200, { phrases: this.phrases });
    if (path === 'search') return json(200, search(this.chats.values(), query));
    if (path === 'wall') return json(200, wall([...this.chats.values()], this.people, query.get('since')));
    if (head === 'policies') {
      const [status, answer] = this.policies.rest(user, req.method, path, new URL(req.url, 'http://x').searchParams, body);
      return json(status, answer);
    }
    const c = this.chats.get(id);
    if (head === 'visitors' && !tail) return json(200, { id, site: 'shop', ...[...this.chats.values()].find((x) => x.visitor.id === id)?.visitor });
    if (head === 'visitors') return json(200, { conversations: [...this.chats.values()].find((x) => x.visitor.id === id)?.earlier ?? [] });
    if (head !== 'conversations' || !c) return fail(404);
    if (tail === 'files' && req.method === 'POST') return json(...takeFile(this, c, user, query, raw));
    if (tail === 'files') return giveFile(this, res, rest[0]);
    if (tail === 'suggestion') return json(...((await this.suggests.shift()) ?? [503, { code: 'unavailable', why: 'failed' }]));
    if (tail === 'events') return json(200, { events: c.events.filter((e) => e.seq > Number(new URL(req.url, 'http://x').searchParams.get('since'))).map(eventFrame) });
    if (tail === 'brief') return json(200, c.corrected ?? this.brief(c));
    return json(200, { id: c.id, site: 'shop', visitor: c.visitor.id, language: c.language, owner: c.owner, agent: c.agent?.id, agent_name: c.agent?.name, severity: c.severity, reason: c.reason, level: c.level, topic: c.topic, created_at: c.events[0].at, site_name: 'Shop', limits: this.limits });
  }
}

const cookie = (req) => /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1];
const view = ({ password: _, state: __, ...u }) => u;
const colleague = (u) => ({ id: u.id, name: u.name, level: u.level, state: u.state, held: u.id === 'u-anna' ? 2 : 0 });

function eventFrame({ seq, from: _, ...data }) {
  return { type: 'event', seq, data };
}

/** item gives the queue's view of a chat. */
export function item(c) {
  return {
    conversation: c.id, visitor: { id: c.visitor.id, name: c.visitor.name }, site: 'shop', language: c.language, owner: c.owner, ...(c.agent ? { agent: c.agent } : {}), reason: c.reason, severity: c.severity, level: c.level,
    skill: c.skill, topic: c.topic, requested_at: c.requested_at, ...(c.owner === 'queue' ? { due_at: c.due_at } : {}), handovers: c.handovers, last_text: c.last_text, last_role: c.last_role, last_seq: c.events.length, updated_at: c.updated_at, rank: 0,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFake({ port: Number(process.env.PORT ?? 0) });
  console.log(`${fake.url}  (ines@example.com or sam@example.com, "correct horse")`);
}
