// Pictures of every state of the panel and every view of the desk, on the servers that their own tests use: an outage, a
// refusal or four people waiting are there at will.

import { startFake as startDesk } from "../console/test/fake.mjs";
import { visit as visitDesk } from "../console/test/harness.mjs";
import { gates, overlay, views } from "../console/test/views.mjs";
import { visit } from "../widget/test/browser.mjs";
import { startFake } from "../widget/test/fake.mjs";
import { states } from "../widget/test/states.mjs";

/** What the desk's own test of several at once and of offers looks at, before the transfer. */
const more = [
  ["escalate", (page) => overlay(page, "u")],
  ["offer", (page) => overlay(page, "o")],
  ["promise", (page) => overlay(page, "p")],
];
const at = views.findIndex(([name]) => name === "transfer");

const plain = (name) => name.replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");

/** panelStates takes the panel in each of its states. */
export async function panelStates(browser, folder, name, options) {
  const fake = await startFake();
  const page = await visit(browser, fake.pageOrigin, { reducedMotion: "reduce", ...options });
  let n = 0;
  for await (const state of states(fake, page)) {
    await page.screenshot({ path: `${folder}/panel-${String(++n).padStart(2, "0")}-${plain(state)}-${name}.png` });
  }
  await page.context().close();
  await fake.stop();
}

/** deskViews takes the gates and each view of the desk. */
export async function deskViews(browser, folder, name, options) {
  for (const [gate, hash] of Object.entries(gates)) {
    const desk = await visitDesk(browser, { user: "", hash, ...options });
    await desk.page.waitForSelector(".gate");
    await desk.page.screenshot({ path: `${folder}/desk-00-${gate}-${name}.png` });
    await desk.end();
  }
  const desk = await visitDesk(browser, { fake: await startDesk(), user: "sam", ...options });
  await desk.page.waitForSelector(".virtual-row");
  desk.fake.claimAs("u-anna", "c-maja");
  let n = 0;
  const english = options.locale.startsWith("en");
  for (const [view, step] of [...views.slice(0, at), ...more, ...views.slice(at)]) {
    if (view === "settings" && !english) continue; // its step finds them by their English name
    await step(desk.page, desk.fake);
    await desk.page.waitForTimeout(150); // a dialog is laid out in the frame after it opens
    await desk.page.screenshot({ path: `${folder}/desk-${String(++n).padStart(2, "0")}-${plain(view)}-${name}.png` });
  }
  await desk.end();
}
