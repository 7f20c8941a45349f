// The handoff policy of the fake server: versions in memory, and recorded conversations of which each is one number.
// A conversation of confidence c is handed over where answer_at is above c, and of t turns where max_turns is below t.
const probability = (key, sweep = true) => ({ key, kind: 'probability', unit: 'probability', min: 0, max: 1, help: `Help for ${key}.`, sweep });
const count = (key, unit, min, max) => ({ key, kind: 'count', unit, min, max, help: `Help for ${key}.`, sweep: true });
const FIELDS = [
  probability('answer_at'), probability('clarify_at'), count('misses', 'turns', 1, 10), count('max_turns', 'turns', 1, 50), probability('anger_level_at'), probability('anger_memory'),
  count('fault_grace', 'turns', 0, 5), probability('switch_language_at', false), count('brand_new', 'turns', 0, 4), { key: 'close_on_thanks', kind: 'switch', unit: 'on or off', min: 0, max: 1, help: 'Closes.', sweep: false },
];
const TABLES = {
  signals: [{ key: 'wants_human', must: true, max: 1 }, { key: 'angry', must: false, max: 1 }, { key: 'danger', must: true, max: 0.7 }],
  reasons: ['danger', 'anger', 'low_confidence'],
  severities: ['low', 'medium', 'high', 'critical'],
  levels: [1, 2, 3, 4],
  override: [{ ...probability('answer_at') }, { ...count('misses', 'turns', 0, 10) }, { ...count('level', 'level', 0, 4), sweep: false }],
  languages: ['en', 'hu'],
  topics: ['order_status', 'billing_problem'],
  skills: ['billing', 'orders'],
};
const REASONS = { danger: { severity: 'critical', level: 1, any_skill: true }, anger: { severity: 'medium', level: 1 }, low_confidence: { severity: 'low', level: 1 } };
const FIRST = { answer_at: 0.5, clarify_at: 0.25, misses: 2, max_turns: 5, anger_level_at: 0.8, anger_memory: 0.5, fault_grace: 1, switch_language_at: 0.8, brand_new: 1, close_on_thanks: true, signals: { wants_human: {}, angry: { at: 0.6 }, danger: { at: 0.5 } }, reasons: REASONS };
const BUILT_IN = { ...FIRST, max_turns: 8 };
const SECOND = { ...FIRST, answer_at: 0.55, misses: 3 };

export class Policies {
  constructor(now) {
    const at = (days) => new Date(now - days * 86_400_000).toISOString();
    this.list = [
      { version: 2, author: 'u-vera', reason: 'The bot guessed too often at invoices', at: at(3), data: SECOND },
      { version: 1, author: 'u-sam', reason: 'As agreed at the start', at: at(20), data: FIRST },
    ];
    this.requests = []; // "METHOD path", in order
    this.recorded = 240;
  }

  /** saveAs lets a colleague save while the page is open. */
  saveAs(author, reason, change) {
    this.list.unshift({ version: this.list[0].version + 1, author, reason, at: new Date().toISOString(), data: { ...this.list[0].data, ...change } });
  }

  rest(user, method, path, query, body) {
    this.requests.push(`${method} ${path}`);
    const no = (status, message) => [status, { code: String(status), message }];
    if (user.grade === 'agent') return no(403, 'Not for agents.');
    const live = this.list[0] ?? { version: 0, data: FIRST };
    const recorded = Math.round((this.recorded * Math.min(30, (Date.parse(body.to) - Date.parse(body.from)) / 86_400_000)) / 30) || 0;
    switch (`${method} ${path}`) {
      case 'GET policies':
        return [200, { policies: this.list }];
      case 'GET policies/live':
        return [200, { version: live.version, data: live.data }];
      case 'GET policies/fields':
        return [200, { fields: FIELDS, tables: TABLES }];
      case 'GET policies/diff':
        return [200, { changes: this.diff(Number(query.get('from')), Number(query.get('to'))) }];
      case 'POST policies/replay':
        return refused(body.data) ?? [200, replay(body.data, recorded)];
      case 'POST policies/staffing':
        return [200, staffing(body.data)];
      case 'POST policies/sweep':
        return [200, { points: sweep(body.data, FIELDS.find((f) => f.key === body.field) ?? { key: body.field, ...probability(body.field) }, recorded) }];
    }
    if (user.grade !== 'admin') return no(403, 'Only for admins.');
    if (path === 'policies' && body.version !== live.version + 1) return no(409, 'There is one by that name already.');
    const data = path === 'policies' ? body.data : this.at(body.version);
    const made = { version: live.version + 1, author: user.id, reason: body.reason, at: new Date().toISOString(), data };
    this.list.unshift(made);
    return [200, made];
  }

  /** at gives the policy of a version; version 0 is the built-in one. */
  at(version) {
    return version === 0 ? BUILT_IN : this.list.find((v) => v.version === version)?.data;
  }

  diff(from, to) {
    const [was, now] = [from, to].map((n) => this.at(n));
    const [a, b] = [flat(was), flat(now)];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]).map((path) => ({ path, was: a[path] ?? null, now: b[path] ?? null }));
  }
}

/** flat gives the values of a policy by path, as the server's diff names them. */
const flat = (v, path = '') =>
  v !== null && typeof v === 'object' && Object.keys(v).length > 0 ? Object.assign({}, ...Object.entries(v).map(([k, x]) => flat(x, path ? `${path}.${k}` : k))) : { [path]: typeof v === 'object' ? null : v };

/** refused tells what does not fit, and at which value. */
function refused(data) {
  const no = (field, message) => [422, { code: 'invalid', field: `data.${field}`, message }];
  if (data.clarify_at > data.answer_at) return no('clarify_at', 'clarify_at is above answer_at.');
  if (data.topics?.order_status?.misses === 9) return no('topics.order_status.misses', 'topics.order_status.misses is 9, and must be between 0 and 8.');
  return undefined;
}

const confidence = (i) => ((i * 37) % 100) / 100;
const turns = (i) => 1 + ((i * 7) % 9);
// A signal counts less from a higher threshold on; a language or topic that answers from another confidence counts for all.
const handed = (p, i) => confidence(i) < (p.topics?.order_status?.answer_at ?? p.answer_at) * 0.5 || turns(i) > p.max_turns + 2 || ((i * 13) % 100) / 100 > 0.4 + (p.signals?.angry?.at || 0.3);

function tally(p, n) {
  const t = { same: 0, earlier: 0, new: 0, later_or_never: 0, unknown: 0, handed_over: 0, elsewhere: 0, missed: 0, needless: 0, agent_minutes: 0 };
  for (let i = 0; i < n; i++) {
    const [was, now] = [handed(SECOND, i), handed(p, i)];
    if (was === now) t.same++;
    if (was && now && moved(p)) t.elsewhere++;
    else if (now) t.new++;
    else t.later_or_never++;
    if (now) Object.assign(t, { handed_over: t.handed_over + 1, agent_minutes: t.agent_minutes + 6.5, needless: t.needless + (confidence(i) > 0.3 ? 1 : 0) });
    else if (confidence(i) < 0.2) t.missed++;
  }
  return t;
}

/** moved tells whether a handoff of low confidence goes to another place than live. */
const way = (p) => p.reasons.low_confidence;
const moved = (p) => JSON.stringify(way(p)) !== JSON.stringify(way(SECOND));

function replay(p, n) {
  const [recorded, replayed] = [tally(SECOND, n), tally(p, n)];
  const changes = [];
  for (let i = 0; i < n && changes.length < 100; i++) {
    const words = ['answer', 'handoff low_confidence'];
    if (handed(SECOND, i) && handed(p, i) && moved(p)) changes.push({ conversation: `c-recorded-${1000 + i}`, turn: turns(i), kind: 'elsewhere', was: words[1], now: words[1], was_to: way(SECOND), now_to: way(p) });
    if (handed(SECOND, i) === handed(p, i)) continue;
    changes.push({ conversation: `c-recorded-${1000 + i}`, turn: turns(i), kind: handed(p, i) ? 'new' : 'later_or_never', was: words[Number(handed(SECOND, i))], now: words[Number(handed(p, i))] });
  }
  const rate = (k) => (n ? k / n : 0);
  return { conversations: n, turns: n * 4, recorded, replayed, recorded_rate: rate(recorded.handed_over), rate_low: rate(replayed.handed_over), rate_high: rate(replayed.handed_over + replayed.later_or_never), reasons: { low_confidence: replayed.handed_over }, changes };
}

function sweep(p, f, n) {
  return Array.from({ length: 101 }, (_, i) => {
    const v = f.min + ((f.max - f.min) * i) / 100;
    const value = f.kind === 'count' ? Math.floor(v + 0.5) : v;
    const q = structuredClone(p);
    const [table, row, key] = f.key.split('.');
    if (row) (q[table] ??= {})[row] = { ...q[table][row], [key]: value };
    else q[table] = value;
    return { value, valid: q.clarify_at <= q.answer_at, ...tally(q, n) };
  });
}

/** staffing is busier the more the policy hands over: at ten more people are needed than are on duty. */
function staffing(data) {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const busy = hour >= 8 && hour < 18 ? Math.round(data.answer_at * 20) : 0;
    const bound = (more) => ({ handoffs: busy + more, mean: hour === 10 ? 7.5 + more : busy ? 1.5 : 0, p90: busy ? 4 : 0, needed: busy ? (hour === 10 ? 5 : 2) : 0 });
    return { hour, agents: busy ? 3 : 0, low: bound(0), high: bound(busy ? 1 : 0) };
  });
  return { zone: 'Europe/Budapest', hours, handled: true, cut: false };
}
