// What the widget costs the page that carries it, in time: each figure is printed beside its goal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, visit } from "./browser.mjs";
import { startFake } from "./fake.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Opens the chat on a fresh page: milliseconds from navigation to the text box, and the long tasks on the way. */
async function toType(fake, throttled) {
  const page = await visit(browser, "about:blank");
  const devtools = await page.context().newCDPSession(page);
  if (throttled) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 });
  }
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => window.long.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask", buffered: true });
    // The visitor presses as soon as there is something to press, and the clock stops as soon as there is something to write in.
    const look = () => {
      const root = document.querySelector("ombud-chat")?.shadowRoot;
      const box = root?.querySelector(".composer textarea");
      if (root && !window.pressed) window.pressed = performance.now();
      if (window.pressed && !window.clicked) (window.clicked = true), root.querySelector(".launcher").click();
      if (box?.getBoundingClientRect().height) window.typing ??= performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(fake.pageOrigin);
  await page.waitForFunction(() => window.typing);
  const measured = await page.evaluate(() => ({ ms: Math.round(window.typing), long: Math.round(Math.max(0, ...window.long)) }));
  await page.context().close();
  return measured;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

test("time to type and long tasks, plain and throttled", { timeout: 120_000 }, async (t) => {
  const fake = await startFake();
  try {
    for (const [name, throttled, goal, longest] of [["plain", false, 1500, 50], ["throttled (CPU x4, 1.6 Mbit/s, 150 ms)", true, 1500, 200]]) {
      const runs = [];
      for (let i = 0; i < 5; i++) runs.push(await toType(fake, throttled));
      const [ms, long] = [median(runs.map((run) => run.ms)), median(runs.map((run) => run.long))];
      t.diagnostic(`${name}: ${ms} ms to type (goal ${goal}), longest task ${long} ms (goal ${longest}); median of 5`);
      // A test machine that does other things at the same time is slower; only what no load explains fails.
      assert.ok(ms <= 6 * goal, `${name}: ${ms} ms to type`);
      assert.ok(long <= 10 * longest, `${name}: a task of ${long} ms`);
    }
  } finally {
    await fake.stop();
  }
});
