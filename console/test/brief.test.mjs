// The brief is put right where it stands, and the conversation sorted anew: by keyboard, with who did it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, launch, until, visit } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const sent = (fake, type) => fake.received.filter((f) => f.type === type).map((f) => f.data);

test('matter, facts, what is missing and what is inferred are put right by keyboard alone', async (t) => {
  const fake = await startFake();
  fake.claimAs('u-ines', 'c-judit');
  const { page, violations, end } = await visit(browser, { fake });
  t.after(end);
  await page.click('[data-row=c-judit]');
  await page.waitForSelector('.brief-amend');
  const at = (edit) => page.waitForFunction((e) => document.activeElement?.dataset.edit === e, edit);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('b');
  await at('matter');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('.edit-line textarea'));
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await at('matter');
  assert.equal(sent(fake, 'correct').length, 0, 'Escape changes nothing');
  assert.match(page.url(), /c-judit/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('.edit-line textarea'));
  await page.keyboard.type('Charged twice for one order'); // what was there is selected
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.matter')?.textContent.includes('Charged twice for one orderput right by Ines'));
  await at('matter');

  await page.focus('[data-edit=contact]'); // missing
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('.edit-line input'));
  await page.keyboard.type('judit@example.com');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.facts')?.textContent.includes('judit@example.com'));

  assert.ok(await page.locator('.facts .inferred, .part .inferred').count() > 0);
  await page.getByRole('button', { name: /^That is so refund/ }).press('Enter');
  await page.waitForFunction(() => !document.querySelector('.brief .inferred'));
  await page.focus('[data-edit=since_when]');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Not so: take it out' }).press('Enter');
  await page.waitForFunction(() => !document.querySelector('.facts')?.textContent.includes('ma reggel'));
  assert.deepEqual(sent(fake, 'correct').map((d) => [d.field, d.text]), [['matter', 'Charged twice for one order'], ['contact', 'judit@example.com'], ['outcome_wanted', 'refund'], ['since_when', undefined]]);
  await page.getByText('Ines put right – Contact: judit@example.com').waitFor();
  await page.getByText('Ines took out – Since when').waitFor();
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(violations, []);
});

test('a conversation is sorted anew; only what changed is sent, and the brief shows it at once', async (t) => {
  const fake = await startFake();
  fake.claimAs('u-ines', 'c-owen');
  const { page, end } = await visit(browser, { fake });
  t.after(end);
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('.brief-amend');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.activeElement?.closest('.edit-sort'));
  assert.deepEqual(await axe(page), []);
  await page.getByLabel('Urgency').selectOption('critical');
  await page.getByLabel('Topic').selectOption('billing_problem');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await until(() => sent(fake, 'reclassify').length === 1, 'the new sorting');
  const { severity, topic, skill } = sent(fake, 'reclassify')[0];
  assert.deepEqual([severity, topic, skill], ['critical', 'billing_problem', undefined]);
  await page.waitForFunction(() => document.querySelector('.urgency-critical')?.textContent.includes('Billing problem'));
  // Another level may offer something else: what it is told changes with it.
  const owen = fake.chats.get('c-owen');
  owen.level = 2;
  owen.brief.proposals = [['discount', false, 50000]];
  fake.push(owen, 'handoff_escalated', 'system', { level: 2 });
  await page.locator('.urgency .tag', { hasText: 'L2' }).waitFor();
  await page.locator('.proposals', { hasText: 'Discount' }).waitFor();
});

test('who may not put it right sees no pencils; a refusal keeps what was typed', async (t) => {
  const fake = await startFake();
  const { page, end } = await visit(browser, { fake });
  t.after(end);
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('.brief');
  assert.equal(await page.locator('.edit-button, .missing-add, .fact-add').count(), 0);
  fake.claimAs('u-ines', 'c-owen');
  await page.click('[data-edit=product]');
  await page.waitForSelector('.edit-line input');
  await page.fill('.edit-line input', 'winter boots');
  fake.chats.get('c-owen').corrected = undefined;
  const act = fake.act;
  fake.act = (s, f) => (f.type === 'correct' ? { type: 'error', data: { code: 'stale', message: 'x', id: f.data.id } } : act.call(fake, s, f));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The conversation has moved on.').waitFor();
  assert.equal(await page.inputValue('.edit-line input'), 'winter boots');
});

test('the next chat is the server\'s choice', async (t) => {
  const { fake, page, end } = await visit(browser);
  t.after(end);
  await page.waitForSelector('.virtual-row');
  await page.keyboard.press('a');
  await until(() => sent(fake, 'next').length === 1, 'next');
  await page.waitForFunction(() => location.hash.includes('c-marc') && document.activeElement?.id === 'composer-text');
  for (const c of fake.chats.values()) c.owner = 'closed';
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !location.hash.includes('c-marc'));
  await page.keyboard.press('a');
  await page.getByText('Nothing is waiting that fits').waitFor();
});

test('what the site signed and what the page said stand apart', async (t) => {
  const fake = await startFake();
  Object.assign(fake.chats.get('c-judit').visitor, { subject: 'user-77', attrs: { plan: 'Plus' }, unverified: { plan: '<b>Gold</b>', cart: '3 items' } });
  const { page, violations, end } = await visit(browser, { fake });
  t.after(end);
  await page.click('[data-row=c-judit]');
  await page.waitForSelector('.hearsay');
  assert.match(await page.textContent('.vouched'), /Signed by the site.*user-77.*planPlus/);
  assert.match(await page.textContent('.hearsay'), /not verified.*Anybody can.*plan<b>Gold<\/b>.*cart3 items/);
  assert.deepEqual(await axe(page), []);
  await page.click('[data-row=c-owen]');
  await page.waitForFunction(() => document.querySelector('.visitor .proof')?.textContent === 'Not verified' && !document.querySelector('.vouched, .hearsay'));
  assert.deepEqual(violations, []);
});

test('a brief that a model worded says so, and gives way to the facts', async (t) => {
  const fake = await startFake();
  fake.chats.get('c-owen').summary = { text: 'Owen sent boots back three weeks ago (order 77120) and waits for the refund.', worded_by: 'a-model', of: 9 };
  fake.claimAs('u-ines', 'c-owen');
  const { page, end } = await visit(browser, { fake });
  t.after(end);
  await page.click('[data-row=c-owen]');
  await page.getByText('Worded by a model (a-model) from the facts').waitFor();
  assert.equal(await page.locator('.matter, .brief .facts').count(), 0);
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Facts', exact: true }).press('Enter');
  await page.waitForSelector('.matter');
  assert.equal(await page.locator('.worded').count(), 0);
  await page.getByRole('button', { name: 'In short', exact: true }).press('Enter');
  await page.waitForSelector('.worded');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('b'); // what is to be put right are the facts
  await page.waitForFunction(() => document.activeElement?.dataset.edit === 'matter');
});
