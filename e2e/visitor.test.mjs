// What a visitor can do, on the real server: tell a fact in its form, take the chat to a window of its own, get the conversation by
// e-mail, and answer the company's questions.
import assert from "node:assert/strict";
import { createServer as createPages } from "node:http";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { launch, openPanel, write } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

let browser, server, post;
before(async () => {
  post = await postOffice();
  browser = await launch();
  server = await serve({ args: ["--demo", "--demo-history", "0", "--smtp-url", `smtp://127.0.0.1:${post.port}`, "--mail-from", "Shop <shop@example.com>"] });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  post?.close();
});

/** A mail server that takes every letter: what SMTP needs at the least (RFC 5321, section 4.5.1). */
async function postOffice() {
  const letters = [];
  const waiting = [];
  const listener = createServer((socket) => {
    let rest = "";
    let text;
    const say = (line) => socket.write(line + "\r\n");
    say("220 post.example ESMTP");
    socket.on("error", () => {});
    socket.on("data", (data) => {
      rest += data;
      for (let at; (at = rest.indexOf("\r\n")) >= 0; ) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (text !== undefined) {
          if (line !== ".") text += line.replace(/^\./, "") + "\n";
          else {
            letters.push(decode(text));
            text = undefined;
            say("250 taken");
            for (const look of waiting) look();
          }
        } else if (/^DATA/i.test(line)) {
          text = "";
          say("354 go on");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else say("250 post.example");
      }
    });
  });
  await new Promise((done) => listener.listen(0, "127.0.0.1", done));
  const letter = (n) => new Promise((done) => {
    const look = () => letters.length >= n && done(letters[n - 1]);
    waiting.push(look);
    look();
  });
  return { port: listener.address().port, letter, close: () => listener.close() };
}

/** The text of a letter in quoted-printable. */
const decode = (text) => Buffer.from(text.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();

/** A visitor at the demo's shop, their panel open and connected. */
async function shop() {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 800 } });
  const page = await context.newPage();
  page.problems = [];
  context.on("weberror", (error) => page.problems.push(String(error.error())));
  await context.addInitScript(() => {
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
  });
  await page.goto(server.base + "/demo/");
  await openPanel(page);
  await page.waitForFunction(() => JSON.parse(localStorage["ombud:demo"] ?? "{}").token);
  return page;
}

test("an order number has a form of its own, which the script's own words explain", { timeout: 60_000 }, async () => {
  const page = await shop();
  await write(page, "Where is my order? It has not arrived.");
  const input = page.locator(".fact input");
  await input.waitFor();
  assert.equal(await page.locator(".fact label span").textContent(), "order number");
  await input.fill("no idea");
  await page.locator(".fact .strong").click();
  await page.locator(".fact .error").getByText("number").waitFor();
  await input.fill("48213377");
  await page.keyboard.press("Enter");
  await page.locator(".visitor .bubble").getByText("48213377").waitFor();
  await page.locator(".bot .bubble").nth(-1).waitFor();
  await page.locator(".fact").waitFor({ state: "detached" });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the chat goes on in a window of its own, by a token that stands in no address", { timeout: 60_000 }, async () => {
  const page = await shop();
  await write(page, "Good morning");
  await page.locator(".bot .bubble").nth(1).waitFor();
  await page.locator(".composer textarea").fill("half a sen");
  await page.locator("header .icon").first().click();
  const opens = page.waitForEvent("popup");
  await page.locator(".menu .entry-button").first().click();
  const own = await opens;
  await own.locator(".visitor .bubble").getByText("Good morning").waitFor();
  assert.equal(await page.locator(".panel").isVisible(), false, "the page's own panel folds away");
  assert.equal(await own.locator(".composer textarea").inputValue(), "half a sen");
  const { token } = await page.evaluate(() => JSON.parse(localStorage["ombud:demo"]));
  assert.ok(!own.url().includes(token) && !own.url().includes("demo"), own.url());
  await write(own, "from the window");
  await page.locator(".launcher").click();
  await page.locator(".visitor .bubble").getByText("from the window").waitFor();
  await write(page, "from the page");
  await own.locator(".visitor .bubble").getByText("from the page").waitFor();
  const fills = await own.locator(".panel").boundingBox();
  const size = await own.evaluate(() => [innerWidth, innerHeight]);
  assert.deepEqual([fills.x, fills.y, fills.width, fills.height], [0, 0, ...size]);
  await own.keyboard.press("Escape");
  assert.ok(await own.locator(".panel").isVisible(), "a window is closed by its own cross");
  await page.goto(server.base + "/docs/"); // the page that opened it has gone
  await own.reload();
  await own.locator(".visitor .bubble").getByText("from the page").waitFor();
  assert.deepEqual(await own.evaluate(() => window.violations), []);
  assert.deepEqual(page.problems, []);

  const stranger = await page.context().newPage();
  await stranger.goto(own.url());
  await stranger.getByText("The chat is not available right now.").waitFor();
  await page.context().close();
});

test("a page that the site does not list cannot speak through the chat's own window", { timeout: 60_000 }, async () => {
  const elsewhere = createPages((_, res) => res.setHeader("Content-Type", "text/html").end("<!doctype html><title>Elsewhere</title>"));
  await new Promise((done) => elsewhere.listen(0, "localhost", done));
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`http://localhost:${elsewhere.address().port}/`);
  const opens = page.waitForEvent("popup");
  await page.evaluate((home) => {
    const own = window.open(home + "/w/window.html");
    addEventListener("message", ({ data }) => {
      if (data?.ombud === "ready") own.postMessage({ ombud: "pass", site: "demo", token: "made-up", conversation: "", draft: "", identity: "", locale: "en", theme: "auto" }, home);
    });
  }, server.base);
  const own = await opens;
  await own.getByText("The chat is not available right now.").waitFor();
  assert.equal(await own.locator("ombud-chat").count(), 0);
  assert.equal(await own.evaluate(() => sessionStorage.length), 0);
  await context.close();
  elsewhere.close();
});

test("the conversation comes by e-mail to who tells the code, and the company's questions are asked at the end", { timeout: 60_000 }, async () => {
  const admin = await browser.newContext();
  const desk = await admin.newPage();
  await desk.goto(server.links.Admin);
  await desk.getByRole("button", { name: "Sign in with this link" }).click();
  await desk.locator(".list-head").waitFor();
  const status = await desk.evaluate(async () => {
    const questions = [{ id: "again", kind: "scale", texts: { en: "Would you buy here again?" } }];
    const answer = await fetch("/api/v1/survey", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ hours: 24, questions }) });
    return answer.status;
  });
  assert.equal(status, 200);
  await admin.close();

  const page = await shop();
  await write(page, "What are your opening hours?");
  await page.locator(".bot .bubble").nth(1).waitFor();
  await page.locator("header .icon").first().click();
  await page.getByText("Send it by e-mail").click();
  await page.locator("[name=email]").fill("vera@example.com");
  await page.keyboard.press("Enter");
  await page.locator("[name=code]").waitFor();
  const code = (await post.letter(1)).match(/\b\d{6}\b(?=\n)/)?.[0];
  assert.ok(code, "the first letter brings a code");
  await page.locator("[name=code]").fill(code);
  await page.keyboard.press("Enter");
  await page.getByText("Sent to vera@example.com.").waitFor();
  const letter = await post.letter(2);
  assert.match(letter, /To: <vera@example.com>/);
  assert.match(letter, /You:\n\s*What are your opening hours\?/);
  await page.locator(".card .quiet").click();

  await page.locator("header .icon").first().click();
  await page.getByText("End chat").click();
  await page.locator(".card .strong").click();
  await page.locator(".faces label").nth(4).click();
  await page.getByText("Would you buy here again?").waitFor();
  await page.locator(".scale label").nth(3).click();
  await page.locator(".card .strong").click();
  await page.getByText("Thank you for telling us.").waitFor();
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  await page.context().close();
});
