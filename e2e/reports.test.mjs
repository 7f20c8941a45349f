// The figures of the demo's history, and the way from each to the conversations behind it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, axeInBothThemes } from "../console/test/harness.mjs";
import { launch } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = { timeout: 30_000 };
const wanted = 80;
let server, browser, page;

before(async () => {
  server = await serve({ args: ["--demo", "--demo-history", String(wanted)] });
  browser = await launch();
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (m) => /Content Security Policy|Trusted/i.test(m.text()) && page.problems.push(m.text()));
  await page.goto(server.links.Admin);
  await page.getByRole("button", { name: "Sign in with this link" }).click();
  await page.locator(".list-head").first().waitFor(patience);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("every chart speaks, and every figure opens what is behind it", async () => {
  const count = () => page.evaluate(async () => (await (await fetch("/api/v1/reports?from=" + new Date(Date.now() - 80 * 864e5).toISOString())).json()).total);
  for (const end = Date.now() + 60_000; (await count()).conversations < wanted; ) assert.ok(Date.now() < end, "the demo's history is not written");
  await page.evaluate(() => (location.hash = "#/admin/reports"));
  await page.getByRole("button", { name: "90 days" }).click(patience);
  await page.locator(".rep-tile strong", { hasText: String(wanted) }).first().waitFor(patience);
  assert.equal(await page.locator(".rep-canvas canvas").count(), 2);
  for (const section of ["reason", "cause", "topic", "level", "skill", "product", "handovers"]) {
    assert.ok((await page.locator(`[data-section=${section}] tbody tr`).count()) > 0, `${section} has rows`);
  }
  assert.equal(await page.locator(".rep-tile").count(), await page.locator("button.rep-tile").count(), "every figure opens");
  await page.locator(".rep-tile", { hasText: "Promises" }).click();
  await page.locator(".rep-behind strong").first().waitFor(patience);
  assert.match(await page.locator(".rep-behind strong").first().textContent(), /^\d{1,2} \w+ \d{4}/, "a day, and not an id");
  await page.keyboard.press("Escape");
  await page.locator(".rep-behind").waitFor({ state: "detached", ...patience });
  assert.deepEqual(await axeInBothThemes(page), []);
  const row = page.locator("[data-section=reason] tbody tr").first();
  const told = Number(await row.locator("td").first().textContent());
  await row.getByRole("button").click();
  await page.getByText(`Conversations: ${told}`).waitFor(patience);
  assert.equal(await page.locator(".rep-behind li").count(), Math.min(told, 50));
  assert.deepEqual(await axe(page), [], "with the list");
  await page.locator(".rep-behind a").first().click();
  await page.locator(".said").first().waitFor(patience);
  await page.goBack();
  await page.locator(".rep-behind li").first().waitFor(patience); // the list is still there for the next one
  await page.keyboard.press("Escape");
  await page.locator(".rep-behind").waitFor({ state: "detached", ...patience });
  assert.deepEqual(page.problems, []);
});

test("what has no order is drawn as bars, and a long list begins with its largest", async () => {
  const filled = () => page.locator(".rep-canvas canvas").first().evaluate((c) => {
    const [r, g, b] = getComputedStyle(document.querySelector(".rep-legend i")).backgroundColor.match(/\d+/g).map(Number);
    const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
    let n = 0;
    for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12) n++;
    return n;
  });
  await page.getByRole("button", { name: "Site", exact: true }).click(patience);
  await page.locator(".rep-numbers tbody tr").nth(1).waitFor({ state: "attached", ...patience }); // one site in each of the two tables
  await page.waitForFunction(() => document.querySelectorAll(".rep-numbers tbody tr").length === 2, undefined, patience);
  assert.ok((await filled()) > 2000, "the one site has a bar, and not a dot");
  const topics = page.locator("[data-section=topic]");
  const few = await topics.locator("tbody tr").count();
  await topics.getByRole("button", { name: /^Show all/ }).click();
  assert.ok((await topics.locator("tbody tr").count()) > few && few === 8, `${few} at first`);
  await page.getByRole("button", { name: "Day", exact: true }).click(patience);
});

test("figures go along as CSV, and a chart as PNG", async () => {
  const saved = async (click) => {
    const [file] = await Promise.all([page.waitForEvent("download", patience), click()]);
    return { name: file.suggestedFilename(), data: readFileSync(await file.path()) };
  };
  const sheet = await saved(() => page.getByRole("link", { name: "CSV" }).first().click(patience));
  assert.match(sheet.data.toString(), /^\ufeffsection,key,conversations,.*\r\ntotal,,\d+/);
  const picture = await saved(() => page.getByRole("button", { name: /^PNG ?: How much/ }).click(patience));
  assert.equal(picture.name, "ombud-volume.png");
  assert.equal(picture.data.subarray(1, 4).toString(), "PNG");
  assert.deepEqual(page.problems, []);
});
