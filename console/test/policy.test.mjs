import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, axeInBothThemes, launch, signIn, until, visit } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const requests = (fake, what) => fake.policies.requests.filter((r) => r === what).length;
const slider = (field) => `[data-field=${field}] input[type=range]`;
const box = (field) => `[id="policy-${field}"]`;
const told = '.policy-told';
const then = '[data-measure=rate] td >> nth=1';

/** open signs in, goes to the page and waits for the first sweep. */
async function open(options = {}) {
  const desk = await visit(browser, { user: 'vera', ...options });
  await desk.page.evaluate(() => (location.hash = '#/admin/policy'));
  await desk.page.waitForSelector(options.fake?.policies.recorded === 0 ? '.policy-empty' : told);
  return desk;
}

test('a moved threshold shows new numbers at once and without a request', async (t) => {
  const { fake, page, violations, end } = await open();
  await page.focus(slider('answer_at'));
  const before = fake.policies.requests.length;
  const first = await page.textContent(told);
  assert.match(first, /At 0\.55, /);
  const ms = await page.evaluate(async () => {
    const out = () => document.querySelector('.policy-told').textContent;
    const input = document.querySelector('[data-field=answer_at] input[type=range]');
    const was = out();
    const at = performance.now();
    input.value = '0.75';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    while (out() === was && performance.now() - at < 2000) await new Promise(requestAnimationFrame);
    return performance.now() - at;
  });
  t.diagnostic(`new numbers after ${Math.round(ms)} ms (goal 100)`);
  assert.ok(ms <= (process.env.OMBUD_HOLD_TIMES ? 100 : 1000), `${ms} ms`);
  assert.equal(fake.policies.requests.length, before, 'nothing was asked for');
  assert.match(await page.textContent(told), /^At 0\.75, .* \(with the live value 0\.55: .*New: [1-9]/);
  assert.match(await page.textContent('.policy-chart desc'), /Chosen value 0\.75/);
  assert.equal(await page.inputValue(box('answer_at')), '0.75', 'the number follows the slider');
  await page.keyboard.press('ArrowRight');
  assert.match(await page.textContent(told), /^At 0\.76, /);
  assert.equal(requests(fake, 'POST policies/sweep'), 1, 'one sweep for the field');
  assert.deepEqual(violations, []);
  await end();
});

test('all changes together are replayed after a pause, and each changed conversation is a link', async () => {
  const { fake, page, end } = await open();
  await page.waitForSelector('[data-measure=rate]');
  const before = requests(fake, 'POST policies/replay');
  // Both in one breath: two calls to a busy browser may lie further apart than the pause that is waited for.
  await page.evaluate((values) => {
    for (const [at, value] of values) {
      const input = document.querySelector(at);
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }, [[box('answer_at'), '0.7'], [box('max_turns'), '7']]);
  await page.locator('.policy-changes a').first().waitFor();
  assert.equal(requests(fake, 'POST policies/replay'), before + 1, 'one replay for both');
  assert.notEqual(await page.textContent(then), await page.textContent('[data-measure=rate] td'));
  assert.match(await page.getAttribute('.policy-changes a', 'href'), /^#\/c\/c-recorded-\d+$/);
  await page.evaluate(() => (location.hash = '#/c/c-judit'));
  await page.waitForSelector('.said');
  await page.goBack();
  await page.waitForSelector(told);
  assert.equal(await page.inputValue(box('max_turns')), '7', 'the changes wait while a conversation is read');
  await page.getByRole('button', { name: 'Discard all' }).click();
  assert.equal(await page.inputValue(box('max_turns')), '5');
  await end();
});

test('the forecast by hour of the day comes once it is opened, and follows the draft', async () => {
  const { fake, page, violations, end } = await open();
  assert.equal(requests(fake, 'POST policies/staffing'), 0, 'nobody has asked');
  await page.click('.policy-staffing summary');
  await page.getByText('The longest wait is at 10:00: 7.5 – 8.5 minutes with 3 on duty; 5 are needed.').waitFor();
  await page.getByText('Too few at 10:00.').waitFor();
  assert.equal(await page.textContent('[data-hour="10"] td >> nth=0'), '11 – 12');
  await page.fill(box('answer_at'), '0.75');
  await page.locator('[data-hour="10"] td', { hasText: '15 – 16' }).waitFor();
  assert.equal(requests(fake, 'POST policies/staffing'), 2);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(violations, []);
  await end();
});

test('values that do not fit say so and cannot be saved', async () => {
  const { page, end } = await open();
  await page.fill(box('clarify_at'), '0.9');
  await page.getByText('These settings do not fit together: clarify_at is above answer_at.').waitFor();
  assert.equal(await page.isDisabled('.policy-save button'), true);
  await page.fill(box('clarify_at'), '7');
  await page.press(box('clarify_at'), 'Tab');
  assert.equal(await page.inputValue(box('clarify_at')), '1', 'a value beyond the range becomes its end');
  await end();
});

test('a signal is moved like a threshold, and the way to a person is said and not offered', async () => {
  const { fake, page, violations, end } = await open();
  assert.equal(await page.locator('[data-row="signals.wants_human"] [role=switch], [data-row="signals.danger"] [role=switch]').count(), 0, 'nothing to switch off');
  await page.getByText('a person is always within reach').waitFor();
  assert.match(await page.textContent('[data-row="signals.wants_human"]'), /always/);
  await page.focus(box('signals.angry.at'));
  await page.getByText(/At 0\.6, /).waitFor();
  const slide = '[data-row="signals.angry"] input[type=range]';
  await page.focus(slide);
  await page.keyboard.press('Home');
  await page.getByText(/At as trained, .* of conversations go to a person \(with the live value 0\.6/).waitFor();
  assert.equal(await page.inputValue(box('signals.angry.at')), '', 'what is trained is not a number');
  assert.match(await page.textContent('.policy-chart desc'), /Live value 0\.6/);
  await page.locator('.policy-changes a').first().waitFor();
  assert.equal(requests(fake, 'POST policies/sweep'), 2, 'one sweep for it, beside the first field');
  await page.fill(box('signals.danger.at'), '0.9');
  await page.press(box('signals.danger.at'), 'Tab');
  assert.equal(await page.inputValue(box('signals.danger.at')), '0.7', 'danger cannot be tuned away');
  await page.uncheck('[data-row="signals.angry"] [role=switch]');
  assert.equal(await page.isDisabled(box('signals.angry.at')), true);
  await page.fill('#policy-reason', 'quieter');
  await page.keyboard.press('Enter');
  await page.locator('[data-version="3"]').waitFor();
  assert.deepEqual(fake.policies.list[0].data.signals, { wants_human: {}, angry: { off: true }, danger: { at: 0.7 } });
  await page.locator('[data-version="3"] summary').click();
  await page.locator('[data-version="3"] .policy-diff', { hasText: 'Signal “angry”: Counts from: 0.6 → becomes not set' }).waitFor();
  assert.match(await page.textContent('[data-version="3"] .policy-diff'), /Signal “angry”: Counts: not set →\s+becomes\s+off/);
  assert.deepEqual(violations, []);
  await end();
});

test('a reason goes elsewhere, and each handoff that would is listed with both ways', async () => {
  const { fake, page, end } = await open();
  await page.selectOption(box('reasons.low_confidence.severity'), 'high');
  await page.selectOption(box('reasons.low_confidence.level'), '3');
  await page.selectOption(box('reasons.low_confidence.skill'), 'billing');
  const both = 'Bot was not sure (Low · Agent · Whoever is free) → becomes Handed over: Bot was not sure (High · Supervisor · Billing)';
  await page.locator('.policy-changes li', { hasText: both }).first().waitFor();
  await page.locator('.policy-changes .tag', { hasText: 'goes elsewhere' }).first().waitFor();
  await page.getByText(/where a handoff goes, not when.*so many go elsewhere: [1-9]/).waitFor();
  assert.match(await page.textContent('[data-measure=elsewhere] td >> nth=1'), /^[1-9]/);
  await page.selectOption(box('reasons.low_confidence.skill'), '*');
  await page.locator('[data-row="reasons.low_confidence"]').getByRole('button', { name: 'Undo' }).waitFor();
  await page.fill('#policy-reason', 'experts first');
  await page.keyboard.press('Enter');
  await page.locator('[data-version="3"]').waitFor();
  assert.deepEqual(fake.policies.list[0].data.reasons.low_confidence, { severity: 'high', level: 3, any_skill: true });
  assert.deepEqual(fake.policies.list[0].data.reasons.danger, { severity: 'critical', level: 1, any_skill: true });
  await page.locator('[data-version="3"] summary').click();
  await page.locator('.policy-diff', { hasText: 'Reason “Bot was not sure”: Level: 1 · Agent → becomes 3 · Supervisor' }).waitFor();
  await page.getByRole('button', { name: 'Go back to version 2' }).click();
  await page.locator('[data-version="4"] .policy-live').waitFor();
  assert.equal(await page.inputValue(box('reasons.low_confidence.level')), '1');
  await end();
});

test('a topic gets values of its own, is told at its field what is wrong, and loses them again', async () => {
  const { fake, page, end } = await open();
  await page.selectOption(box('add-topics'), 'order_status');
  await page.getByRole('button', { name: 'Add a topic' }).click();
  await page.waitForFunction((id) => document.activeElement?.id === id, 'policy-topics.order_status.answer_at');
  assert.equal(await page.getAttribute(box('topics.order_status.answer_at'), 'placeholder'), '0.55', 'the general value stands in its place');
  await page.keyboard.type('0.8');
  await page.getByText(/^At 0\.8, .*with the live value as in general/).waitFor();
  await page.fill(box('topics.order_status.misses'), '9');
  await page.locator('[id="policy-wrong-topics.order_status.misses"]', { hasText: 'must be between 0 and 8' }).waitFor();
  assert.equal(await page.getAttribute(box('topics.order_status.misses'), 'aria-invalid'), 'true');
  assert.equal(await page.isDisabled('.policy-save button'), true);
  await page.locator(box('topics.order_status.misses')).fill('');
  await page.locator('[id="policy-wrong-topics.order_status.misses"]').waitFor({ state: 'detached' });
  await page.selectOption(box('topics.order_status.skill'), 'orders');
  await page.locator('.policy-save button:enabled').waitFor();
  await page.fill('#policy-reason', 'sure of orders');
  await page.keyboard.press('Enter');
  await page.locator('[data-version="3"]').waitFor();
  assert.deepEqual(fake.policies.list[0].data.topics, { order_status: { answer_at: 0.8, skill: 'orders' } });
  assert.equal(await page.locator(box('add-topics')).locator('option').count(), 1, 'one that is there is not offered again');
  await page.getByRole('button', { name: 'Remove Order status' }).click();
  await page.locator('.policy-gone', { hasText: 'Order status' }).waitFor();
  await page.click('.policy-gone button');
  assert.equal(await page.inputValue(box('topics.order_status.answer_at')), '0.8', 'taken back');
  await page.getByRole('button', { name: 'Remove Order status' }).click();
  await page.fill('#policy-reason', 'as before');
  await page.keyboard.press('Enter');
  await page.locator('[data-version="4"]').waitFor();
  assert.deepEqual(fake.policies.list[0].data.topics, {});
  await end();
});

test('saving asks for a reason and makes a version', async () => {
  const { fake, page, end } = await open();
  await page.fill(box('answer_at'), '0.6');
  await page.click('.policy-save button');
  await page.getByText('Say why, in a few words.').waitFor();
  await page.keyboard.type('fewer guesses');
  await page.keyboard.press('Enter');
  await page.locator('[data-version="3"]').waitFor();
  assert.equal(fake.policies.list[0].reason, 'fewer guesses');
  assert.equal(fake.policies.list[0].data.answer_at, 0.6);
  assert.deepEqual(fake.policies.list[0].data.reasons, fake.policies.list[1].data.reasons, 'what the page does not show is kept');
  await page.getByText('No setting differs from the live policy.').waitFor();
  await page.getByText('Live: version 3').waitFor();
  await page.locator('[data-version="3"] summary').click();
  await page.locator('[data-version="3"] .policy-diff li').first().waitFor();
  assert.match(await page.textContent('[data-version="3"] .policy-diff'), /Answers from: 0\.55.*0\.6/);
  await end();
});

test('a conflict names who was first and keeps the changes', async () => {
  const { fake, page, end } = await open();
  await page.fill(box('answer_at'), '0.6');
  fake.policies.saveAs('u-sam', 'quieter', { misses: 4 });
  await page.fill('#policy-reason', 'fewer guesses');
  await page.keyboard.press('Enter');
  await page.getByText('Version 3 was saved meanwhile by Sam.').waitFor();
  assert.equal(await page.inputValue(box('answer_at')), '0.6');
  assert.equal(await page.inputValue(box('misses')), '4');
  await page.click('.policy-save button');
  await page.locator('[data-version="4"]').waitFor();
  assert.deepEqual([fake.policies.list[0].data.answer_at, fake.policies.list[0].data.misses], [0.6, 4]);
  await end();
});

test('one press goes back to an old version', async () => {
  const { fake, page, end } = await open();
  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await page.locator('[data-version="3"] .policy-live').waitFor();
  assert.deepEqual(fake.policies.list[0].data, fake.policies.list[2].data);
  assert.equal(fake.policies.list[0].reason, 'Back to version 1');
  assert.equal(await page.inputValue(box('answer_at')), '0.5');
  await end();
});

test('the built-in policy is the oldest version: the first is compared with it, and one press goes back to it', async () => {
  const { fake, page, end } = await open();
  assert.equal(await page.locator('.policy-version').last().getAttribute('data-version'), '0');
  await page.locator('[data-version="1"] summary').click();
  await page.locator('[data-version="1"] .policy-diff li').first().waitFor();
  assert.match(await page.textContent('[data-version="1"] .policy-diff'), /Turns of the bot: 8.*5/);
  await page.getByRole('button', { name: 'Go back to the built-in policy' }).click();
  await page.locator('[data-version="3"] .policy-live').waitFor();
  assert.equal(fake.policies.list[0].reason, 'Back to the built-in policy');
  assert.equal(await page.inputValue(box('max_turns')), '8');
  await end();
});

test('the period is chosen, and each has its own numbers', async () => {
  const { page, end } = await open();
  await page.getByText('Conversations: 240').waitFor();
  await page.getByRole('button', { name: '7 days' }).click();
  await page.getByText('Conversations: 56').waitFor();
  await page.waitForSelector(told);
  await end();
});

test('a supervisor sees and tries, and does not save; an agent is not shown the page', async () => {
  const { page, end, fake } = await open({ user: 'sam' });
  await page.fill(box('answer_at'), '0.6');
  await page.getByText('Only an administrator can save.').waitFor();
  assert.equal(await page.locator('.policy-save, .policy-version button').count(), 0);
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(`${fake.url}#/admin/policy`);
  await signIn(page, 'ines');
  assert.equal(await page.locator('.policy, [aria-label="Handoff policy"]').count(), 0);
  await end();
});

test('before anything is recorded the page says so', async () => {
  const fake = await startFake();
  Object.assign(fake.policies, { recorded: 0, list: [] });
  const { page, end } = await open({ fake });
  await page.getByText('Nothing has been saved yet; the built-in policy is live.').waitFor();
  assert.equal(requests(fake, 'POST policies/sweep'), 0);
  assert.deepEqual(await axe(page), []);
  await page.fill(box('misses'), '4');
  await page.fill('#policy-reason', 'patience');
  await page.keyboard.press('Enter');
  await until(() => fake.policies.list[0]?.version === 1, 'the first version');
  await end();
});

for (const width of [360, 768, 1440]) {
  test(`axe finds nothing at ${width} px, light and dark, and the page fits`, async () => {
    const { page, violations, end } = await open({ viewport: { width, height: 800 } });
    await page.fill(box('answer_at'), '0.7');
    await page.getByRole('button', { name: 'Add a language' }).click();
    await page.fill(box('languages.en.misses'), '4');
    await page.locator('.policy-changes a').first().waitFor();
    await page.evaluate(() => document.querySelectorAll('.policy details').forEach((d) => (d.open = true)));
    await page.waitForSelector('.policy-diff li');
    assert.deepEqual(await axeInBothThemes(page), []);
    assert.ok((await page.evaluate(() => document.querySelector('.admin').scrollWidth)) <= width, 'fits');
    assert.deepEqual(violations, []);
    await end();
  });
}

test('every language has every text of the page', async () => {
  const words = (l) => JSON.parse(readFileSync(new URL(`../src/admin/policy/words/${l}.json`, import.meta.url)));
  const en = words('en');
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const l of ['hu', 'sl', 'fr', 'zh', 'ar']) {
    const own = words(l);
    assert.deepEqual(Object.keys(own).sort(), Object.keys(en).sort(), l);
    for (const key of Object.keys(en)) assert.deepEqual(new Set(places(own[key])), new Set(places(en[key])), `${l} ${key}`);
  }
  const { page, end } = await open({ locale: 'hu' });
  await page.getByRole('heading', { name: 'Átadási szabályzat' }).first().waitFor();
  await page.getByText('Válaszol ettől').first().waitFor();
  await end();
});
