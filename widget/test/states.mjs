// The states of the panel, for what looks at all of them: accessibility and pictures.
import { openPanel, write } from "./browser.mjs";

/** The states of a conversation, one after the other, each ready to be looked at. */
export async function* states(fake, page) {
  await page.locator(".launcher").waitFor();
  yield "launcher";
  fake.bot("How can I help?", { quick_replies: [{ label: "Order", text: "Order" }] });
  await openPanel(page);
  await page.locator(".replies").waitFor();
  yield "greeting";
  await write(page, "Where is my parcel?");
  await fake.until(() => fake.said.length === 1);
  fake.bot("Let me look at https://example.com/track for you.");
  await page.locator(".bubble a").waitFor();
  fake.all("typing", { role: "bot", on: true });
  await page.locator(".typing").waitFor();
  yield "typing";
  fake.asksFor("Which order is it?");
  await page.locator(".fact input").fill("x");
  await page.keyboard.press("Enter");
  await page.locator(".fact .error").waitFor();
  yield "a fact, not understood";
  fake.event("handoff_requested", "system");
  fake.all("waiting", { position: 2, minutes: [1, 4], until: new Date(Date.now() + 240_000).toISOString(), offers: ["keep_waiting", "leave_message", "call_back"] });
  await page.locator(".choices p").waitFor();
  yield "waiting";
  await page.locator(".choices button").nth(1).click();
  await page.locator("[name=callback]").waitFor();
  yield "call back";
  await page.keyboard.press("Escape");
  await page.locator(".choices button").nth(2).click();
  await page.locator(".card .strong").click();
  await page.locator(".error").waitFor();
  yield "leave a message";
  await page.keyboard.press("Escape");
  fake.event("handoff_claimed", "agent", { name: "Anna" });
  fake.agent("Hello, I am Anna.");
  await page.getByText("Hello, I am Anna.").waitFor();
  await page.locator(".composer textarea").fill("x".repeat(4001));
  await page.locator(".composer .error").waitFor();
  yield "agent, too long";
  await page.locator(".composer textarea").fill("");
  fake.event("offer", "agent", { id: "o1", remedy: "refund", worth: 4800, currency: "EUR", text: "Your money back", state: "offered" });
  fake.event("promise", "agent", { id: "p1", text: "We call you", due_at: "2030-05-04T10:00:00Z", state: "open" });
  fake.event("file", "agent", { file: "f1", file_name: "label.png", type: "image/png", size: 1200, width: 1, height: 1, name: "Anna" });
  await page.locator(".offer .strong").waitFor();
  await page.waitForFunction(() => document.querySelector("ombud-chat").shadowRoot.querySelector(".file canvas")?.width === 1);
  yield "offer, promise, file";
  await page.locator("header .icon").first().click();
  await page.locator(".menu").waitFor();
  yield "menu";
  await page.locator(".menu .entry-button").nth(2).click();
  await page.locator("[name=email]").waitFor();
  yield "by e-mail";
  await page.locator("[name=email]").fill("ada@example.com");
  await page.locator(".card .strong").click();
  await page.locator("[name=code]").waitFor();
  yield "the code";
  await page.keyboard.press("Escape");
  await page.locator(".composer").waitFor();
  await page.locator("header .icon").first().click();
  await page.locator(".menu .entry-button").nth(3).click();
  await page.locator(".card:not(.menu)").waitFor();
  yield "end?";
  await page.keyboard.press("Escape");
  fake.down = true;
  fake.drop();
  await page.locator(".notice.warn").waitFor();
  yield "offline";
  fake.down = false;
  fake.owner = "agent";
  await fake.until(() => fake.hellos === 2);
  fake.questions = [
    { id: "again", kind: "scale", text: "Would you buy here again?" },
    { id: "how", kind: "choice", text: "How did you find us?", choices: [{ id: "a", text: "A friend" }, { id: "b", text: "A search" }] },
    { id: "why", kind: "text", text: "Why?" },
  ];
  fake.event("closed", "agent", {});
  await page.locator(".faces label").nth(1).click();
  await page.locator(".choice label").nth(1).click();
  yield "ended";
  await page.locator(".card .strong").click();
  await page.locator(".card fieldset").first().waitFor({ state: "detached" });
  fake.drop(4502);
  await page.locator(".notice.bad").waitFor();
  yield "stopped";
}
