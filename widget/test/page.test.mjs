// What the widget does to the page that carries it: bytes, requests, policy, storage, layout.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, openPanel, visit, write } from "./browser.mjs";
import { startFake } from "./fake.mjs";

const dist = new URL("../dist/", import.meta.url);
const weight = async (path) => gzipSync(await readFile(new URL(path, dist)), { level: 9 }).length;
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Runs a test on a fresh server. */
const withFake = (name, run) =>
  test(name, { timeout: 60_000 }, async (t) => {
    const fake = await startFake();
    try {
      await run(fake, t);
    } finally {
      await fake.stop();
    }
  });

withFake("one request and 3 KB before a click, three requests and 15 KB to type", async (fake, t) => {
  const page = await visit(browser, fake.pageOrigin);
  await page.locator(".launcher").waitFor();
  assert.deepEqual(fake.requests, ["/w/loader.js"]);
  assert.ok((await weight("loader.js")) <= 3000);
  await openPanel(page);
  await page.locator(".composer textarea").waitFor();
  const requests = fake.requests.filter((path) => !/forms|\/more\//.test(path));
  assert.equal(requests.length, 3, requests.join(" "));
  let [most, count] = [0, 0];
  const languages = await readdir(new URL("locale/", dist));
  for (const language of languages) {
    if (!language.endsWith(".json")) continue;
    let bytes = await weight("locale/" + language);
    assert.ok(bytes <= 1000, `${language}: ${bytes}`);
    for (const path of requests) if (path.endsWith(".js")) bytes += await weight(path.replace("/w/", ""));
    assert.ok(bytes <= 15_000, `${language}: ${bytes} to type`);
    most = Math.max(most, bytes);
    for (const part of ["forms", "more"]) {
      const later = await weight(`locale/${part}/${language}`);
      assert.ok(later <= 1000, `${language}: ${later} of rarely needed words`);
    }
    count++;
  }
  t.diagnostic(`gz bytes: ${await weight("loader.js")} before a click (goal 3000), at most ${most} to type (goal 15000) in ${requests.length} requests (goal 3); ${count} languages (goal 40)`);
  assert.ok(count >= 40);
  assert.deepEqual(["ar", "fa", "he", "ur"].filter((code) => !languages.includes(code + ".json")), []);
  await page.context().close();
});

withFake("nothing is kept and nothing moves before the first open", async (fake, t) => {
  const page = await visit(browser, fake.pageOrigin);
  await page.locator(".launcher").waitFor();
  const kept = () => page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
  assert.deepEqual(await kept(), [[], [], ""]);
  assert.equal(fake.sockets.size, 0);
  await openPanel(page);
  await write(page, "Hello");
  await fake.until(() => fake.said.length === 1);
  const [local, , cookie] = await kept();
  assert.ok(local.includes("ombud:demo"));
  assert.equal(cookie, "");
  const shift = await page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += entry.value; // opening moves nothing either, however quick it is
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
      }),
  );
  t.diagnostic(`layout shift ${shift} (goal 0)`);
  assert.equal(shift, 0);
  await page.context().close();
});

withFake("strict policy and Trusted Types are kept through every state", async (fake, t) => {
  const page = await visit(browser, fake.pageOrigin);
  await openPanel(page);
  await write(page, "Hello");
  await fake.until(() => fake.said.length === 1);
  fake.bot("Look at https://example.com/a?b=1 please", { quick_replies: [{ label: "Yes", text: "Yes" }] });
  await page.locator(".replies button").click();
  await fake.until(() => fake.said.length === 2);
  fake.asksFor("Which order is it?");
  await page.locator(".fact input").fill("48213377");
  await page.keyboard.press("Enter");
  await fake.until(() => fake.said.length === 3);
  fake.event("handoff_requested", "system");
  fake.all("waiting", { position: 3, minutes: [2, 5], offers: ["keep_waiting", "leave_message", "call_back"] });
  await page.getByText("Call me back").click();
  await page.locator("[name=phone]").fill("+36 1 234 5678");
  await page.locator("[name=callback]").selectOption({ index: 1 });
  await page.locator(".card .strong").click();
  await page.locator(".composer").waitFor();
  assert.equal(fake.frames.find(({ type }) => type === "leave_message").data.callback, fake.slots[1].from);
  fake.event("handoff_claimed", "agent", { name: "Anna" });
  fake.event("offer", "agent", { id: "o1", remedy: "refund", worth: 4800, currency: "EUR", text: "Your money back", state: "offered" });
  fake.event("promise", "agent", { id: "p1", text: "We call you", due_at: "2030-05-04T10:00:00Z", state: "open" });
  await page.locator(".offer .strong").click();
  await page.getByText("You have accepted this offer.").waitFor();
  const weights = (selector) => page.locator(selector).evaluateAll((all) => all.map((e) => getComputedStyle(e).fontWeight));
  assert.deepEqual([...new Set(await weights(".offer time, .offer p"))], ["400"], "by when a promise is due weighs no more than its words");
  await page.locator(".composer .attach").waitFor();
  const chooser = page.waitForEvent("filechooser");
  await page.locator(".composer .attach").click();
  await (await chooser).setFiles({ name: "photo.png", mimeType: "image/png", buffer: fake.picture });
  await page.waitForFunction(() => document.querySelector("ombud-chat").shadowRoot.querySelector(".file canvas")?.width === 1);
  const saved = page.waitForEvent("download");
  await page.locator(".file").click();
  assert.equal((await saved).suggestedFilename(), "photo.png");
  fake.questions = [{ id: "again", kind: "scale", text: "Would you buy here again?" }, { id: "why", kind: "text", text: "Why?" }];
  fake.event("closed", "agent", {});
  await page.locator(".faces label").nth(4).click();
  await page.locator(".scale label").nth(3).click();
  assert.equal(new Set(await weights(".ended legend, .ended > label")).size, 1, "questions weigh the same, whatever answers them");
  await page.locator(".card .strong").click();
  await page.getByText("Thank you for telling us.").waitFor();
  const kept = page.waitForEvent("download");
  await page.getByText("Save this conversation").click();
  const text = await readFile(await (await kept).path(), "utf8");
  assert.match(text, /Assistant: Look at https:.*You: Yes.*Anna has joined the chat.*Your money back.*photo\.png/s);
  t.diagnostic(`${(await page.evaluate(() => violations)).length} violations of a strict policy with Trusted Types (goal 0)`);
  assert.deepEqual(await page.evaluate(() => violations), []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

withFake("the pinned file runs under its integrity hash and fetches no other script", async (fake) => {
  const { pinned, integrity } = JSON.parse(await readFile(new URL("manifest.json", dist), "utf8"));
  fake.pinned = `<script async src="${fake.origin}/w/${pinned}" integrity="${integrity}" crossorigin data-site="demo"></script>`;
  const page = await visit(browser, fake.pageOrigin + "/pinned");
  await openPanel(page);
  await write(page, "Hello");
  await fake.until(() => fake.said.length === 1);
  fake.event("closed", "agent", {});
  await page.locator(".faces").waitFor();
  assert.deepEqual(fake.requests.filter((path) => path.endsWith(".js")), ["/w/" + pinned]);
  assert.deepEqual(await page.evaluate(() => violations), []);
  await page.context().close();
});

withFake("calls made before the load are replayed in order, and ready is told", async (fake) => {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    window.heard = [];
    window.ombud = function () {
      (window.ombud.q = window.ombud.q || []).push(arguments);
    };
    window.ombud("on", "ready", () => window.heard.push("ready"));
    window.ombud("on", "open", () => window.heard.push("open"));
    window.ombud("on", "close", () => window.heard.push("close"));
    window.ombud("no such command");
    window.ombud("identify", "jwt-of-ada");
    window.ombud("update", { locale: "hu", position: "left", bubble: "hide" });
  });
  await page.goto(fake.pageOrigin);
  await page.waitForFunction(() => window.heard.includes("ready"));
  assert.equal(await page.locator(".launcher").isVisible(), false);
  await page.evaluate(() => window.ombud("open"));
  await page.getByPlaceholder("Írjon üzenetet…").waitFor();
  await fake.until(() => fake.hellos === 1);
  const hello = fake.frames.find((frame) => frame.type === "hello");
  assert.equal(hello.data.identity, "jwt-of-ada");
  assert.equal(hello.data.locale, "hu");
  assert.ok((await page.locator(".panel").boundingBox()).x < 100, "on the left");
  await page.evaluate(() => window.ombud("send", "Szia"));
  await fake.until(() => fake.said.length === 1);
  await page.evaluate(() => {
    window.ombud("close");
    window.ombud("toggle");
    window.ombud("off", "open");
    window.ombud("toggle");
    window.ombud("toggle");
  });
  assert.deepEqual(await page.evaluate(() => window.heard), ["ready", "open", "close", "open", "close"]);
  await page.evaluate(() => window.ombud("destroy"));
  assert.equal(await page.locator("ombud-chat").count(), 0);
  assert.equal(await page.evaluate(() => typeof window.ombud), "undefined");
  await page.close();
});

withFake("reset forgets the visitor", async (fake) => {
  const page = await visit(browser, fake.pageOrigin);
  await openPanel(page);
  await fake.until(() => fake.hellos === 1);
  await page.waitForFunction(() => localStorage["ombud:demo"]?.includes("token-1"));
  await page.evaluate(() => window.ombud("reset"));
  await fake.until(() => fake.hellos === 2);
  assert.equal(fake.frames.filter((frame) => frame.type === "hello")[1].data.token, "");
  await page.context().close();
});
