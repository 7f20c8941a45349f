// What people see, hear and press: accessibility, keyboard, and text that stays text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, axeInBothThemes } from "../../console/test/harness.mjs";
import { launch, openPanel, visit, write } from "./browser.mjs";
import { startFake } from "./fake.mjs";
import { states } from "./states.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function scene(options, run) {
  const fake = await startFake();
  const page = await visit(browser, fake.pageOrigin, { reducedMotion: "reduce", ...options });
  try {
    await run(fake, page);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.context().close();
    await fake.stop();
  }
}

const looks = {
  "both themes": {},
  "forced colours": { forcedColors: "active" },
  "360 px": { viewport: { width: 360, height: 740 } },
  "right to left, 360 px, both themes": { locale: "ar", viewport: { width: 360, height: 740 } },
};

for (const [look, options] of Object.entries(looks)) {
  test(`axe finds nothing in any state: ${look}`, { timeout: 120_000 }, (t) =>
    scene({ bypassCSP: true, ...options }, async (fake, page) => {
      let looked = 0;
      for await (const state of states(fake, page)) {
        if (state === "greeting" && options.locale === "ar") {
          assert.equal(await page.locator(".place").getAttribute("dir"), "rtl");
          assert.equal(await page.locator(".composer textarea").evaluate((box) => getComputedStyle(box).direction), "rtl", "the placeholder's side");
        }
        assert.deepEqual(await (look.includes("both") ? axeInBothThemes : axe)(page), [], `${look}, ${state}`);
        looked++;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wide, false, `${state} scrolls sideways`);
        const small = await page.evaluate(() =>
          [...document.querySelector("ombud-chat").shadowRoot.querySelectorAll("button, input:not([type=radio]), select, textarea, label:has([type=radio])")]
            .map((e) => [e.className || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([name]) => name));
        assert.deepEqual(small, [], `${state}: targets under 24 px`);
      }
      t.diagnostic(`${look}: 0 axe violations in ${looked} states (goal 0 in 10)`);
      assert.ok(looked >= 10);
    }));
}

test("what a site asks for comes before the first message, and only then", () =>
  scene({ bypassCSP: true }, async (fake, page) => {
    fake.ask = ["name", "email"];
    await openPanel(page);
    await page.locator("[name=email]").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator("[name=name]").fill("Ada");
    await page.locator("[name=email]").fill("ada@example.com");
    await page.locator(".card .strong").click();
    await page.locator(".composer textarea").waitFor();
    assert.deepEqual(fake.frames.find(({ type }) => type === "introduce").data, { ...fake.frames.find(({ type }) => type === "introduce").data, name: "Ada", email: "ada@example.com" });
  }));

test("reflow: everything is reachable at 320 by 256 px", () =>
  scene({ viewport: { width: 320, height: 256 } }, async (fake, page) => {
    await openPanel(page);
    for (const name of [".composer textarea", ".send", "header .icon"]) {
      const box = await page.locator(name).first().boundingBox();
      assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 320 && box.y + box.height <= 256, name);
    }
  }));

test("keyboard: open, focus, write, Escape back to the launcher", () =>
  scene({}, async (fake, page) => {
    const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className || document.activeElement?.shadowRoot?.activeElement?.tagName);
    await page.locator(".launcher").focus();
    assert.equal(await page.locator(".launcher").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    await page.locator(".panel").waitFor();
    assert.equal(await page.locator(".launcher").getAttribute("aria-expanded"), "true");
    assert.equal(await focused(), "TEXTAREA");
    await page.keyboard.type("line one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("line two");
    await page.keyboard.press("Enter");
    await fake.until(() => fake.said.length === 1);
    assert.deepEqual(fake.said, ["line one\nline two"]);
    assert.equal(await focused(), "TEXTAREA");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".panel").isVisible(), false);
    assert.equal(await focused(), "launcher");
  }));

test("full screen under 480 px keeps Tab inside; wider it lets go", () =>
  scene({ viewport: { width: 400, height: 700 } }, async (fake, page) => {
    await openPanel(page);
    assert.equal(await page.locator(".panel").getAttribute("aria-modal"), "true");
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.closest(".panel")), `after ${i + 1} tabs`);
    }
    await page.setViewportSize({ width: 900, height: 700 });
    await page.locator('.panel:not([aria-modal])').waitFor();
  }));

test("the log is silent while the history goes in and live afterwards; status stands apart", () =>
  scene({}, async (fake, page) => {
    fake.bot("Earlier words");
    await page.addInitScript(() => {
      window.lives = [];
      new MutationObserver(() => {
        const root = document.querySelector("ombud-chat")?.shadowRoot;
        if (root && !root.watched) {
          root.watched = true;
          new MutationObserver(() => {
            const log = root.querySelector("[role=log]");
            window.lives.push([log?.getAttribute("aria-live"), log?.textContent.includes("Earlier words"), log?.textContent.includes("News")]);
          }).observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
        }
      }).observe(document, { subtree: true, childList: true });
    });
    await page.reload();
    await openPanel(page);
    await page.locator('[role=log][aria-live="polite"]').waitFor();
    fake.bot("News");
    await page.getByText("News").waitFor();
    const lives = await page.evaluate(() => window.lives);
    const arrived = lives.find(([, earlier]) => earlier);
    assert.equal(arrived[0], "off", "history arrives in silence");
    assert.equal(lives.find(([, , news]) => news)[0], "polite", "news is read out");
    assert.equal(await page.locator("[role=log] [role=status], [role=status] [role=log]").count(), 0);
    assert.ok(await page.locator("[role=log]").getAttribute("aria-label"));
    assert.equal(await page.locator(".bubble p:not([dir=auto])").count(), 0);
    assert.equal(await page.locator(".composer textarea").getAttribute("dir"), "auto");
  }));

test("a growing answer is seen and not read out; the message it becomes is, once", () =>
  scene({ bypassCSP: true }, async (fake, page) => {
    await openPanel(page);
    await write(page, "Where is my parcel?");
    await fake.until(() => fake.said.length === 1);
    await page.evaluate(() => {
      window.read = [];
      const log = document.querySelector("ombud-chat").shadowRoot.querySelector("[role=log]");
      new MutationObserver(() => window.read.push(log.textContent)).observe(log, { subtree: true, childList: true, characterData: true });
    });
    const growing = page.locator('.draft[aria-hidden="true"]');
    for (const text of ["First <b>things</b> first.", "First <b>things</b> first. It is on its way."]) {
      fake.all("draft", { conversation: "c1", text });
      await growing.getByText(text, { exact: true }).waitFor();
    }
    assert.equal(await page.locator("[role=log] .draft, [role=status] .draft, .draft b").count(), 0);
    await page.locator(".typing").waitFor();
    assert.deepEqual(await axe(page), []);
    const [seen, last] = [await growing.locator(".bubble").boundingBox(), await page.locator(".visitor .bubble").boundingBox()];
    assert.ok(seen.y > last.y && seen.y - last.y - last.height < 80, "it stands right below what was said last");
    assert.deepEqual(await page.evaluate(() => window.read.filter((text) => text.includes("First"))), [], "nothing of it is in the log");
    fake.bot("First <b>things</b> first. It is on its way.");
    await page.locator("[role=log]").getByText("It is on its way.").waitFor();
    assert.equal(await page.locator(".draft, .typing").count(), 0);
    const read = await page.evaluate(() => window.read.filter((text) => text.includes("First")));
    assert.ok(read.length > 0 && read.every((text) => text.includes("on its way.")), "it is read out whole");
    fake.all("draft", { conversation: "c1", text: "Never mind." });
    await growing.waitFor();
    fake.all("draft", { conversation: "c1", text: "" });
    await growing.waitFor({ state: "detached" });
    fake.all("draft", { conversation: "c1", text: "Late." });
    await growing.waitFor();
    fake.event("handoff_requested", "system");
    await growing.waitFor({ state: "detached" });
  }));

test("words stay words: no markup, only safe addresses, bots labelled", () =>
  scene({}, async (fake, page) => {
    const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1) data:text/html,x [a](javascript:alert(1))`;
    await openPanel(page);
    await write(page, hostile);
    await fake.until(() => fake.said.length === 1);
    fake.bot(hostile);
    fake.event("handoff_claimed", "agent", { name: "<b>Anna</b>" });
    fake.event("message", "agent", { name: "<b>Anna</b>", text: "See (https://example.com/a_(b)). Or write to help@example.com!" });
    await page.locator(".bubble a").nth(1).waitFor();
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator(".place img, .place script, .place b").count(), 0);
    const links = await page.locator(".bubble a").evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.rel, a.textContent]));
    assert.deepEqual(links, [
      ["https://example.com/a_(b)", "noopener noreferrer", "https://example.com/a_(b)"],
      ["mailto:help@example.com", "noopener noreferrer", "help@example.com"],
    ]);
    assert.equal(await page.locator(".bot .who").textContent(), "Assistant AI");
    assert.equal(await page.locator(".agent .who").textContent(), "<b>Anna</b>");
  }));

test("nobody waits 0 minutes, or 3 to 3", () =>
  scene({}, async (fake, page) => {
    await openPanel(page);
    fake.event("handoff_requested", "system");
    const told = page.locator(".notice.calm p").first();
    for (const [minutes, words] of [[[0, 1], "You are next"], [[0, 3], "You are next · about 1 to 3 min"], [[3, 3], "You are next · about 2 to 3 min"]]) {
      fake.all("waiting", { position: 1, minutes });
      await page.waitForFunction((w) => document.querySelector("ombud-chat").shadowRoot.querySelector(".notice.calm p")?.textContent === w, words);
      assert.equal(await told.textContent(), words);
    }
  }));

test("a fact is asked for with an input of its own, beside the free text; the value is said like any words", () =>
  scene({}, async (fake, page) => {
    await openPanel(page);
    const input = page.locator(".fact input");
    fake.asksFor("Which order?");
    assert.equal(await input.getAttribute("inputmode"), null, "letters may be in it");
    await input.fill("none");
    await page.locator(".fact .strong").click();
    assert.equal(await page.locator(".fact .error").textContent(), "That has no number in it.");
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    await input.fill(" AB-48213377 ");
    await page.keyboard.press("Enter");
    await fake.until(() => fake.said.length === 1);
    assert.equal(fake.said[0], "AB-48213377");
    await page.locator(".fact").waitFor({ state: "detached" });

    fake.asksFor("Which order?", { pattern: "[0-9]{8}" });
    assert.equal(await input.getAttribute("inputmode"), "numeric");
    await input.fill("1234");
    await page.keyboard.press("Enter");
    await page.locator(".fact .error").waitFor();
    await page.locator(".fact .plain").click();
    await fake.until(() => fake.said.length === 2);
    assert.equal(fake.said[1], "I don't have it");

    fake.asksFor("How can we reach you?", { fact: "contact", kind: "contact", label: "e-mail or phone" });
    assert.equal(await input.getAttribute("inputmode"), "email");
    await input.fill("ada@example.com");
    await page.keyboard.press("Enter");
    await fake.until(() => fake.said.length === 3);
    fake.asksFor("Since when?", { fact: "since_when", kind: "date", label: "since when" });
    await page.locator(".fact input[type=date]").fill("2026-05-01");
    const [box, send] = [await input.boundingBox(), await page.locator(".fact .strong").boundingBox()];
    assert.ok(box.x + box.width <= send.x, "the date does not lie under the button");
    await page.locator(".fact .strong").click();
    await fake.until(() => fake.said.length === 4);
    assert.equal(fake.said[3], "2026-05-01");

    fake.asksFor("What happened?", { fact: "what_happened", kind: "text", label: "what happened" });
    await page.getByText("What happened?").waitFor();
    assert.equal(await page.locator(".fact").count(), 0, "a sentence is best written in the composer");
    fake.asksFor("Which order, then?");
    await input.waitFor();
    fake.event("handoff_requested", "system");
    await page.locator(".notice.calm").waitFor();
    await input.waitFor(); // what is missing may be told while waiting
    await write(page, "I would rather explain");
    await page.locator(".fact").waitFor({ state: "detached" });
  }));

test("who waits is told how long honestly: by when, a new time as such, when somebody is back, and what else to do", () =>
  scene({ timezoneId: "Europe/Budapest" }, async (fake, page) => {
    fake.mailing = false;
    await openPanel(page);
    await fake.until(() => fake.hellos === 1); // a notice reaches only who is there
    fake.event("handoff_requested", "system");
    const notice = page.locator(".notice.calm");
    const until = new Date(Date.now() + 20 * 60_000);
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Budapest" }).format(until);
    fake.all("waiting", { position: 3, minutes: [6, 14], until: until.toISOString() });
    await notice.getByText("You are number 3 in line · about 6 to 14 min").waitFor();
    const text = await notice.textContent();
    assert.ok(text.includes("A colleague will be with you by about") && text.includes(clock), text);
    assert.deepEqual(await page.locator(".choices button").allTextContents(), ["Leave a message"]);
    fake.all("waiting", { position: 1, until: until.toISOString(), renewed: true, offers: ["keep_waiting", "leave_message", "call_back"] });
    await notice.getByText("This takes longer than we said.").waitFor();
    assert.deepEqual(await page.locator(".choices button").allTextContents(), ["Keep waiting", "Call me back", "Leave a message"]);
    await page.getByText("Keep waiting").click();
    await page.getByText("Keep waiting").waitFor({ state: "detached" });
    fake.all("waiting", { position: 1, opens: new Date(Date.now() + 50 * 3_600_000).toISOString(), offers: ["leave_message", "call_back"] });
    await notice.getByText("Nobody is here right now. We are back:").waitFor();
    await page.getByText("Leave a message").click();
    assert.equal(await page.locator(".card .hint").textContent(), "We answer here, in this chat.", "where e-mail is off");
    assert.deepEqual(await page.locator(".card [name]").evaluateAll((all) => all.map((e) => e.name)), ["text", "phone"], "no address is asked for there");
    await page.locator(".card .strong").click();
    await page.getByText("Please write a message.").waitFor();
    await page.locator(".card .quiet").click();
    await page.getByText("Call me back").click();
    await page.locator("[name=callback]").waitFor();
    const slots = (await page.locator("[name=callback] option").allTextContents()).map((text) => text.replaceAll(",", ""));
    assert.deepEqual(slots, ["Mon 6 May 10:00–11:00", "Mon 6 May 11:00–12:00", "Tue 7 May 10:00–11:00"], "in the visitor's own zone");
    assert.equal(fake.frames.find(({ type }) => type === "slots").data.zone, "Europe/Budapest");
    await page.locator(".card .strong").click();
    await page.getByText("Please give a phone number.").waitFor();
    await page.locator("[name=phone]").fill("+36 1 234 5678");
    fake.intercept = ({ type, data }, client) => type === "leave_message" && (fake.send(client, "error", { code: "invalid", field: "callback", message: "Taken.", temporary: false, id: data.id }), true);
    await page.locator(".card .strong").click();
    await page.locator(".card .error").waitFor();
    fake.intercept = () => false;
    await page.locator(".card .strong").click();
    await page.locator(".card").waitFor({ state: "detached" });
    assert.equal(fake.frames.findLast(({ type }) => type === "leave_message").data.callback, fake.slots[0].from);
    await page.getByText("We have your message and will get back to you.").waitFor();
    assert.equal(await page.getByText("with you by about").count(), 0, "a call has its own time");
    fake.event("left_message", "visitor", { text: "Or write to me.", due_at: "2030-05-06T08:00:00Z" });
    await page.getByText("A colleague will be with you by about").getByText(/6 May.* 10:00/).waitFor();
  }));

test("the conversation goes by e-mail to who tells the code, and the company's questions are asked after the end", () =>
  scene({}, async (fake, page) => {
    await openPanel(page);
    await write(page, "Hello");
    await fake.until(() => fake.said.length === 1);
    await page.locator("header .icon").first().click();
    await page.getByText("Send it by e-mail").click();
    await page.locator("[name=email]").fill("ada@example.com");
    await page.keyboard.press("Enter");
    await page.locator("[name=code]").fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("This code is wrong or has expired.").waitFor();
    await page.locator("[name=code]").fill(fake.code);
    await page.keyboard.press("Enter");
    await page.getByText("Sent to ada@example.com.").waitFor();
    assert.deepEqual(fake.mails.map(({ email, code }) => [email, code]), [["ada@example.com", undefined], ["ada@example.com", "000000"], ["ada@example.com", fake.code]]);
    await page.locator(".card .quiet").click();
    fake.questions = [
      { id: "again", kind: "scale", text: "Would you buy here again?" },
      { id: "how", kind: "choice", text: "How did you find us?", choices: [{ id: "a", text: "A friend" }, { id: "b", text: "A search" }] },
      { id: "why", kind: "text", text: "Why?" },
    ];
    fake.event("closed", "agent", {});
    await page.locator(".faces label").nth(4).click();
    await page.locator(".scale label").nth(3).click();
    await page.locator(".choice label").nth(1).click();
    await page.locator("[name=q-why]").fill("Because\nof it");
    await page.locator(".card .strong").click();
    await page.getByText("Thank you for telling us.").waitFor();
    const { id, ...rated } = fake.frames.find(({ type }) => type === "rate").data;
    assert.deepEqual(rated, { rating: 5, answers: { again: "4", how: "b", why: "Because of it" } });
  }));
