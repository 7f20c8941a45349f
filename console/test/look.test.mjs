import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, axeInBothThemes, launch, visit } from './harness.mjs';
import { gates, views } from './views.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('axe finds nothing at the gates, light and dark', async () => {
  for (const [name, hash] of Object.entries(gates)) {
    const desk = await visit(browser, { user: '', hash });
    await desk.page.waitForSelector('.gate');
    assert.deepEqual(await axeInBothThemes(desk.page), [], name);
    assert.deepEqual(desk.violations, [], name);
    await desk.end();
  }
});

test('axe finds nothing on any view of the desk, light and dark, and the policy is kept', async () => {
  const desk = await visit(browser, { user: 'sam' });
  await desk.page.waitForSelector('.virtual-row');
  desk.fake.claimAs('u-anna', 'c-maja');
  for (const [name, step] of views) {
    await step(desk.page, desk.fake);
    const over = await desk.page.evaluate(() => [...document.querySelectorAll('.row-text')].filter((e) => e.getBoundingClientRect().right > e.closest('.pane-list').getBoundingClientRect().right).length);
    assert.equal(over, 0, `${name}: the last words stay in the list`);
    assert.deepEqual(await axeInBothThemes(desk.page), [], name);
  }
  assert.deepEqual(desk.violations, []);
  await desk.end();
});

test('axe finds nothing in forced colours', async () => {
  const desk = await visit(browser, { forcedColors: 'active' });
  await desk.page.click('[data-row=c-judit]');
  await desk.page.waitForSelector('.proposals');
  assert.deepEqual(await axe(desk.page), []);
  await desk.end();
});

for (const width of [360, 768]) {
  test(`at ${width} px each pane fits, and axe finds nothing`, async (t) => {
    const fake = await startFake();
    fake.chats.get('c-li').visitor.name = 'Wolfeschlegelsteinhausenbergerdorff-Nagyszentmiklósi Eszter';
    for (const id of ['c-owen', 'c-maja']) Object.assign(fake.chats.get(id).visitor, { id: 'v-same-7f3a', name: '' });
    const desk = await visit(browser, { fake, viewport: { width, height: 740 } });
    t.after(desk.end);
    const { page } = desk;
    const fits = async (name) => {
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${name} fits`);
      assert.deepEqual(await axe(page), [], name);
    };
    await page.waitForSelector('.virtual-row');
    await fits('list');
    assert.equal(await page.locator('.row-name', { hasText: 'Visitor 7f3a' }).count(), 2, 'whose name is not known is the same in each conversation');
    await page.click('[data-row=c-li]');
    await page.waitForSelector('.said');
    await fits('chat');
    const cut = await page.evaluate((small) => [...document.querySelectorAll(small ? '.chat-name, .chat-state' : '.chat-state')].filter((e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 1).map((e) => `${e.className} ${e.textContent}`), width < 720);
    assert.deepEqual(cut, [], 'nothing of the head is cut');
    assert.equal(await page.locator('.turn summary', { hasText: '_' }).count(), 0, 'a rule is told in words');
    await page.click(width < 720 ? '.tab >> nth=2' : '.side-toggle');
    await page.waitForSelector('.proposals');
    await fits('brief');
  });
}

test('every text of every language is there and shown', async () => {
  const fake = await startFake();
  for (const [locale, word] of [['hu', 'Várakozók'], ['sl', 'Čakajo'], ['fr', 'En attente'], ['zh', '等待中'], ['ar', 'في الانتظار']]) {
    const desk = await visit(browser, { fake, locale });
    await desk.page.getByText(word).first().waitFor();
    await desk.page.click('[data-row=c-judit]');
    await desk.page.waitForSelector('.proposals');
    const left = await desk.page.evaluate(() => /\b(queue|chat|brief|composer|visitor|label|mark|turn)\.[a-z_]+/.exec(document.body.innerText)?.[0] ?? '');
    assert.equal(left, '', `${locale} shows a key`);
    await desk.page.context().close();
  }
  await fake.stop();
});

test('in Arabic the console runs from right to left, and fits at 360 px', async () => {
  const desk = await visit(browser, { locale: 'ar', viewport: { width: 1440, height: 900 } });
  const { page } = desk;
  const html = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
  assert.deepEqual(html, ['ar', 'rtl']);
  await page.click('[data-row=c-li]');
  await page.waitForSelector('.said');
  const left = async (pane) => (await page.locator(pane).boundingBox()).x;
  assert.ok((await left('.pane-list')) > (await left('.pane-side')), 'the queue stands on the right, the brief on the left');
  await page.setViewportSize({ width: 360, height: 740 });
  for (const tab of [0, 1, 2]) {
    await page.click(`.tab >> nth=${tab}`);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, `pane ${tab} fits`);
  }
  assert.deepEqual(await axe(page), []);
  await desk.end();
});

test('the policy check sees a violation where there is one', async () => {
  const desk = await visit(browser);
  await desk.page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
    } catch {
      // refused, as it should be
    }
  });
  await new Promise((r) => setTimeout(r, 50));
  assert.ok(desk.violations.length > 0);
  await desk.end();
});
