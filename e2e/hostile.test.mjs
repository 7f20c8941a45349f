// Text that would like to be code, in every field that is shown anywhere: it is shown as what it is, and nothing else happens.
// The payloads follow the classes of OWASP's sheet on filter evasion: elements, handlers, addresses, templates, styles.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, openPanel, visit, write } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = { timeout: 30_000 };
const trap = "http://127.0.0.1:9"; // nobody listens there: a request to it is a request too many
const payloads = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(2)>`,
  `<svg/onload=alert(3)>`,
  `<iframe srcdoc="<script>parent.alert(4)</script>">`,
  `[press me](javascript:alert(5)) ![](${trap}/pixel.png)`,
  `<a href="jav&#x09;ascript:alert(6)">x</a>`,
  `{{constructor.constructor('alert(7)')()}} \${alert(7)} #{alert(7)}`,
  `</textarea></title></style><script src=${trap}/x.js></script>`,
  `<style>*{background:url(${trap}/c)}</style><link rel=stylesheet href=${trap}/l.css>`,
  `<math><mtext></p><img src=${trap}/m onerror=alert(10)>`,
  `<details open ontoggle=alert(11)><object data=${trap}/o><embed src=${trap}/e>`,
  `\u202e<img src=x onerror=alert(12)>\u202c`,
];
const all = payloads.join(" ");
let server, browser, site;
const seen = { dialogs: [], violations: [], strays: [] };

/** watched notes what a page does that it should not. Requests go to the server alone, or to what the page makes itself. */
async function watched(page) {
  page.on("dialog", async (d) => {
    seen.dialogs.push(d.message());
    await d.dismiss();
  });
  page.on("request", (r) => {
    if (!r.url().startsWith(server.base) && !/^(data|blob|about):/.test(r.url())) seen.strays.push(r.url());
  });
  page.on("console", (m) => /Content Security Policy|TrustedHTML|TrustedScript/i.test(m.text()) && seen.violations.push(m.text()));
  return page;
}

async function signIn(name) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 } });
  const page = await watched(await context.newPage());
  await page.goto(server.links[name]);
  await page.getByRole("button", { name: "Sign in with this link" }).click();
  await page.locator(".list-head").first().waitFor(patience);
  return page;
}

/** rest calls the server as the page's user. */
const rest = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch("/api/v1" + path, { method, headers: body ? { "Content-Type": "application/json" } : {}, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, body: await answer.json().catch(() => undefined) };
    },
    [method, path, body],
  );

before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  site?.close();
});

const nothing = () => {
  assert.deepEqual(seen.dialogs, [], "no dialog");
  assert.deepEqual(seen.violations, [], "no report of a policy");
  assert.deepEqual(seen.strays, [], "no request to anywhere else");
};

test("payloads in every field stay text, for visitors, agents and admins", async () => {
  const admin = await signIn("Admin");
  const saved = async (method, path, body) => {
    const { status, body: said } = await rest(admin, method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(said)}`);
  };
  const short = payloads[1];
  await saved("PUT", "/causes/late_or_lost", { name: short });
  await saved("PUT", "/canned/evil", { texts: { en: { key: "evil", title: short, text: payloads.filter((p) => !p.includes("{")).join(" ") } } }); // braces are places to fill, and refused
  await saved("POST", "/users", { name: short, email: "evil@example.com", grade: "agent", level: 1, skills: ["<b>billing"], languages: [] });
  await saved("PUT", "/sites/evil", { name: short, origins: [] });
  const { body: live } = await rest(admin, "GET", "/policies/live");
  await saved("POST", "/policies", { version: (live.version ?? 0) + 1, reason: all.slice(0, 480), data: live.data ?? live.policy });

  const visitor = await watched(await visit(browser, `${server.base}/demo/?from=${encodeURIComponent(short)}#${encodeURIComponent(payloads[0])}`));
  await openPanel(visitor);
  for (const text of payloads) await write(visitor, text);
  await write(visitor, "I want to talk to a human being please");
  const anna = await signIn("Anna");
  await anna.locator("[data-conversation], .queue-row, .row").first().waitFor(patience);
  await anna.keyboard.press("a");
  const reply = anna.getByRole("textbox", { name: /^Reply to/ });
  await reply.waitFor(patience);
  for (const text of [payloads[0], all]) {
    await reply.fill(text);
    await anna.keyboard.press("Enter");
    await visitor.locator(".log .entry.agent .bubble", { hasText: "alert(1)" }).first().waitFor(patience);
  }
  const shown = await visitor.locator(".log .entry.visitor .bubble p").allTextContents();
  assert.deepEqual(shown.slice(0, payloads.length), payloads, "a visitor sees what they wrote, letter for letter");
  const read = await anna.locator(".said").allTextContents();
  for (const text of payloads) assert.ok(read.some((r) => r.includes(text.trim())), `the agent reads ${text}`);
  await visitor.reload();
  await visitor.locator(".log .entry.agent .bubble").first().waitFor(patience);
  nothing();

  const pages = await admin.evaluate(async () => {
    location.hash = "#/admin";
    for (let i = 0; i < 200 && !document.querySelector(".adm-nav a"); i++) await new Promise((done) => setTimeout(done, 50));
    return [...document.querySelectorAll(".adm-nav a")].map((a) => a.getAttribute("href"));
  });
  assert.ok(pages.length > 1, "the administration has pages");
  for (const hash of [...pages, "#/queue", "#/wall"]) {
    await admin.evaluate((to) => (location.hash = to), hash);
    await admin.locator(".adm-main h1, .list-head, .wall, main").first().waitFor(patience);
    await admin.waitForLoadState("networkidle");
  }
  await anna.keyboard.press("Escape");
  nothing();
  await admin.context().close();
  await anna.context().close();
  await visitor.context().close();
});

test("a site that is not listed can load the widget, and not talk to the server", async () => {
  site = createServer((_, res) => res.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Elsewhere</title><main>x</main><script async src="${server.base}/w/loader.js" data-site="demo"></script>`));
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  const page = await visit(browser, `http://127.0.0.1:${site.address().port}/`);
  await page.locator(".launcher").click(patience);
  const status = await page.evaluate(
    (url) => new Promise((done) => {
      const socket = new WebSocket(url);
      socket.onopen = () => done("open");
      socket.onclose = ({ code }) => done(code);
    }),
    server.base.replace("http", "ws") + "/ws",
  );
  assert.equal(status, 1006, "the handshake is refused");
  const answer = await page.evaluate((base) => fetch(base + "/api/v1/queue", { credentials: "include" }).then((r) => r.status, () => "blocked"), server.base);
  assert.equal(answer, "blocked");
  assert.equal(await page.locator(".log .entry").count(), 0, "no conversation began");
  await page.context().close();
});
