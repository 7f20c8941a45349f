// Half a minute without a network in the middle of a chat with a person, on the real server: told as one story, which waits much and
// computes little, so that other tests run beside it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { openPanel, visit, write } from "../widget/test/browser.mjs";
import { network } from "./network.mjs";

const away = 30_000;
const bubbles = (page) => page.locator(".log .entry:not(.bot) .bubble p").allTextContents();
const seenBy = (agent) => agent.locator(".said-visitor .said-text, .said-agent .said-text").allTextContents();

/** A shop elsewhere, whose pages come though the chat's server is away. */
async function shop(chat) {
  const page = `<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main><script async src="${chat}/w/loader.js" data-site="shop"></script></html>`;
  const server = createServer((_, res) => res.setHeader("Content-Type", "text/html").end(page));
  await new Promise((done) => server.listen(0, "localhost", done));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

/** Lets the shop's pages talk to the server. */
async function list(admin, origin) {
  const status = await admin.evaluate(async (origin) => {
    const body = JSON.stringify({ name: "Shop", origins: [origin] });
    return (await fetch("/api/v1/sites/shop", { method: "PUT", headers: { "Content-Type": "application/json" }, body })).status;
  }, origin);
  assert.equal(status, 200);
}

/**
 * Two tabs of a visitor lose the network for 30 s: words whose acknowledgement is lost, words of the other tab, a reload, words again; and
 * the agent writes meanwhile. Gives what there is to compare once the network is back, and how long the last word took, in ms.
 */
export async function outage({ browser, server, admin, agent, patience }) {
  const net = await network(server.base);
  const host = await shop(net.base);
  let context;
  try {
    await list(admin, host.origin);
    const page = await visit(browser, host.origin);
    context = page.context();
    await openPanel(page);
    await page.locator(".log .bot").first().waitFor(patience);
    await write(page, "just get me a real person please");
    await agent.locator(".virtual-row").first().waitFor(patience);
    await agent.keyboard.press("a");
    const reply = agent.getByRole("textbox", { name: /^Reply to/ });
    await reply.waitFor(patience);
    const answer = async (text) => {
      await reply.fill(text);
      await agent.keyboard.press("Enter");
    };
    await answer("I am here.");
    await page.getByText("I am here.").waitFor(patience);
    const other = await context.newPage();
    await other.goto(host.origin);
    await other.locator(".panel").getByText("I am here.").waitFor(patience);

    const over = pause(away);
    net.deaf();
    await write(page, "one");
    await agent.locator(".said-text").getByText("one", { exact: true }).waitFor(patience); // stored; the acknowledgement is lost
    net.gone();
    await write(other, "two");
    await answer("Are you still there?");
    await page.getByText("No connection.").waitFor(patience);
    await pause(away / 3);
    await page.reload(); // the shop's page comes, the chat's files are the browser's own copies
    await page.locator(".panel").waitFor(patience);
    await write(page, "three");
    const unsent = await bubbles(page);
    await over;

    const returned = Date.now();
    net.back();
    await agent.locator(".said-text").getByText("three", { exact: true }).waitFor(patience);
    const took = Date.now() - returned;
    for (const tab of [page, other]) {
      await tab.getByText("Are you still there?").waitFor(patience);
      await tab.getByText("Sending…").waitFor({ state: "detached", ...patience });
    }
    await answer("Everything is here.");
    for (const tab of [page, other]) await tab.getByText("Everything is here.").waitFor(patience);
    const { conversation } = await page.evaluate(() => JSON.parse(localStorage["ombud:shop"]));
    const log = await admin.evaluate(async (id) => (await fetch(`/api/v1/conversations/${id}/events`)).json(), conversation);
    return {
      took,
      unsent,
      tabs: [await bubbles(page), await bubbles(other)],
      agent: await seenBy(agent),
      log: log.events,
      kept: await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":mail:"))),
      problems: page.problems,
    };
  } finally {
    await context?.close();
    host.close();
    net.close();
  }
}
