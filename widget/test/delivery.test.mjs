// Messages arrive exactly once and in order, whatever happens to the network, the page or the tab.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, openPanel, visit, write } from "./browser.mjs";
import { startFake } from "./fake.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Runs a test on a fresh server, with a page whose panel is open and connected. */
const withPanel = (name, run) =>
  test(name, { timeout: 30_000 }, async (t) => {
    const fake = await startFake();
    const page = await visit(browser, fake.pageOrigin);
    try {
      await openPanel(page);
      await page.waitForFunction(() => localStorage["ombud:demo"]?.includes("token-1"));
      await run(fake, page, t);
      assert.deepEqual(page.problems, []);
    } finally {
      await page.context().close();
      await fake.stop();
    }
  });

const bubbles = (page) => page.locator(".visitor .bubble").allTextContents();
const sending = (page) => page.getByText("Sending…");

withPanel("a message written in an outage, with a reload in it, is delivered once within 5 s of recovery", async (fake, page, t) => {
  await write(page, "before");
  await fake.until(() => fake.said.length === 1);
  fake.down = true;
  fake.drop();
  await write(page, "one");
  await write(page, "two");
  await page.getByText("No connection.").waitFor();
  await page.reload(); // the chat was open: it opens again by itself
  await page.locator(".panel").waitFor();
  await write(page, "three");
  assert.deepEqual(await bubbles(page), ["one", "two", "three"]);
  fake.down = false;
  const recovered = Date.now();
  await fake.until(() => fake.said.length === 4);
  const took = Date.now() - recovered;
  t.diagnostic(`delivered exactly once, ${took} ms after recovery (goal 5000), over a reload`);
  assert.ok(took <= 5000, `${took} ms`);
  await sending(page).waitFor({ state: "detached" });
  assert.deepEqual(fake.said, ["before", "one", "two", "three"]);
  assert.deepEqual(await bubbles(page), ["before", "one", "two", "three"]);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":mail:"))), []);
});

withPanel("an acknowledgement that got lost leads to the same id again, shown once", async (fake, page) => {
  let lost = 0;
  fake.intercept = ({ type, data }, client) => {
    if (type !== "say" || lost) return false;
    lost++;
    fake.event("message", "visitor", data, client); // stored, but the line breaks before the ack
    fake.drop();
    return true;
  };
  await write(page, "only once");
  await write(page, "then this");
  await fake.until(() => fake.said.length === 2);
  await sending(page).waitFor({ state: "detached" });
  assert.deepEqual(fake.said, ["only once", "then this"]);
  assert.deepEqual(await bubbles(page), ["only once", "then this"]);
});

withPanel("a network gone silent is noticed and the message sent again on a new connection", async (fake, page) => {
  fake.silent = true;
  await write(page, "into the void");
  await fake.until(() => fake.frames.some(({ type }) => type === "say"));
  fake.silent = false;
  const first = [...fake.sockets];
  for (const { socket } of first) socket.pause(); // frames vanish without a close
  await fake.until(() => fake.said.length === 1);
  assert.deepEqual(fake.said, ["into the void"]);
  assert.equal(fake.hellos, 2);
});

withPanel("two tabs show the same, and each message once", async (fake, page) => {
  const other = await page.context().newPage();
  await other.goto(fake.pageOrigin);
  await other.locator(".panel").waitFor(); // open here too: the tabs are in step
  await fake.until(() => fake.hellos === 2);
  await write(page, "from the first");
  await fake.until(() => fake.said.length === 1);
  await other.getByText("from the first").waitFor();
  fake.down = true;
  fake.drop();
  await write(other, "from the second");
  await page.getByText("from the second").waitFor(); // waiting to be sent, seen in both
  await write(page, "and the first");
  fake.down = false;
  await fake.until(() => fake.said.length === 3);
  for (const tab of [page, other]) {
    await sending(tab).waitFor({ state: "detached" });
    assert.deepEqual(await bubbles(tab), fake.said);
  }
  assert.deepEqual(fake.said, ["from the first", "from the second", "and the first"]);
});

withPanel("a message that one tab sends for another stands in its place though the other heard of it first", async (fake, page) => {
  const other = await page.context().newPage();
  await other.goto(fake.pageOrigin);
  await other.locator(".panel").waitFor();
  await fake.until(() => fake.hellos === 2);
  let acknowledge;
  fake.intercept = ({ type, data }, client) => {
    if (type !== "say" || data.text !== "for another") return false;
    if (client === author) return true; // the network of this tab swallows it, so that the other sends it in its stead
    const event = fake.event("message", "visitor", { id: data.id, text: data.text }, client);
    acknowledge = () => fake.send(client, "ack", { id: data.id, conversation: "c1" }, event.seq);
    return true;
  };
  const author = [...fake.sockets].at(-1);
  await write(other, "for another");
  await fake.until(() => acknowledge);
  await sending(page).waitFor({ state: "detached" });
  acknowledge();
  await write(page, "my own");
  await fake.until(() => fake.said.length === 2);
  await sending(page).waitFor({ state: "detached" });
  assert.deepEqual(await bubbles(page), ["for another", "my own"]);
});

withPanel("a message stands in its place though its tab is told of it before it hears that another tab had it taken off", async (fake, page) => {
  const other = await page.context().newPage();
  await other.addInitScript(() => {
    const held = (window.held = []);
    const hold = (event) => {
      if (!event.key.includes(":mail:") || event.newValue) return;
      event.stopImmediatePropagation();
      held.push(event);
    };
    window.addEventListener("storage", hold);
    window.release = () => {
      window.removeEventListener("storage", hold);
      for (const { key, oldValue } of held) window.dispatchEvent(new StorageEvent("storage", { key, oldValue }));
    };
  });
  await other.goto(fake.pageOrigin);
  await other.locator(".panel").waitFor();
  await fake.until(() => fake.hellos === 2);
  const author = [...fake.sockets].at(-1);
  let acknowledge;
  fake.intercept = ({ type, data }, client) => {
    if (type !== "say" || client !== author) return false;
    const event = fake.event("message", "visitor", { id: data.id, text: data.text }, client);
    acknowledge = () => fake.send(client, "ack", { id: data.id, conversation: "c1" }, event.seq);
    return true;
  };
  await write(other, "the earlier");
  await other.waitForFunction(() => window.held.length > 0);
  acknowledge();
  await write(page, "the later");
  await other.getByText("the later").waitFor();
  await other.evaluate(() => window.release());
  await sending(other).waitFor({ state: "detached" });
  assert.deepEqual(await bubbles(other), ["the earlier", "the later"]);
});

withPanel("tabs are in step: what is being written, what is read, and whether the panel is open", async (fake, page) => {
  const kept = () => page.evaluate(() => JSON.parse(localStorage["ombud:demo"]));
  await page.locator(".composer textarea").fill("half a sen");
  const other = await page.context().newPage();
  await other.goto(fake.pageOrigin + "/other");
  await other.locator(".panel").waitFor();
  assert.equal(await other.locator(".composer textarea").inputValue(), "half a sen");
  await other.locator(".composer textarea").fill("");
  assert.equal((await kept()).draft, "");
  await other.locator(".launcher").click();
  assert.equal((await kept()).open, false);
  await other.goto(fake.pageOrigin);
  await other.locator(".launcher").waitFor();
  assert.equal(await other.locator(".panel").isVisible(), false);
});

withPanel("a closed tab's message is sent by the other", async (fake, page) => {
  const other = await page.context().newPage();
  await other.goto(fake.pageOrigin);
  await other.locator(".panel").waitFor(); // open here too: the tabs are in step
  await fake.until(() => fake.hellos === 2);
  fake.down = true;
  fake.drop();
  await write(other, "left behind");
  await other.close();
  fake.down = false;
  await fake.until(() => fake.said.length === 1);
  assert.deepEqual(fake.said, ["left behind"]);
});

withPanel("a temporary refusal is tried again, a final one is said, and the next message goes on", async (fake, page) => {
  let refusals = 0;
  fake.intercept = ({ type, data }, client) => {
    if (type !== "say" || refusals >= 2) return false;
    const temporary = refusals++ === 0;
    fake.send(client, "error", { code: temporary ? "unavailable" : "control", message: "", temporary, id: data.id, retry_ms: 1 });
    return true;
  };
  await write(page, "first");
  await page.getByText("Not sent.").waitFor();
  await write(page, "second");
  await fake.until(() => fake.said.length === 1);
  assert.deepEqual(fake.said, ["second"]);
  await page.getByText("Try again").click();
  await fake.until(() => fake.said.length === 2);
  assert.deepEqual(fake.said, ["second", "first"]);
});

withPanel("close codes are obeyed: 4000 comes back, 4502 stops and says so", async (fake, page) => {
  fake.drop(4000);
  await fake.until(() => fake.hellos === 2);
  assert.equal(fake.frames.filter((frame) => frame.type === "hello")[1].data.since, fake.log.length);
  await page.clock.install();
  fake.drop(4502);
  await page.getByText("The chat is not available right now.").waitFor();
  await page.clock.runFor(120_000); // longer than any pause between attempts
  await page.getByText("Try again").click();
  await fake.until(() => fake.hellos === 3);
  assert.equal(fake.connections, 3, "no attempt before it was asked for");
});

withPanel("an unknown token is given up once, not for ever", async (fake, page) => {
  fake.intercept = ({ type, data }) => {
    if (type !== "hello") return false;
    fake.hellos++;
    fake.drop(4501);
    return true;
  };
  fake.drop(4000);
  await fake.until(() => fake.hellos === 3);
  assert.deepEqual(fake.frames.filter((frame) => frame.type === "hello").map((frame) => frame.data.token), ["", "token-1", ""]);
  await page.getByText("The chat is not available right now.").waitFor();
});

withPanel("the history follows to the next page, and a message there counts as unread", async (fake, page) => {
  await write(page, "hello");
  await fake.until(() => fake.said.length === 1);
  fake.bot("Good day");
  await page.getByText("Good day").waitFor();
  await page.locator(".launcher").click();
  await page.goto(fake.pageOrigin + "/other");
  await fake.until(() => fake.hellos === 2); // connected unasked: the conversation goes on
  assert.equal(await page.locator(".panel").isVisible(), false);
  fake.agent("Are you there?");
  await page.locator(".badge", { hasText: "1" }).waitFor();
  await page.locator(".launcher").click();
  assert.deepEqual(await page.locator(".bubble").allTextContents(), ["hello", "Good day", "Are you there?"]);
  await fake.until(() => fake.frames.some((frame) => frame.type === "read" && frame.seq === fake.log.length));
  assert.equal(await page.locator(".badge").textContent(), "");
});

withPanel("what was on the screen is read, however soon the panel is closed or the page is left", async (fake, page) => {
  const badge = page.locator(".badge");
  const closing = async (text, leave) => {
    await page.reload(); // the history comes in anew, and is not over when the visitor goes
    await page.locator(".panel").waitFor();
    await page.evaluate(([text, leave]) => {
      const { shadowRoot } = document.querySelector("ombud-chat");
      new MutationObserver((_, observer) => {
        if (!shadowRoot.textContent.includes(text)) return;
        observer.disconnect();
        leave ? dispatchEvent(new PageTransitionEvent("pagehide")) : shadowRoot.querySelector(".launcher").click();
      }).observe(shadowRoot, { subtree: true, childList: true, characterData: true });
    }, [text, leave]);
    fake.bot(text);
    const { seq } = fake.log.at(-1);
    await fake.until(() => fake.frames.some((frame) => frame.type === "read" && frame.seq === seq));
  };
  await closing("Left at once", true);
  await closing("Closed at once", false);
  fake.agent("Are you there?");
  await page.locator(".badge:not(:empty)").waitFor();
  assert.equal(await badge.textContent(), "1");
});

withPanel("the socket closes for the back/forward cache and opens on the way back", async (fake, page) => {
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await fake.until(() => fake.sockets.size === 0);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await fake.until(() => fake.hellos === 2);
});

withPanel("typing is sent sparingly and shown, with the writer's name", async (fake, page) => {
  await page.locator(".composer textarea").pressSequentially("some words");
  await fake.until(() => fake.frames.some((frame) => frame.type === "typing"));
  assert.equal(fake.frames.filter((frame) => frame.type === "typing").length, 1);
  fake.all("typing", { role: "agent", name: "Anna", on: true });
  await page.getByText("Anna is typing…").waitFor();
  fake.agent("Hello");
  await page.getByText("Anna is typing…").waitFor({ state: "detached" });
});

withPanel("what is no frame is reported and survived", async (fake, page) => {
  for (const client of fake.sockets) for (const text of ["{", "[]", '"x"', '{"type":1}', '{"type":"event","seq":1.5}', '{"type":"x","data":null}']) fake.raw(client, text);
  await page.waitForFunction(() => said.filter(([name]) => name === "error").length === 6);
  fake.bot("still here");
  await page.getByText("still here").waitFor();
});

const golden = new URL("../../server/testdata/frames/", import.meta.url);
withPanel("every golden frame of the server decodes", async (fake, page, t) => {
  if (!existsSync(golden)) return t.skip("no golden frames beside this folder");
  const names = readdirSync(golden).filter((name) => name.startsWith("out-"));
  assert.ok(names.length > 0);
  const bad = () => page.evaluate(() => said.filter(([name, detail]) => name === "error" && detail.code === "bad_frame").length);
  for (const name of [...names, "the end"]) {
    const text = name === "the end" ? "no frame" : readFileSync(new URL(name, golden), "utf8").trim();
    for (const client of fake.sockets) fake.raw(client, text);
  }
  await page.waitForFunction(() => said.some(([name, detail]) => name === "error" && detail.code === "bad_frame"));
  assert.equal(await bad(), 1, "only what was no frame is refused");
});
