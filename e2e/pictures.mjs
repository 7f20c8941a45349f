// The README's four pictures, into docs/img: the widget, an agent's desk, the policy with a threshold moved, the reports.
// Each is drawn a quarter larger than it is shown, so that it stays sharp.

import { mkdirSync } from "node:fs";
import { openPanel, visit, write } from "../widget/test/browser.mjs";
import { chats } from "./chats.mjs";

const patience = { timeout: 60_000 };
const sharp = { locale: "en-GB", viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.25, colorScheme: "light", reducedMotion: "reduce" };

/** pictures takes them of a server that has a history, as the people named in `links`. */
export async function pictures(browser, server) {
  mkdirSync("docs/img", { recursive: true });
  const chat = chats[0];
  const bots = (page) => page.locator(".log .entry.bot .bubble");
  const desk = await signIn(browser, server.links.Anna);
  const visitor = await visit(browser, `${server.base}/demo/`, { ...sharp, locale: chat.locale });
  await openPanel(visitor);
  await bots(visitor).first().waitFor(patience);
  await write(visitor, chat.upset);
  await bots(visitor).nth(1).waitFor(patience);
  await write(visitor, chat.human);
  await visitor.locator(".log .entry.bot").last().waitFor(patience);
  await visitor.getByText("connecting you").first().waitFor(patience);
  await desk.getByRole("button", { name: /Accept next|A$/ }).first().waitFor(patience);
  await visitor.screenshot({ path: "docs/img/widget.png" });
  await desk.keyboard.press("a");
  const reply = desk.getByRole("textbox", { name: /^Reply to/ });
  await reply.waitFor(patience);
  await reply.fill("Hello, this is Anna. I have read everything; a new parcel leaves today.");
  await desk.keyboard.press("Enter");
  await desk.locator(".said", { hasText: "this is Anna" }).first().waitFor(patience);
  await desk.screenshot({ path: "docs/img/console.png" });
  await desk.context().close();
  await visitor.context().close();

  const admin = await signIn(browser, server.links.Admin);
  await admin.evaluate(() => (location.hash = "#/admin/reports"));
  await admin.locator("[data-page=reports] .rep-section").first().waitFor(patience);
  await admin.mouse.move(640, 4); // over nothing
  await admin.screenshot({ path: "docs/img/reports.png" });
  await admin.evaluate(() => (location.hash = "#/admin/policy"));
  await admin.locator(".policy-told").waitFor(patience);
  await admin.locator("#policy-anger_outbursts").fill("1");
  await admin.locator(".policy-changes a").first().waitFor(patience);
  await admin.evaluate(() => document.querySelector(".adm-main")?.scrollTo(0, 0));
  await admin.screenshot({ path: "docs/img/policy.png" });
  await admin.context().close();
}

async function signIn(browser, link) {
  const context = await browser.newContext(sharp);
  const page = await context.newPage();
  await page.goto(link);
  await page.locator("form button, button.primary").first().click();
  await page.locator(".list-head").waitFor(patience);
  return page;
}
