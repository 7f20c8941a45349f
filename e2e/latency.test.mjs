// How long a visitor's message takes to the agent's screen, on loopback, through the real server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../widget/test/browser.mjs";
import { serve } from "./ombud.mjs";

const patience = { timeout: Number(process.env.PATIENCE ?? 30_000) };
// A visitor may send twenty messages in one go.
const VISITORS = 3;
const EACH = 18;
const MESSAGES = VISITORS * EACH;
let server, browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens a visitor's socket in a page of our own origin: the protocol without the widget, which is not what is timed. */
async function visitor(context) {
  const page = await context.newPage();
  await page.goto(`${server.base}/demo/`);
  await page.evaluate(
    () =>
      new Promise((ready) => {
        const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
        window.say = (text) => {
          const at = Date.now();
          socket.send(JSON.stringify({ type: "say", data: { id: crypto.randomUUID(), text } }));
          return at;
        };
        socket.onopen = () => socket.send(JSON.stringify({ type: "hello", data: { site: "demo", token: "", since: 0, locale: "en" } }));
        socket.onmessage = (m) => JSON.parse(m.data).type === "welcome" && ready();
      }),
  );
  return page;
}

test("a visitor's message is soon on the agent's screen", async () => {
  const agent = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 } })).newPage();
  await agent.goto(server.links.Anna);
  await agent.getByRole("button", { name: "Sign in with this link" }).click();
  await agent.getByText("Nobody is waiting.").waitFor(patience);
  await agent.evaluate(() => {
    window.shown = {};
    const look = () => {
      for (const p of document.querySelectorAll(".said-visitor .said-text")) window.shown[p.textContent] ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  });
  const took = [];
  for (let v = 0; v < VISITORS; v++) {
    const page = await visitor(await browser.newContext({ locale: "en-GB" }));
    await page.evaluate(() => window.say("just get me a real person please"));
    await agent.locator(".virtual-row").first().waitFor(patience);
    await agent.keyboard.press("a");
    await agent.waitForFunction(() => document.activeElement?.id === "composer-text", undefined, patience);
    await agent.keyboard.press("Escape"); // out of the field: the next A is a command again
    for (let n = 0; n < EACH; n++) {
      const text = `message ${n} of visitor ${v}`;
      const sent = await page.evaluate((t) => window.say(t), text);
      const shown = await (await agent.waitForFunction((t) => window.shown[t], text, patience)).jsonValue();
      took.push(shown - sent);
    }
    await page.close();
  }
  took.sort((a, b) => a - b);
  const p95 = took[Math.ceil(0.95 * MESSAGES) - 1];
  console.log(`visitor to the agent's screen on loopback, ${MESSAGES} messages: median ${took[MESSAGES / 2]} ms, p95 ${p95} ms`);
  // A machine with other work to do is not held to the goal.
  assert.ok(p95 <= (process.env.OMBUD_HOLD_TIMES ? 100 : 1000), `p95 is ${p95} ms`);
});
