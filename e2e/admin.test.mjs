// What an administrator does, on the real server: every page, and the threshold that finds the conversation it would change.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "../console/test/harness.mjs";
import { launch, openPanel, visit, write } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = Number(process.env.PATIENCE ?? 30_000);
const PAGES = ["policy", "people", "line", "causes", "products", "canned", "survey", "alerts", "sites", "webhooks", "audit", "jobs", "operations"];
let server, browser, session;

before(async () => {
  server = await serve();
  browser = await launch();
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(server.links.Admin);
  await page.getByRole("button", { name: "Sign in with this link" }).click();
  await page.locator(".list-head").waitFor();
  session = await context.storageState();
  await context.close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** desk opens the console as the administrator; what it violates is gathered. */
async function desk(options = {}) {
  const context = await browser.newContext({ storageState: session, locale: "en-GB", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.problems = [];
  page.on("pageerror", (e) => page.problems.push(e.message));
  page.on("console", (m) => /Content Security Policy|Trusted/i.test(m.text()) && page.problems.push(m.text()));
  await page.goto(`${server.base}/console/`);
  await page.locator(".list-head").waitFor();
  return page;
}

async function open(page, path) {
  await page.evaluate((p) => (location.hash = `#/admin/${p}`), path);
  await page.locator(`[data-page=${path}] h1`).waitFor();
  await page.waitForFunction(() => !document.querySelector(".adm-wait"));
}

for (const [width, colorScheme, locale] of [[1440, "light", "en"], [360, "dark", "hu"], [768, "light", "zh-CN"]]) {
  test(`axe finds nothing on any page at ${width} px, ${colorScheme}, ${locale}, and each fits`, async () => {
    const page = await desk({ viewport: { width, height: 800 }, colorScheme, locale });
    for (const path of PAGES) {
      await open(page, path);
      assert.deepEqual(await axe(page), [], path);
      assert.ok((await page.evaluate(() => document.querySelector(".adm-main").scrollWidth)) <= width, `${path} fits`);
      assert.ok(await page.evaluate(() => [...document.querySelectorAll(".adm-bar .button, .adm-bar-at")].every((b) => b.scrollWidth <= b.clientWidth)), `${path}, its name fits`);
      const opens = page.locator(".adm-open").first();
      if (!(await opens.count())) continue;
      await opens.click();
      await page.locator("dialog.sheet").waitFor();
      assert.deepEqual(await axe(page), [], `${path}, editing`);
      assert.ok(await page.evaluate(() => document.querySelector(".sheet-body").scrollWidth <= document.querySelector(".sheet-body").clientWidth), `${path}, editing, fits`);
      await page.keyboard.press("Escape");
      await page.locator("dialog.sheet").waitFor({ state: "detached" });
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test("an admin adds somebody by keyboard, is told what is wrong, and finds it in the audit log", async () => {
  const page = await desk();
  await open(page, "people");
  await page.getByRole("button", { name: "Add somebody" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#f-name").waitFor();
  await page.keyboard.type("Judit");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not an address");
  await page.keyboard.press("Enter");
  await page.getByText("Give an address such as name@example.com.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-email", "what is wrong has the focus");
  await page.fill("#f-email", "anna@shop.example");
  await page.keyboard.press("Enter");
  await page.getByText("There is one by that name already").waitFor();
  await page.fill("#f-email", "judit@shop.example");
  await page.keyboard.press("Enter");
  await page.getByText("Link for Judit").waitFor();
  assert.match(await page.locator(".adm-copy code").textContent(), /\/console\/#\/join\/.{40,}/);
  await page.keyboard.press("Escape");
  await page.locator("tr", { hasText: "judit@shop.example" }).waitFor();
  await open(page, "audit");
  await page.locator("tr", { hasText: "Person added" }).waitFor();
  await page.locator("tr", { hasText: "Person invited" }).waitFor();
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  assert.match((await file).suggestedFilename(), /^audit-.*\.csv$/);
  await page.context().close();
});

test("the hours of a skill are set, and a wrong span is told at its field", async () => {
  const page = await desk();
  await open(page, "line");
  await page.locator(".adm-open").first().click();
  await page.fill("#f-mon", "9 to 5");
  await page.keyboard.press("Enter");
  await page.locator("#f-mon-error").waitFor();
  await page.fill("#f-mon", "09:00-12:30, 13:00 - 17:00");
  await page.fill("#f-zone", "Europe/Nowhere");
  await page.keyboard.press("Enter");
  await page.locator(".sheet .adm-failed, .sheet .field-error").first().waitFor();
  await page.fill("#f-zone", "Europe/Budapest");
  await page.fill("#f-reason", "we close on weekends");
  await page.keyboard.press("Enter");
  await page.locator("dialog.sheet").waitFor({ state: "detached" });
  await page.getByText("1 days a week").waitFor();
  await page.context().close();
});

test("an admin gives a site its look, is warned of what cannot be read, and the next page wears it", async () => {
  const page = await desk();
  await open(page, "sites");
  await page.locator(".adm-open").first().click();
  await page.locator("#site-look").waitFor();
  await page.selectOption("#f-position", "left");
  await page.fill("#f-light", "#e8a33d");
  await page.fill("#f-on_light", "#ffffff");
  await page.getByText("Words on buttons are hard to read: 2.2:1").waitFor();
  const preview = await page.locator(".site-preview-left[data-side=light] .site-button").elementHandle();
  await page.waitForFunction((b) => getComputedStyle(b).backgroundColor === "rgb(232, 163, 61)", preview); // a frame after the words
  await page.fill("#f-light", "#5b2a86");
  await page.locator(".site-faint").waitFor({ state: "detached" });
  assert.equal(await page.inputValue("#f-on_light"), "#ffffff", "what can be read on it is chosen by itself");
  await page.keyboard.press("Enter");
  await page.locator("dialog.sheet").waitFor({ state: "detached" });
  const visitor = await visit(browser, `${server.base}/demo/`, { colorScheme: "light" });
  const button = visitor.locator("ombud-chat .launcher");
  await button.waitFor();
  assert.equal(await button.evaluate((b) => getComputedStyle(b).backgroundColor), "rgb(91, 42, 134)");
  assert.ok((await button.boundingBox()).x < 100, "on the left");
  await visitor.context().close();
  await page.context().close();
});

test("an admin lists a product and who is an expert in it, and a close offers it", async () => {
  const page = await desk();
  await open(page, "products");
  await page.getByRole("button", { name: "Add a product" }).first().click();
  await page.fill("#f-name", "Kettle 2000");
  await page.fill("#f-id", "kettle-2000");
  await page.keyboard.press("Enter");
  await page.locator("tr", { hasText: "Kettle 2000" }).waitFor();
  const offered = await page.evaluate(async () => (await (await fetch("/api/v1/products")).json()).products.map((p) => p.name));
  assert.ok(offered.includes("Kettle 2000"));
  await open(page, "people");
  await page.getByRole("button", { name: /Marko/ }).click();
  await page.getByRole("checkbox", { name: "Kettle 2000" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("dialog.sheet").waitFor({ state: "detached" });
  await open(page, "products");
  await page.locator("tr", { hasText: "Kettle 2000" }).filter({ hasText: "Marko" }).waitFor();
  await open(page, "audit");
  await page.locator("tr", { hasText: "Product saved" }).waitFor();
  await page.context().close();
});

test("an admin moves a threshold and finds the conversation that would change", async () => {
  const visitor = await visit(browser, `${server.base}/demo/`);
  await openPanel(visitor);
  await visitor.locator(".log .entry.bot").first().waitFor();
  const words = "Where is my order?";
  await write(visitor, words);
  await visitor.locator(".log .entry.bot").nth(1).waitFor({ timeout: patience });
  const page = await desk();
  await open(page, "policy");
  await page.locator(".policy-told").waitFor();
  await page.locator("#policy-answer_at").fill("1");
  await page.locator("#policy-clarify_at").fill("1");
  const change = page.locator(".policy-changes a").first();
  await change.waitFor();
  await change.click();
  await page.locator(".said-flash").waitFor();
  assert.equal((await page.locator(".said-flash .said-text").first().textContent()).trim().length > 0, true);
  assert.match(new URL(page.url()).hash, /^#\/c\//);
  await page.context().close();
});

/** leaves lists the values that a schema of the interface can hold, as paths: levels[].up_to. */
function leaves(spec, schema, path = "") {
  const at = schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema;
  if (at.properties) return Object.entries(at.properties).flatMap(([key, s]) => (key === "$schema" ? [] : leaves(spec, s, path ? `${path}.${key}` : key)));
  if (at.additionalProperties?.type || at.additionalProperties?.$ref) return leaves(spec, at.additionalProperties, `${path}.*`);
  if (at.items) return leaves(spec, at.items, `${path}[]`);
  return [path];
}

/** Where values stand that are not on the page itself: in the editor of a level or of a skill, or in a row of the bot's offers. */
const CLOCKS = ["low", "medium", "high", "critical", "others"];
const ELSEWHERE = {
  "levels[].level": [],
  "levels[].answer.*": CLOCKS.map((s) => `level answer.${s}`),
  "levels[].settle.*": CLOCKS.map((s) => `level settle.${s}`),
  "levels[].remedies[]": ["level remedies"],
  "levels[].up_to": ["level up_to"],
  "skills.*.mode": ["skill mode"],
  "skills.*.hours.zone": ["skill zone"],
  "skills.*.hours.week.*[]": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => `skill ${d}`),
  "skills.*.hours.holidays[]": ["skill holidays"],
  "bot.remedies[]": ["page bot.remedies"],
  "bot.offers.*[].remedy": ["page offer-0-remedy"],
  "bot.offers.*[].worth": ["page offer-0-worth"],
  "bot.offers.*[].currency": ["page offer-0-currency"],
};

test("every value of the rules of the line has its field", async () => {
  const page = await desk();
  const spec = await page.evaluate(async () => (await fetch("/openapi.json")).json());
  const rules = leaves(spec, spec.components.schemas.Rules);
  assert.ok(rules.length > 25 && rules.includes("bot.offers.*[].worth"), rules.join(" "));
  await open(page, "line");
  const fields = new Set();
  const gather = async (where, under) => {
    for (const name of await page.locator(`${under} [data-field], ${under} [id^=offer-]`).evaluateAll((all) => all.map((e) => e.dataset.field ?? e.id))) fields.add(`${where} ${name}`);
  };
  await page.locator("#offer-add").click();
  await gather("page", ".adm-main");
  for (const [what, row] of [["skill", "tr[data-id=others]"], ["level", "tr[data-id='2']"]]) {
    await page.locator(`${row} .adm-open`).click();
    await page.locator("dialog.sheet").waitFor();
    await gather(what, "dialog.sheet");
    await page.keyboard.press("Escape");
    await page.locator("dialog.sheet").waitFor({ state: "detached" });
  }
  const missing = rules.flatMap((path) => (ELSEWHERE[path] ?? [`page ${path}`]).filter((place) => !fields.has(place)));
  assert.deepEqual(missing, [], "values that nobody can edit");
  assert.deepEqual(await axe(page), [], "with an offer");
  await page.context().close();
});

test("an admin lets the bot offer something by keyboard, and is told where what is wrong", async () => {
  const page = await desk();
  const rules = () => page.evaluate(async () => (await (await fetch("/api/v1/rules")).json()).rules);
  await open(page, "line");
  await page.fill("[id='f-asking.most']", "2"); // stays while the bot's card is saved
  await page.locator("[data-field='bot.remedies']").getByLabel("Discount").focus();
  await page.keyboard.press("Space");
  await page.fill("[id='f-bot.up_to']", "10");
  await page.locator("#offer-add").press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "offer-0-topic");
  await page.selectOption("#offer-0-topic", "delivery_problem");
  await page.fill("#offer-0-worth", "25");
  await page.keyboard.press("Enter");
  await page.locator("[id='f-bot.reason-error']").waitFor();
  await page.fill("[id='f-bot.reason']", "late parcels in December");
  await page.keyboard.press("Enter");
  await page.locator("[data-field='bot.offers.delivery_problem'] .field-error", { hasText: "Give the worth a currency" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "offer-0-topic", "what is wrong has the focus");
  await page.fill("#offer-0-currency", "eur");
  await page.keyboard.press("Enter");
  await page.locator("[data-field='bot.offers.delivery_problem'] .field-error", { hasText: "not within the bot's mandate" }).waitFor();
  await page.fill("#offer-0-worth", "5");
  await page.keyboard.press("Enter");
  await page.locator("li", { hasText: "late parcels in December" }).waitFor();
  assert.deepEqual((await rules()).bot, { remedies: ["discount"], up_to: 1000, offers: { delivery_problem: [{ remedy: "discount", worth: 500, currency: "EUR" }] } });
  assert.equal(await page.inputValue("[id='f-asking.most']"), "2", "what was typed elsewhere is still there");
  await page.locator("[id='f-asking.off']").focus();
  await page.keyboard.press("Space");
  await page.fill("[id='f-asking.after']", "1");
  await page.selectOption("[id='f-asking.after-unit']", "m");
  await page.fill("[id='f-asking.reason']", "fewer questions");
  await page.keyboard.press("Enter");
  await page.locator("li", { hasText: "fewer questions" }).waitFor();
  assert.deepEqual((await rules()).asking, { off: true, after: "1m0s", most: 2 });
  await page.fill("[id='f-callback.slot']", "20"); // minutes: the server alone knows what a slot may last
  await page.selectOption("[id='f-callback.slot-unit']", "m");
  await page.fill("[id='f-callback.reason']", "shorter slots");
  await page.keyboard.press("Enter");
  await page.locator("[id='f-callback.slot-error']", { hasText: "quarters of an hour" }).waitFor();
  await open(page, "audit");
  await page.locator("tr", { hasText: "Rules of the line saved" }).first().waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("without a mail server the administration says that e-mail is off", async () => {
  const page = await desk();
  await open(page, "operations");
  await page.getByText("off: set OMBUD_SMTP_URL and OMBUD_MAIL_FROM").waitFor();
  await page.context().close();
});
