// The page of knowledge articles, and what the transcript says of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, launch, visit } from './harness.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const now = new Date().toISOString();
const body = '# Sending back\n\nYou have **30 days**, see [the page](javascript:alert(1)).\n\n- in its box\n\n<img src=x onerror="window.hacked=1">';

/** A fake server with one article, that keeps what it is sent. */
async function library() {
  const fake = await startFake();
  const head = { id: 'a1', slug: 'returns', language: 'en', title: 'Sending back', topics: ['return_refund'], state: 'draft', version: 2, live: 1, updated_at: now };
  const version = (n, state) => ({ version: n, state, title: head.title, topics: head.topics, author: 'u-vera', reason: 'why', at: now });
  const sent = [];
  const rest = fake.rest.bind(fake);
  fake.rest = async (req, res, path) => {
    if (!path.startsWith('articles')) return rest(req, res, path);
    let text = '';
    for await (const part of req) text += part;
    const given = text ? JSON.parse(text) : undefined;
    if (given) sent.push({ method: req.method, path, given });
    const shown = { article: head, newest: { ...version(head.version, head.state), body }, versions: [version(2, 'draft'), version(1, 'approved')] };
    const answers = [
      [/^articles\/try$/, () => ({ passages: [{ id: 'returns#1', article: 'a1', title: head.title, text: 'You have 30 days.', score: 2 }] })],
      [/^articles\/import$/, () => ({ files: given.files.map((f, i) => ({ name: f.name, outcome: i ? 'refused' : 'new', ...(i && { error: 'No text.' }) })) })],
      [/^articles\/a1\/versions/, () => ({ ...version(1, 'approved'), body })],
      [/^articles\/a1$/, () => (given ? (Object.assign(head, { state: given.state, version: given.version, live: given.version }), shown) : shown)],
      [/^articles(\?|$)/, () => ({ articles: [head], topics: ['return_refund'] })],
    ];
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(answers.find(([at]) => at.test(path))[1]()));
  };
  return { fake, sent };
}

async function open(user, more = {}) {
  const { fake, sent } = await library();
  const desk = await visit(browser, { user, fake, ...more });
  await desk.page.evaluate(() => (location.hash = '#/admin/knowledge'));
  await desk.page.locator('.kn-list .adm-table').waitFor();
  return { ...desk, sent };
}

test('an admin tries a question, edits the article and approves it, by keyboard', { timeout: 60_000 }, async () => {
  const { page, sent, violations, end } = await open('vera');
  await page.locator('.kn-try input').focus();
  await page.keyboard.type('may I send it back?');
  await page.keyboard.press('Enter');
  await page.locator('.kn-found').getByText('You have 30 days.').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.locator('.adm-open').focus();
  await page.keyboard.press('Enter');
  await page.locator('#f-body').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Preview' }).click();
  const shown = page.locator('.kn-md').first();
  assert.match(await shown.innerText(), /30 days.*the page/s);
  assert.equal(await shown.locator('img, a, script').count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.locator('#f-body').fill('You have 40 days.');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('.sheet').waitFor({ state: 'detached' });
  const saved = sent.find((s) => s.method === 'PUT');
  assert.deepEqual([saved.given.version, saved.given.state, saved.given.body, saved.given.topics], [3, 'approved', 'You have 40 days.', ['return_refund']]);
  await page.locator('.adm-mark-good').first().waitFor();
  assert.deepEqual(violations, []);
  await end();
});

test('several files are imported, and each says what became of it', { timeout: 60_000 }, async () => {
  const { page, sent, end } = await open('vera', { viewport: { width: 360, height: 800 }, colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Import Markdown' }).click();
  await page.locator('#f-files').setInputFiles([
    { name: 'a.hu.md', mimeType: 'text/markdown', buffer: Buffer.from('# Szia\n\nszöveg') },
    { name: 'b.md', mimeType: 'text/markdown', buffer: Buffer.from('# only a heading') },
  ]);
  await page.getByRole('button', { name: 'Import 2 files' }).click();
  await page.locator('.kn-imported .field-error').waitFor();
  assert.deepEqual(sent[0].given.files.map((f) => [f.name, f.text]), [['a.hu.md', '# Szia\n\nszöveg'], ['b.md', '# only a heading']]);
  assert.equal(sent[0].given.state, 'draft');
  assert.deepEqual(await axe(page), []);
  await end();
});

test('an agent reads articles and changes none', { timeout: 60_000 }, async () => {
  const { page, end } = await open('ines');
  assert.equal(await page.getByRole('button', { name: 'New article' }).count(), 0);
  await page.evaluate(() => (location.hash = '#/admin/knowledge/a1'));
  await page.locator('.sheet .kn-md').waitFor();
  assert.equal(await page.locator('.sheet textarea, .sheet .primary').count(), 0);
  assert.deepEqual(await axe(page), []);
  await end();
});
