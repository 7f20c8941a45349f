// From nothing to a chat on one's own page, on the real server without --demo.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, openPanel, write } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = Number(process.env.PATIENCE ?? 30_000);
let server, browser, shop;

before(async () => {
  server = await serve({ args: [] });
  browser = await launch();
  shop = await ownSite();
});

after(async () => {
  await browser?.close();
  shop?.close();
  await server?.stop();
});

/** ownSite is somebody's own page: it carries whatever snippet it is given. */
async function ownSite() {
  const page = { snippet: "" };
  const http = createServer((_, res) => {
    res.setHeader("Content-Type", "text/html; charset=utf-8");
    res.end(`<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1>${page.snippet}</body></html>`);
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  page.url = `http://127.0.0.1:${http.address().port}`;
  page.close = () => http.close();
  return page;
}

async function visit(url) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(url);
  return page;
}

test("the set-up leads from nothing to a chat on one's own site in under three minutes", async () => {
  const began = Date.now();
  const admin = await visit(server.setup);
  await admin.fill("#setup-name", "Vera");
  await admin.fill("#setup-email", "vera@example.com");
  await admin.fill("#setup-password", "a password to begin with");
  await admin.keyboard.press("Enter");
  await admin.fill("#setup-origin", shop.url.replace("127.0.0.1", "localhost")); // a mistake, as people make it
  await admin.keyboard.press("Enter");
  const line = admin.locator(".adm-copy code").first();
  await line.waitFor();
  shop.snippet = await line.textContent();

  const visitor = await visit(shop.url);
  await openPanel(visitor).catch(() => undefined); // it is turned away, and the set-up says so
  await admin.getByText(`${shop.url} was turned away`).waitFor();
  await admin.getByRole("button", { name: "Allow it" }).click();
  await admin.locator(".test-refused").waitFor();
  const again = await until(async () => {
    const page = await visit(shop.url);
    try {
      await openPanel(page);
      await page.locator(".log .entry.bot").first().waitFor({ timeout: 8000 });
      return page;
    } catch {
      await page.context().close(); // the list of addresses holds after a few seconds
      return undefined;
    }
  });
  await admin.getByText(`${shop.url} loads the widget.`).waitFor();
  await write(again, "Hello, is anybody there?");
  await admin.getByText("Arrived: “Hello, is anybody there?”").waitFor();
  const seconds = (Date.now() - began) / 1000;
  console.log(`from the set-up link to a test message that arrived: ${seconds.toFixed(1)} s (goal: 180 s)`);
  assert.ok(seconds < 180);

  await admin.getByRole("button", { name: "Next" }).click();
  await admin.fill("#team-name", "Ines");
  await admin.fill("#team-email", "ines@example.com");
  await admin.keyboard.press("Enter");
  const link = admin.locator(".adm-copy code").first();
  await link.waitFor();
  const ines = await visit(await link.textContent());
  await ines.fill("#join-password", "another good password");
  await ines.fill("#join-again", "another good passwort");
  await ines.keyboard.press("Enter");
  await ines.getByText("The two are not the same.").waitFor();
  await ines.fill("#join-again", "another good password");
  await ines.keyboard.press("Enter");
  await ines.getByText("Nobody is waiting.").waitFor();
  await admin.getByRole("button", { name: "Go to the console" }).click();
  await admin.locator(".list-head").waitFor();
});

/** until tries again, a dozen times at most, until it gives something. */
async function until(attempt) {
  for (let n = 0; n < 12; n++) {
    const got = await attempt();
    if (got) return got;
  }
  throw new Error("tried in vain");
}
