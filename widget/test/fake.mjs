// A small server for the tests: the widget's files, a host page on another origin under a strict policy, and the
// visitor's half of the websocket protocol over an in-memory log.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const types = { js: "text/javascript", json: "application/json" };

/** Starts both origins on ports from the kernel. */
export async function startFake({ site = "Pine & Paper" } = {}) {
  const fake = new Fake(site);
  fake.files = createServer((req, res) => fake.file(req, res));
  fake.files.on("upgrade", (req, socket) => fake.upgrade(req, socket));
  fake.pages = createServer((req, res) => fake.page(req, res));
  for (const server of [fake.files, fake.pages]) await new Promise((done) => server.listen(0, "127.0.0.1", done));
  fake.origin = `http://127.0.0.1:${fake.files.address().port}`;
  fake.pageOrigin = `http://localhost:${fake.pages.address().port}`;
  return fake;
}

class Fake {
  requests = [];
  log = [];
  sockets = new Set();
  frames = [];
  connections = 0;
  hellos = 0;
  /** While true, connections are refused. */
  down = false;
  /** While true, frames are read and dropped, as a network does that has gone silent. */
  silent = false;
  owner = "bot";
  /** What welcome asks for, and the limits it tells. */
  ask = [];
  /** Whether the server sends e-mail. */
  mailing = true;
  /** What was asked of the e-mail, and the code that its owner got. */
  mails = [];
  code = "123456";
  /** What the company asks after the end. */
  questions = [];
  slots = [
    { from: "2030-05-06T08:00:00Z", until: "2030-05-06T09:00:00Z" },
    { from: "2030-05-06T09:00:00Z", until: "2030-05-06T10:00:00Z" },
    { from: "2030-05-07T08:00:00Z", until: "2030-05-07T09:00:00Z" },
  ];
  limits = { text: 4000, file: 8 << 20, file_types: ["image/png"] };
  /** One red dot. */
  picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");
  /** Called with each frame from a visitor before it is handled; true means it was dealt with. */
  intercept = () => false;
  waiters = [];

  constructor(site) {
    this.site = site;
    this.add("opened", "system", {});
  }

  async file(req, res) {
    const path = new URL(req.url, this.origin).pathname;
    if (path.startsWith("/api/")) return this.api(req, res, path);
    this.requests.push(path);
    try {
      const body = await readFile(dist + path.replace(/^\/w\//, ""));
      res.writeHead(200, { "content-type": types[path.split(".").pop()] ?? "text/plain", "access-control-allow-origin": "*" });
      res.end(body);
    } catch {
      res.writeHead(404).end();
    }
  }

  /** Takes a file in, or gives the one there is. */
  async api(req, res, path) {
    const head = { "access-control-allow-origin": this.pageOrigin, "access-control-allow-headers": "authorization, content-type, ombud-identity", "access-control-allow-methods": "GET, POST" };
    if (req.method === "OPTIONS") return res.writeHead(204, head).end();
    if (req.headers.authorization !== "Bearer token-1") return res.writeHead(401, head).end();
    if (path.endsWith("/transcript")) return this.mail(req, res, head);
    if (path.endsWith("/survey")) return res.writeHead(200, { ...head, "content-type": "application/json" }).end(JSON.stringify({ questions: this.questions }));
    if (req.method === "GET") return res.writeHead(200, { ...head, "content-type": "image/png" }).end(this.picture);
    const query = new URL(req.url, this.origin).searchParams;
    const parts = [];
    for await (const part of req) parts.push(part);
    const size = Buffer.concat(parts).length;
    if (this.refuseFiles) return res.writeHead(422, head).end();
    this.event("file", "visitor", { id: query.get("id"), file: "f1", file_name: query.get("name"), type: "image/png", size, width: 1, height: 1 });
    res.writeHead(200, head).end("{}");
  }

  /** Sends the conversation to an address, once the code that went there comes back. */
  async mail(req, res, head) {
    const parts = [];
    for await (const part of req) parts.push(part);
    const asked = JSON.parse(Buffer.concat(parts));
    if (req.headers["content-type"] !== "application/json") return res.writeHead(415, head).end();
    this.mails.push(asked);
    const status = asked.code && asked.code !== this.code ? 422 : this.mails.length > 5 ? 429 : 200;
    res.writeHead(status, { ...head, "content-type": "application/json" }).end(JSON.stringify({ state: asked.code ? "sent" : "code" }));
  }

  page(req, res) {
    const url = new URL(req.url, this.pageOrigin);
    const attributes = [...url.searchParams].map(([name, value]) => `data-${name}="${value}"`).join(" ");
    const script = url.pathname === "/bare" ? "" : url.pathname === "/pinned" ? this.pinned : `<script async src="${this.origin}/w/loader.js" data-site="demo" ${attributes}></script>`;
    const host = this.origin.replace(/^http/, "");
    res.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        `default-src 'none'; script-src http${host}; connect-src http${host} ws${host}; ` + "require-trusted-types-for 'script'; trusted-types 'none'",
    });
    res.end(`<!doctype html><html lang="en"><title>A shop</title><meta name="viewport" content="width=device-width, initial-scale=1">
<main><h1>Oak shelf</h1><p>Solid oak, oiled by hand.</p><p><a href="/other">More</a></p></main>${script}`);
  }

  upgrade(req, socket) {
    if (this.down) return socket.destroy();
    this.connections++;
    const accept = createHash("sha1").update(req.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const client = { socket, rest: Buffer.alloc(0) };
    this.sockets.add(client);
    socket.on("data", (data) => this.data(client, data));
    socket.on("close", () => {
      this.sockets.delete(client);
      this.look();
    });
    socket.on("error", () => socket.destroy());
  }

  data(client, data) {
    client.rest = Buffer.concat([client.rest, data]);
    for (;;) {
      const b = client.rest;
      if (b.length < 2) return;
      let size = b[1] & 127;
      let at = 2;
      if (size === 126) [size, at] = [b.length < 4 ? Infinity : b.readUInt16BE(2), 4];
      if (b.length < at + 4 + size) return;
      const body = Buffer.from(b.subarray(at + 4, at + 4 + size).map((x, i) => x ^ b[at + (i & 3)]));
      client.rest = b.subarray(at + 4 + size);
      if ((b[0] & 15) === 8) client.socket.end(Buffer.from([0x88, 0]));
      else if ((b[0] & 15) === 1) this.frame(client, JSON.parse(body.toString()));
    }
  }

  frame(client, frame) {
    this.frames.push(frame);
    if (!this.silent && !this.intercept(frame, client)) this.answer(client, frame);
    this.look();
  }

  look() {
    for (const waiter of [...this.waiters]) waiter();
  }

  answer(client, { type, data }) {
    if (type === "hello") this.hello(client, data);
    else if (type === "ping") this.send(client, "pong", {});
    else if (type === "say") this.say(client, data);
    else if (type === "end") this.event("closed", "visitor", {}, client);
    else if (type === "rate") {
      this.send(client, "ack", { id: data.id });
      this.event("survey", "visitor", { state: "answered", rating: data.rating });
    } else if (type === "introduce") {
      this.ask = [];
      this.send(client, "ack", { id: data.id });
    } else if (type === "slots") {
      this.send(client, "slots", { id: data.id, slots: this.slots });
    } else if (type === "answer_offer") {
      this.send(client, "ack", { id: data.id });
      const offer = this.log.find((e) => e.data.kind === "offer").data;
      this.event("offer", "visitor", { ...offer, at: undefined, state: data.accept ? "accepted" : "declined" });
    } else if (type === "leave_message") {
      this.send(client, "ack", { id: data.id });
      const { id, ...left } = data;
      this.event("left_message", "visitor", left);
    }
  }

  hello(client, data) {
    this.hellos++;
    const token = data.token ? {} : { token: "token-1" };
    this.send(client, "welcome", {
      conversation: "c1", ...token, owner: this.owner, visitor: { id: "v1" }, site: { name: this.site, locale: "en" }, limits: this.limits, ask: this.ask, mail: this.mailing,
      ...(this.owner === "agent" && { agent: { name: "Anna" } }),
    }, this.log.length);
    client.joined = true;
    for (const event of this.log) if (event.seq > data.since) this.write(client, event);
  }

  say(client, { id, text }) {
    const known = this.log.find((event) => event.data.id === id);
    const event = known ?? this.event("message", "visitor", { id, text }, client);
    this.send(client, "ack", { id, conversation: "c1" }, event.seq);
  }

  add(kind, role, data, at = Date.now()) {
    const seq = this.log.length + 1;
    const event = { type: "event", seq, data: { conversation: "c1", kind, role, at: new Date(at).toISOString(), ...data } };
    this.log.push(event);
    return event;
  }

  /** Stores an event and sends it to every socket but one. */
  event(kind, role, data = {}, but) {
    const event = this.add(kind, role, data);
    for (const client of this.sockets) if (client !== but && client.joined) this.write(client, event);
    return event;
  }

  bot(text, more = {}) {
    return this.event("message", "bot", { text, ...more });
  }

  /** The bot asks for a fact. */
  asksFor(text, asks) {
    return this.bot(text, { asks: { label: "order number", invalid: "That has no number in it.", skip: "I don't have it", fact: "order_number", kind: "number", ...asks } });
  }

  agent(text) {
    return this.event("message", "agent", { text, name: "Anna" });
  }

  /** Sends a frame to every socket. */
  all(type, data, seq) {
    for (const client of this.sockets) this.send(client, type, data, seq);
  }

  send(client, type, data, seq) {
    this.write(client, { type, ...(seq && { seq }), data });
  }

  write(client, frame) {
    this.raw(client, typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  raw(client, text) {
    const body = Buffer.from(text);
    const head = body.length < 126 ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
    client.socket.write(Buffer.concat([head, body]));
  }

  /** Closes every connection: with a close code, or by pulling the plug. */
  drop(code) {
    for (const { socket } of this.sockets) {
      if (code) socket.end(Buffer.from([0x88, 2, code >> 8, code & 255]));
      else socket.destroy();
    }
  }

  /** Resolves once the condition holds; it is looked at after each frame and each close. */
  until(condition) {
    if (condition()) return Promise.resolve();
    return new Promise((done) => {
      const waiter = () => {
        if (!condition()) return;
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        done();
      };
      this.waiters.push(waiter);
    });
  }

  /** The visitor's messages as stored. */
  get said() {
    return this.log.filter((e) => e.data.kind === "message" && e.data.role === "visitor").map((e) => e.data.text);
  }

  async stop() {
    this.drop();
    await Promise.all([this.files, this.pages].map((server) => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    })));
  }
}
