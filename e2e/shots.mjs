// Screenshots of every view into shots/: themes, widths and languages. `node e2e/shots.mjs --readme` takes the README's
// pictures instead, `--states` those of the panel and the desk alone, `--admin` all others, and `node e2e/shots.mjs hu zh`
// these languages alone.

import { mkdirSync } from "node:fs";
import { launch, openPanel, visit, write } from "../widget/test/browser.mjs";
import { chats } from "./chats.mjs";
import { furnish } from "./furnish.mjs";
import { serve } from "./ombud.mjs";
import { pictures } from "./pictures.mjs";
import { deskViews, panelStates } from "./states.mjs";

const out = "shots";
const languages = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const patience = { timeout: 30_000 };
mkdirSync(out, { recursive: true });
const browser = await launch();
const looks = [
  { name: "light", colorScheme: "light" },
  { name: "dark", colorScheme: "dark" },
];
const widths = [
  { name: "360", viewport: { width: 360, height: 740 } },
  { name: "768", viewport: { width: 768, height: 900 } },
  { name: "1440", viewport: { width: 1440, height: 900 } },
];
const locales = { en: "en-GB", hu: "hu-HU", zh: "zh-CN", sl: "sl-SI", fr: "fr-FR", ar: "ar" };
const wanted = (language) => languages.length === 0 || languages.includes(language);

/** The states of the panel and the views of the desk; tablets in English alone. */
async function everyState() {
  for (const language of ["en", "hu", "zh", "ar"].filter(wanted)) {
    for (const { name: look, colorScheme } of looks) {
      for (const { name: width, viewport } of widths) {
        if (width === "768" && language !== "en") continue;
        const options = { locale: locales[language], colorScheme, viewport };
        await panelStates(browser, out, `${language}-${look}-${width}`, options);
        await deskViews(browser, out, `${language}-${look}-${width}`, options);
      }
    }
  }
}

if (!process.argv.includes("--readme") && !process.argv.includes("--admin")) await everyState();
if (process.argv.includes("--states")) {
  await browser.close();
  process.exit(0);
}
const server = await serve({ args: ["--demo", "--demo-history", "600"] });
if (process.argv.includes("--readme")) {
  await pictures(browser, server);
  await browser.close();
  await server.stop();
  process.exit(0);
}

const bots = (page) => page.locator(".log .entry.bot .bubble");

/** A visitor who is upset, and then asks for a person. */
async function upset(chat, options = {}) {
  const page = await visit(browser, `${server.base}/demo/`, { locale: chat.locale, reducedMotion: "reduce", ...options });
  await openPanel(page);
  await bots(page).first().waitFor(patience);
  await write(page, chat.upset);
  await page.locator(".log .entry.visitor ~ .entry.bot").first().waitFor(patience);
  return page;
}

async function asks(page, chat) {
  await write(page, chat.human);
  await page.getByRole("status").first().waitFor({ state: "attached", ...patience });
  await page.waitForTimeout(2500);
}

async function signIn(name, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(server.links[name]);
  await page.screenshot({ path: `${out}/console-link-${name}-${options.locale ?? "en"}.png` });
  await page.locator("form button, button.primary").first().click();
  await page.waitForTimeout(1500);
  return page;
}

/** The visitor's panel and the agent's desk. */
async function talks() {
  for (const chat of chats) {
    for (const look of looks) {
      for (const width of widths) {
        if (width.name !== "1440" && !["en", "hu", "zh"].includes(chat.language)) continue;
        const page = await upset(chat, { colorScheme: look.colorScheme, viewport: width.viewport });
        await page.screenshot({ path: `${out}/widget-asked-${chat.language}-${look.name}-${width.name}.png` });
        if (look.name === "light" && width.name === "1440") {
          await asks(page, chat);
          await page.screenshot({ path: `${out}/widget-waiting-${chat.language}.png` });
          continue; // the visitor stays, and waits for Anna
        }
        await page.context().close();
      }
    }
  }

  const anna = await signIn("Anna");
  await anna.getByRole("button", { name: /Accept next|A$/ }).first().waitFor(patience);
  await anna.screenshot({ path: `${out}/console-queue.png` });
  await anna.keyboard.press("a");
  const reply = anna.getByRole("textbox", { name: /^Reply to/ });
  await reply.waitFor(patience);
  await reply.fill("Hello, this is Anna. I have read everything; a new parcel leaves today.");
  await anna.keyboard.press("Enter");
  await anna.waitForTimeout(1500);
  await anna.screenshot({ path: `${out}/console-chat.png` });
  for (const look of looks) {
    for (const width of widths) {
      await anna.emulateMedia({ colorScheme: look.colorScheme });
      await anna.setViewportSize(width.viewport);
      await anna.waitForTimeout(400);
      if (width.name === "360") await anna.getByRole("button", { name: "Conversation", exact: true }).click();
      await anna.screenshot({ path: `${out}/console-chat-${look.name}-${width.name}.png` });
    }
  }
  for (const look of looks) {
    for (const width of widths) {
      // The bot itself does not speak Arabic; the panel around its words does.
      const arabic = await upset({ locale: "ar", upset: chats[0].upset }, { colorScheme: look.colorScheme, viewport: width.viewport });
      await arabic.waitForTimeout(1500);
      await arabic.screenshot({ path: `${out}/widget-asked-ar-${look.name}-${width.name}.png` });
      await arabic.context().close();
    }
  }
}

/** Every page of the administration, in one look. */
async function administration(page, name) {
  await page.evaluate(() => (location.hash = "#/admin"));
  await page.locator(".adm-nav a").first().waitFor({ state: "attached", ...patience });
  const hashes = await page.locator(".adm-nav a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const parts = ["flow", "languages", "trial", "unanswered", "versions"].map((part) => `#/admin/script/${part}`);
  for (const hash of [...hashes, ...parts, "#/wall"]) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.waitForLoadState("networkidle");
    // What the server counts or learns comes later than the page, and the page later than its address.
    await page.waitForTimeout(300);
    await page.waitForFunction(() => !document.querySelector(".adm-wait, .adm-main progress") && ![...document.querySelectorAll(".adm-main p[role=status]")].some((p) => p.textContent.endsWith("…")), undefined, { timeout: 60_000 }).catch(() => undefined);
    await page.waitForTimeout(600);
    await page.screenshot({ path: `${out}/${hash.replace(/^#\//, "").replaceAll("/", "-")}-${name}.png` });
  }
}

if (languages.length === 0) await talks();
for (const [name, locale] of [["Marko", "hu-HU"], ["Claire", "zh-CN"]]) {
  const page = await signIn(name, { locale });
  await page.screenshot({ path: `${out}/console-${locale}.png` });
  await page.context().close();
}
// A sign-in link works once: the admin's session is taken along into the other languages and looks.
const first = await signIn("Admin");
await furnish(first);
const storageState = await first.context().storageState();
await first.context().close();
for (const [language, locale] of Object.entries(locales)) {
  for (const look of looks) {
    for (const width of widths) {
      if (!wanted(language)) continue;
      if (language !== "en" && (look.name === "dark" || width.name === "768")) continue;
      const context = await browser.newContext({ storageState, locale, colorScheme: look.colorScheme, viewport: width.viewport });
      const page = await context.newPage();
      await page.goto(`${server.base}/console/`);
      await administration(page, `${language}-${look.name}-${width.name}`);
      await context.close();
    }
  }
}
await browser.close();
await server.stop();
