// The script while the server runs: written, tried out, published, and answered to the next visitor.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { axeInBothThemes } from "../console/test/harness.mjs";
import { launch, openPanel, visit } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = { timeout: Number(process.env.PATIENCE ?? 60_000) };
const VIEWS = {
  write: ".script-editor .cm-line", flow: ".script-flow svg .flow-person", languages: ".script-side tbody tr",
  unanswered: ".script-accuracy td", versions: ".script-versions li", trial: "ombud-chat textarea",
};
let server, browser, page, folder;

/** smallScript is the built-in script with the English examples alone: it is learnt in a few seconds. */
function smallScript() {
  const whole = resolve(import.meta.dirname, "../bot/script/default");
  const dir = mkdtempSync(join(tmpdir(), "ombud-script-"));
  cpSync(whole, dir, { recursive: true, filter: (path) => !/examples\/(?!en\.yaml)./.test(path) });
  return dir;
}

before(async () => {
  folder = smallScript();
  server = await serve({ args: ["--demo", "--demo-history", "0", "--script", folder] });
  browser = await launch();
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page = await context.newPage();
  page.setDefaultTimeout(patience.timeout);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  await context.addInitScript(() => {
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(server.links.Admin);
  await page.getByRole("button", { name: "Sign in with this link" }).click();
  await page.waitForSelector(".list-head");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** show opens a part of the page and waits for what it is about. */
async function show(view) {
  await page.evaluate((v) => (location.hash = `#/admin/script/${v}`), view);
  await page.waitForSelector(`[data-view=${view}]`);
}

const WORDS = "This is the new script.";
const recorded = () => page.evaluate(async () => {
  const res = await fetch("/api/v1/policies/replay", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"data":{}}' });
  return (await res.json()).conversations;
});

test("an edit is checked as it is typed, tried out, published, and answered to the next visitor", async () => {
  const before = await recorded();
  await show("write");
  const greeting = page.locator(".script-editor .cm-line", { hasText: "good to have you here" }).first();
  await greeting.click();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type(` ${WORDS} {nmae}`);
  await page.locator(".script-found li[data-severity=error]", { hasText: "greeting uses the unknown placeholder {nmae}" }).waitFor();
  await page.locator(".script-found .script-where", { hasText: /^texts\/en\.yaml:\d+$/ }).first().waitFor();
  await page.locator(".script-editor .cm-lint-marker-error").first().waitFor();
  assert.equal(await page.isDisabled(".script-publish .primary"), true, "an unsound script cannot be published");
  for (let i = 0; i < " {nmae}".length; i++) await page.keyboard.press("Backspace");
  await page.locator(".script-publish .primary:not(:disabled)").waitFor();

  await show("trial");
  await page.getByRole("button", { name: "Save and try out" }).click();
  const panel = page.locator(".script-box ombud-chat");
  await panel.locator(".log .entry.bot", { hasText: WORDS }).waitFor();
  await panel.locator("textarea").fill("Where is my parcel? This is a joke!!");
  await panel.locator("textarea").press("Enter");
  const why = page.locator(".script-why li").first();
  await why.locator(".why-decision", { hasText: "angry" }).waitFor();
  assert.match(await why.textContent(), /where an order is \d+\s?%/, "the confidence of the topic is told");
  assert.match(await why.textContent(), /Nearly fired.*anger_again/, "and what nearly fired");
  assert.equal(await recorded(), before, "a trial is among no real conversations");

  await page.fill("#script-reason", "A friendlier greeting");
  await page.locator(".script-publish .primary").click();
  await page.getByText("Live: Version 1").waitFor();
  await show("versions");
  await page.locator("[data-version='1'] summary").click();
  await page.locator("[data-version='1'] .script-added", { hasText: WORDS }).waitFor();

  const visitor = await visit(browser, `${server.base}/demo/`, { locale: "en-GB" });
  await openPanel(visitor);
  await visitor.locator(".log .entry.bot", { hasText: WORDS }).waitFor(patience);
  await visitor.context().close();

  await page.locator("[data-version='0']").getByRole("button").click();
  await page.getByText("Live: Version 2").waitFor();
  assert.deepEqual(page.problems, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
});

test("what was not understood becomes an example with one click, and the accuracy is told again", async () => {
  const visitor = await visit(browser, `${server.base}/demo/`, { locale: "en-GB" });
  await openPanel(visitor);
  await visitor.locator("textarea").fill("blorp fnord wibble quux");
  await visitor.locator("textarea").press("Enter");
  await visitor.locator(".log .entry.visitor ~ .entry.bot").first().waitFor(patience);
  await visitor.context().close();
  await show("unanswered");
  const row = page.locator(".script-groups li", { hasText: "blorp fnord wibble quux" });
  await row.waitFor();
  await row.locator("select").selectOption("order_status");
  await row.getByRole("button", { name: "Make it an example" }).click();
  await row.waitFor({ state: "detached" });
  const all = page.locator(".script-accuracy tbody tr").first();
  await all.locator("td >> nth=1", { hasText: "%" }).waitFor({ timeout: 4 * patience.timeout }); // it learns four thousand examples anew
  const cells = await all.locator("td").allTextContents();
  assert.match(cells[0], /%/);
  await show("write");
  await page.getByRole("button", { name: "chats.jsonl" }).click();
  await page.locator(".script-editor .cm-line", { hasText: '"topic":"order_status"' }).waitFor();
});

test("axe finds nothing in any part of the page, light and dark", async () => {
  for (const [view, ready] of Object.entries(VIEWS)) {
    await show(view);
    await page.locator(ready).first().waitFor({ timeout: 4 * patience.timeout });
    assert.deepEqual(await axeInBothThemes(page), [], view);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} is as wide as the window`);
  }
  assert.deepEqual(page.problems, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
});
