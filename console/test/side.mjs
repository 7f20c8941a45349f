// What the fake server does beside the protocol's plain words: files, the brief put right, suggested replies, who a visitor is.
import { deflateSync } from 'node:zlib';

export const LIMITS = { text: 4000, file: 8 << 20, file_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'application/pdf'] };

/** picture makes a PNG of one colour. */
export function picture(width, height, [r, g, b] = [70, 130, 180]) {
  const crc = (buf) => {
    let c = ~0;
    for (const x of buf) {
      c ^= x;
      for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    }
    return ~c >>> 0;
  };
  const part = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 4 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([r, g, b]))]);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), part('IHDR', head), part('IDAT', deflateSync(Buffer.concat(Array(height).fill(line)))), part('IEND', Buffer.alloc(0))]);
}

/** sendFile adds a file to a chat as somebody's; what it holds can be fetched from then on. */
export function sendFile(fake, id, role, { name, type = 'image/png', data, width, height, by = {}, client }) {
  const file = `f-${fake.files.size + 1}`;
  fake.files.set(file, { type, data, name });
  return fake.push(fake.chats.get(id), 'file', role, { file, file_name: name, type, size: data.length, ...(width ? { width, height } : {}), ...by }, client ? { id: client } : {});
}

/** takeFile answers an upload; `fake.refusing` are answers to give instead, first things first. */
export function takeFile(fake, c, user, query, data) {
  const id = query.get('id');
  fake.sentFiles.push({ id, name: query.get('name'), bytes: data.length });
  const refusal = fake.refusing.shift();
  if (refusal) return refusal;
  const known = c.events.find((e) => e.id === id);
  const e = known ?? sendFile(fake, c.id, 'agent', { name: query.get('name'), type: data[0] === 0x25 ? 'application/pdf' : 'image/png', data, width: 320, height: 200, by: { name: user.name, sender: user.id }, client: id });
  const { file, file_name, type, size, width, height } = e;
  return [200, { seq: e.seq, file, file_name, type, size, width, height }];
}

/** giveFile writes a file as the server does: a download that no browser runs. */
export function giveFile(fake, res, id) {
  const f = fake.files.get(id);
  if (!f) return res.writeHead(404).end();
  res.writeHead(200, { 'Content-Type': f.type, 'Content-Disposition': `attachment; filename=${f.name}`, 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' }).end(f.data);
}

/** correct puts one line of a brief right, as the server does; it gives false where that makes no sense. */
export function correct(fake, c, user, { field, text = '', id }) {
  const b = structuredClone(c.corrected ?? fake.brief(c));
  if (field === 'matter' && !text) return false;
  const at = b.facts.findIndex((f) => f.name === field);
  const was = field === 'matter' ? b.matter.text : (b.facts[at]?.value ?? '');
  if (field === 'matter') Object.assign(b, { matter: { text, by: user.name }, worded_by: 'agent' });
  else if (!text) b.facts.splice(at, 1);
  else b.facts.splice(at < 0 ? b.facts.length : at, 1, { name: field, value: text, by: user.name });
  if (field === 'outcome_wanted') b.wanted = text ? { text, by: user.name } : undefined;
  b.missing = text ? b.missing.filter((m) => m !== field) : [...b.missing, field];
  b.corrected = [...(b.corrected ?? []), { field, was, now: text, by: user.name }];
  c.corrected = b;
  fake.push(c, 'brief', 'agent', b, { id, sender: user.id });
  return true;
}

const SEVERITY = ['low', 'medium', 'high', 'critical'];

/** nextFor gives the waiting chat that is the agent's to take next. */
export function nextFor(user, chats) {
  return [...chats]
    .filter((c) => c.owner === 'queue' && c.level <= user.level && (user.skills.length === 0 || user.skills.includes(c.skill)))
    .sort((a, b) => SEVERITY.indexOf(b.severity) - SEVERITY.indexOf(a.severity) || a.requested_at.localeCompare(b.requested_at))[0];
}
