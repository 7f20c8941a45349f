// A suggested reply is asked for, taken over and changed, or dismissed; nothing is ever sent by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, launch, until, visit } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const said = (fake) => fake.received.filter((f) => f.type === 'say').map((f) => f.data.text);
const marked = (fake) => fake.received.filter((f) => f.type === 'say').map((f) => f.data.suggested);
const draft = (text, cites = []) => [200, { text, language: 'en', worded_by: 'model', cites }];

async function holding(t, fake) {
  fake.claimAs('u-ines', 'c-owen');
  const desk = await visit(browser, { fake });
  t.after(desk.end);
  await desk.page.click('[data-row=c-owen]');
  await desk.page.waitForSelector('#composer-text');
  await desk.page.evaluate(() => document.activeElement?.blur());
  return desk;
}

test('by keyboard: ask, see who worded it and what it rests on, take it over, change it, send', async (t) => {
  const fake = await startFake();
  fake.suggests = [draft('Your refund takes 14 days from the day the parcel reaches us.', [{ passage: 'returns#2', article: 'a-7', version: 3, title: 'Returns' }])];
  const { page, violations } = await holding(t, fake);
  await page.fill('#composer-text', 'Dear Owen,');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.waitForSelector('.suggest-text');
  assert.match(await page.textContent('.suggest'), /worded by a model/);
  assert.equal(await page.getAttribute('.suggest-cites a', 'href'), '#/admin/knowledge/a-7');
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(said(fake), [], 'asking sends nothing');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Take it over');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
  assert.equal(await page.inputValue('#composer-text'), 'Dear Owen,\n\nYour refund takes 14 days from the day the parcel reaches us.');
  assert.deepEqual(said(fake), [], 'taking it over sends nothing');
  await page.keyboard.type(' I have asked for it today.');
  await page.keyboard.press('Enter');
  await until(() => said(fake).length === 1, 'the reply');
  assert.match(said(fake)[0], /asked for it today\.$/);
  await page.locator('.said-kind', { hasText: 'began as a suggestion' }).waitFor();
  await page.fill('#composer-text', 'Anything else?');
  await page.keyboard.press('Enter');
  await until(() => said(fake).length === 2, 'the next');
  assert.deepEqual(marked(fake), [true, undefined], 'the server is told where the words came from, once');
  assert.equal(await page.locator('.suggest').count(), 0);
  assert.deepEqual(violations, []);
});

test('a failure says what it was; an answer that comes after the dismissal is dropped; a new message makes it old', async (t) => {
  const fake = await startFake();
  let late;
  fake.suggests = [[503, { code: 'unavailable', why: 'refused', message: 'x' }], new Promise((done) => (late = done)), draft('It is on its way.')];
  const { page } = await holding(t, fake);
  await page.getByRole('button', { name: 'Suggest' }).click();
  await page.getByText('did not pass the checks').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Being drafted').waitFor();
  await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  late(draft('Too late.'));
  await page.waitForFunction(() => !document.querySelector('.suggest'));
  await page.getByRole('button', { name: 'Suggest' }).click();
  await page.getByText('It is on its way.').waitFor();
  fake.visitorSays('c-owen', 'Never mind, it came.');
  await page.getByText('The customer has written since.').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.suggest') && location.hash.includes('c-owen'));
  assert.deepEqual(said(fake), []);
});

test('without a model there is no trace of it', async (t) => {
  const { page } = await holding(t, await startFake());
  await page.getByRole('button', { name: 'Attach' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Suggest' }).count(), 0);
  await page.keyboard.press('g');
  await page.keyboard.press('?');
  await page.waitForSelector('.keys');
  assert.equal(await page.getByText('Suggest a reply').count(), 0);
});
