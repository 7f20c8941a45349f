// What an agent and a supervisor do all day, beyond the bare minimum of desk.test.mjs.
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
const blur = (page) => page.evaluate(() => document.activeElement?.blur());

/** take opens a waiting chat and takes it, and leaves the keys to the desk. */
async function take(page, id) {
  await page.click(`[data-row=${id}]`);
  await page.waitForSelector('.standing');
  await page.keyboard.press('a');
  await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
  await page.keyboard.press('Escape');
}

async function dialog(page, key, inside) {
  await blur(page);
  await page.keyboard.press(key);
  await page.waitForSelector(`dialog[open] ${inside}`);
}

const gone = (page) => page.waitForFunction(() => !document.querySelector('dialog[open]'));

test('label, transfer with a word, offer, promise and settle it: by keyboard alone', async () => {
  const { fake, page, violations, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await take(page, 'c-judit');
  await page.keyboard.press('l');
  await page.waitForFunction(() => document.activeElement?.closest('.label-bar'));
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'label').length === 1, 'the label');
  assert.equal(sent(fake, 'label')[0].label, 'right_time');
  await page.waitForFunction(() => !document.querySelector('.label-bar'));

  await dialog(page, 'o', '#offer-worth');
  await page.waitForFunction(() => document.activeElement?.name === 'remedy' && document.activeElement.value === 'refund');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not money');
  await page.keyboard.press('Enter');
  await page.getByText('Give an amount').waitFor();
  assert.equal(sent(fake, 'offer').length, 0);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('23,5');
  await page.waitForFunction(() => document.querySelector('#offer-text').value.includes('23,5 EUR'));
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'offer').length === 1, 'the offer');
  const [offer] = sent(fake, 'offer');
  assert.deepEqual([offer.remedy, offer.worth, offer.currency, offer.text], ['refund', 2350, 'EUR', 'Szeretnénk visszatéríteni Önnek 23,5 EUR összeget.']);
  await gone(page);

  await dialog(page, 'p', '#promise-text');
  await page.keyboard.press('ArrowLeft'); // in an hour
  await page.waitForFunction(() => document.querySelector('#promise-text').value.startsWith('Személyesen intézem'));
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'promise').length === 1, 'the promise');
  const left = Date.parse(sent(fake, 'promise')[0].due_at) - Date.now();
  assert.ok(left > 59 * 60_000 && left <= 60 * 60_000, `due in ${left} ms`);
  await gone(page);
  await page.waitForSelector('.promises .due');
  await page.focus('.promises .promise-foot button');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'settle_promise').length === 1, 'the promise kept');
  await page.waitForFunction(() => !document.querySelector('.promises'));

  await dialog(page, 't', '#transfer-word');
  await page.keyboard.press('ArrowDown'); // Anna, who is here
  await page.focus('#transfer-word');
  await page.keyboard.type('has waited twice');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'transfer').length === 1, 'the transfer');
  assert.deepEqual([sent(fake, 'transfer')[0].to, sent(fake, 'transfer')[0].word], ['u-anna', 'has waited twice']);
  assert.deepEqual(violations, []);
  await end();
});

test('a promised time runs out in red, and a call back begins with the customer\'s number', async () => {
  const { fake, page, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await take(page, 'c-owen');
  fake.push(fake.chats.get('c-owen'), 'promise', 'agent', { id: 'late', text: 'a call', due_at: new Date(Date.now() - 65_000).toISOString(), state: 'open' });
  await page.waitForSelector('.promises .due-late');
  assert.match(await page.textContent('.promises .due-late'), /−1:\d\d/);
  await page.click('.chat-acts .menu button');
  await page.getByText('Promise a call').click();
  await page.fill('#promise-phone', '+36 1 555 0100');
  await page.waitForFunction(() => document.querySelector('#promise-text').value.startsWith('We will call you on +36 1 555 0100 by'));
  await page.click('dialog .primary');
  await until(() => sent(fake, 'promise').length === 1, 'the promised call');
  await end();
});

test('ready replies come from the server, fill their variables and take the place of the slash', async () => {
  const fake = await startFake();
  fake.replies = [
    { id: 'a', texts: { en: { key: 'order', title: 'With everything', text: 'Dear {name}, order {order} ({product}) is mine now. {agent}' } } },
    { id: 'b', texts: { en: { key: 'mail', title: 'Address', text: 'We write to you, {phone}, soon.' }, hu: { key: 'cim', title: 'Cím', text: 'Írunk.' } } },
  ];
  const { page, end } = await visit(browser, { fake });
  await page.waitForSelector('.virtual-row');
  await take(page, 'c-owen');
  await page.keyboard.press('r');
  await page.keyboard.type('First this. /ord');
  await page.waitForSelector('.canned-item');
  assert.equal(await page.locator('.canned-item').count(), 1);
  await page.keyboard.press('Enter');
  assert.equal(await page.inputValue('#composer-text'), 'First this. Dear Owen, order 77120 (boots) is mine now. Ines');
  await page.fill('#composer-text', '/mail');
  await page.waitForSelector('.canned-item');
  await page.keyboard.press('Enter');
  assert.equal(await page.inputValue('#composer-text'), 'We write to you, soon.', 'what is not known takes its comma with it');
  await page.fill('#composer-text', 'https://x.example');
  assert.equal(await page.locator('.canned-item').count(), 0);
  await end();
});

test('the tone warning uses the phrases of the script that runs', async () => {
  const fake = await startFake();
  fake.phrases = { en: ['bananas'] };
  const { page, end } = await visit(browser, { fake });
  await page.waitForSelector('.virtual-row');
  await take(page, 'c-owen');
  await page.fill('#composer-text', 'Please calm down');
  await page.fill('#composer-text', 'Are you BANANAS?');
  await page.waitForSelector('.tone');
  assert.match(await page.textContent('.tone'), /bananas/);
  await end();
});

test('every key can be changed and switched off', async () => {
  const { page, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await dialog(page, '?', '.keys');
  await page.getByRole('button', { name: 'Accept: A. Change' }).click();
  await page.keyboard.press('j');
  await page.getByText('J no longer does: Next').waitFor();
  await page.getByRole('button', { name: 'Note: N. Change' }).click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Note: off. Change' }).waitFor();
  await page.getByRole('button', { name: 'Everything else: Ctrl K. Change' }).click();
  await page.keyboard.press('Control+j');
  await page.keyboard.press('Escape');
  await gone(page);
  assert.match(await page.textContent('.accept-next'), /J/);
  await page.reload();
  await page.waitForSelector('.virtual-row');
  await page.keyboard.press('n');
  await page.keyboard.press('Control+j');
  await page.waitForSelector('dialog[open] .palette');
  await page.keyboard.press('Escape');
  await gone(page);
  await page.keyboard.press('j'); // accepts the next now
  await page.waitForSelector('.composer-reply');
  await end();
});

test('notices come per kind, and not for the chat in focus', async () => {
  const { fake, page, end } = await visit(browser, { permissions: ['notifications'] });
  await page.evaluate(() => {
    window.told = [];
    window.Notification = class {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title, { body, tag }) {
        window.told.push([tag.split('-')[0], title, body]);
      }
      close() {}
    };
    localStorage.setItem('ombud.notices', JSON.stringify({ waiting: true, message: true, given: true, whisper: true, due: true }));
  });
  await page.waitForSelector('.virtual-row');
  await dialog(page, '?', '.keys');
  await page.keyboard.press('Escape');
  await page.click('.rail-item >> nth=-2');
  await page.waitForSelector('.settings');
  for (const box of await page.locator('.alerts tbody td:last-child input').all()) await box.check();
  await page.keyboard.press('Escape');
  await take(page, 'c-judit');
  await take(page, 'c-owen'); // in focus from here on
  const told = () => page.evaluate(() => window.told.splice(0).map(([kind]) => kind));
  assert.deepEqual(await told(), [], 'what I took myself is no news');
  fake.visitorSays('c-owen', 'seen at once');
  fake.visitorSays('c-judit', 'somewhere else');
  fake.push(fake.chats.get('c-judit'), 'note', 'agent', { text: 'be generous', name: 'Sam', whisper: true }, { sender: 'u-sam' });
  await page.waitForFunction(() => window.told.length >= 2);
  assert.deepEqual((await told()).sort(), ['message', 'whisper']);
  const marc = fake.chats.get('c-marc');
  fake.board({ changed: [{ ...(await import('./fake.mjs')).item(marc), warned: true }] });
  fake.claimAs('u-ines', 'c-li');
  await page.waitForFunction(() => window.told.length >= 2);
  assert.deepEqual((await told()).sort(), ['due', 'given']);
  // What a colleague holds is not on my board: sent on to me, it is new there.
  fake.board({ removed: ['c-maja'] });
  await page.locator('[data-row=c-maja]').waitFor({ state: 'detached' });
  fake.claimAs('u-ines', 'c-maja');
  await page.waitForFunction(() => window.told.length >= 1);
  assert.deepEqual(await told(), ['given']);
  // My own clock is told by the board; that of somebody who left a message is told by the log alone.
  const judit = fake.chats.get('c-judit');
  const [soon, later] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  fake.board({ changed: [{ ...(await import('./fake.mjs')).item(judit), due_at: later, warned: true }] });
  await page.waitForFunction(() => window.told.length >= 1);
  assert.deepEqual(await told(), ['due']);
  for (const due_at of [later, soon]) fake.push(judit, 'clock', 'system', { state: 'warned', due_at, next: later });
  await page.waitForFunction(() => window.told.length >= 1);
  assert.deepEqual(await told(), ['due']);
  // The board may know of a chat that I asked for before the answer comes, and its log comes word by word before that too.
  fake.visitorSays('c-marc', 'still nobody?');
  const act = fake.act.bind(fake);
  fake.act = (s, frame) => {
    const answer = act(s, frame);
    if (frame.type !== 'next') return answer;
    setTimeout(() => {
      act(s, { type: 'open', data: { conversation: answer.data.conversation } });
      setTimeout(() => s.ws.send(answer), 100);
    }, 300);
  };
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.waitForFunction(() => location.hash.includes('c-marc') && document.activeElement?.id === 'composer-text');
  assert.deepEqual(await told(), []);
  await end();
});

test('presence has five states, lasts over a reload, and wraps up after a close', async () => {
  const { fake, page, end } = await visit(browser);
  const state = () => sent(fake, 'presence').at(-1)?.state;
  await page.waitForSelector('.virtual-row');
  await page.click('.presence');
  assert.equal(await page.locator('[role=menuitemradio]').count(), 5);
  await page.locator('[role=menuitemradio]', { hasText: 'Away' }).click();
  await until(() => state() === 'away', 'away');
  await page.reload();
  await page.waitForSelector('.virtual-row');
  await until(() => state() === 'away', 'away after a reload');
  assert.match(await page.textContent('.presence'), /Away/);
  await page.click('.presence');
  await page.locator('[role=menuitemradio]', { hasText: 'Available' }).click();
  await page.click('.rail-item >> nth=-2');
  await page.selectOption('#settings-wrap', '30');
  await page.keyboard.press('Escape');
  await take(page, 'c-owen');
  await dialog(page, 'e', '[name=cause]');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(() => state() === 'wrapping_up', 'wrapping up');
  await page.waitForSelector('.presence-left');
  await page.click('.here');
  await page.waitForSelector('.team');
  assert.match(await page.textContent('.team li >> nth=1'), /Ines.*Wrapping up/s);
  await end();
});

test('a supervisor picks several out of the queue: assigns, transfers, closes', async () => {
  const { fake, page, end } = await visit(browser, { user: 'sam' });
  await page.waitForSelector('.virtual-row');
  await page.keyboard.press('j');
  await page.keyboard.press('x'); // Marc
  await page.keyboard.press('j');
  await page.keyboard.press('x'); // Judit
  await page.getByText('Picked: 2').waitFor();
  await page.getByRole('button', { name: 'Assign' }).click();
  await page.waitForSelector('dialog[open] [name=to]');
  await page.locator('.person', { hasText: 'Anna' }).click();
  await page.fill('#bulk-word', 'both are angry');
  await page.keyboard.press('Enter');
  await page.getByText('Done: 2').waitFor();
  assert.deepEqual(sent(fake, 'transfer').map((f) => [f.conversation, f.to, f.word]), [['c-marc', 'u-anna', 'both are angry'], ['c-judit', 'u-anna', 'both are angry']]);
  await gone(page);
  await page.check('.row-pick >> nth=0');
  await page.getByRole('button', { name: 'All 3' }).click();
  await page.locator('.bulk-acts button', { hasText: 'Close' }).click();
  await page.locator('.choice', { hasText: 'Late or lost delivery' }).click();
  await page.locator('dialog .primary').click();
  await page.getByText('Done: 3').waitFor();
  assert.ok(sent(fake, 'close').every((f) => f.cause === 'late_or_lost_delivery' && f.outcome === 'not_settled'));
  assert.equal(sent(fake, 'close').length, 3);
  await end();
});

test('a supervisor watches and whispers; the word is no message', async () => {
  const { fake, page, end } = await visit(browser, { user: 'sam' });
  await page.waitForSelector('.virtual-row');
  await page.evaluate(() => document.addEventListener('transitionrun', (e) => (window.late ??= []).push(e.propertyName)));
  fake.claimAs('u-anna', 'c-maja');
  await page.setViewportSize({ width: 360, height: 740 });
  const row = page.locator('.held-row[data-row=c-maja]');
  await row.waitFor();
  assert.equal(await page.evaluate(() => window.late), undefined, 'with reduced motion all stands in its place at once');
  const [outer, words] = [await row.boundingBox(), await row.locator('.row-words').boundingBox()];
  assert.ok(words.x + words.width <= outer.x + outer.width, 'what was said last ends within its row');
  await page.setViewportSize({ width: 1440, height: 900 });
  await row.click();
  await page.getByText('You are watching').waitFor();
  await page.fill('#composer-text', 'offer a repair');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'note').length === 1, 'the whisper');
  assert.deepEqual([sent(fake, 'note')[0].whisper, sent(fake, 'say').length], [true, 0]);
  await page.locator('.said-note .said-kind', { hasText: 'whisper' }).waitFor();
  await page.locator('.mode', { hasText: 'Note' }).click();
  await page.fill('#composer-text', 'for everybody');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'note').length === 2, 'the note');
  assert.equal(sent(fake, 'note')[1].whisper, undefined);
  await end();
});

test('search marks what it found and opens it at the very message', async () => {
  const { page, violations, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await page.keyboard.press('s');
  await page.waitForFunction(() => document.activeElement?.id === 'search-words');
  await page.keyboard.type('weeks');
  await page.waitForSelector('.hit mark');
  assert.deepEqual(await page.locator('.hit mark').allTextContents(), ['weeks']);
  assert.equal(await page.textContent('.search-said'), 'Found: 1');
  await page.click('.search-row button >> nth=0');
  await page.fill('#search-from', '2020-02-03');
  assert.equal(await page.textContent('#search-from-said'), 'Monday, February 3, 2020', 'a date in the console\'s language, whatever the browser\'s is');
  assert.equal(await page.getAttribute('#search-from', 'aria-describedby'), 'search-from-said');
  await page.fill('#search-from', '');
  await page.click('.search-row button >> nth=0');
  await page.focus('#search-words');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /three weeks ago/.test(document.querySelector('.said-flash .said-text')?.textContent ?? ''));
  await page.fill('#search-words', '签收');
  await page.waitForFunction(() => document.querySelector('.hit mark')?.textContent === '签收');
  await page.fill('#search-words', '<img src=x onerror=alert(1)>');
  await page.waitForFunction(() => document.querySelector('.search-said')?.textContent === 'Nothing was found.');
  assert.deepEqual(violations, []);
  await end();
});

test('a visitor who writes from right to left is shown so, in the list and the transcript', async () => {
  const { fake, page, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await take(page, 'c-owen');
  fake.visitorSays('c-owen', 'أريد استرداد المال, order 77120!');
  await page.locator('.said-text', { hasText: 'أريد' }).waitFor();
  await page.fill('#composer-text', 'שלום');
  const direction = (selector) => page.evaluate((s) => getComputedStyle([...document.querySelectorAll(s)].at(-1)).direction, selector);
  assert.deepEqual([await direction('.said-visitor .said-text'), await direction('.held-row .row-words'), await direction('#composer-text')], ['rtl', 'rtl', 'rtl']);
  assert.equal(await direction('.said-bot .said-text'), 'ltr');
  await end();
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on offers, promises, the team, several at once, search and the wall, ${colorScheme}`, async () => {
    const { fake, page, violations, end } = await visit(browser, { user: 'sam', colorScheme });
    await page.waitForSelector('.virtual-row');
    fake.claimAs('u-anna', 'c-maja');
    await page.waitForSelector('.held-row[data-row=c-maja]'); // the list is as long as it stays
    const clean = async (name) => assert.deepEqual(await axe(page), [], name);
    await page.check('.row-pick >> nth=0');
    await page.waitForSelector('.bulk-bar');
    await clean('picked');
    for (const n of [0, 1, 2]) {
      await page.locator('.bulk-acts button').nth(n).click();
      await page.waitForSelector('dialog[open] form');
      await clean(`bulk ${n}`);
      await page.keyboard.press('Escape');
      await gone(page);
    }
    await page.click('.bulk-none');
    await page.click('.here');
    await page.waitForSelector('.team');
    await clean('team');
    await page.keyboard.press('Escape');
    await page.click('.held-row[data-row=c-maja]');
    await page.getByText('You are watching').waitFor();
    await page.focus('#composer-text');
    await clean('watching');
    await blur(page);
    await take(page, 'c-judit');
    await page.waitForSelector('.label-bar');
    await clean('held');
    for (const [key, inside] of [['o', '#offer-text'], ['p', '#promise-text'], ['u', '#escalate-reason']]) {
      await dialog(page, key, inside);
      await clean(inside);
      await page.keyboard.press('Escape');
      await gone(page);
    }
    await blur(page);
    await page.keyboard.press('s');
    await page.waitForSelector('#search-words');
    await page.fill('#search-words', 'a');
    await page.waitForSelector('.hit');
    await page.locator('.search-row button').first().click();
    await page.waitForSelector('#search-customer');
    await clean('search');
    await page.goto(`${fake.url}#/wall`);
    await page.waitForSelector('.figure');
    await clean('wall');
    for (const width of [360, 768]) {
      await page.setViewportSize({ width, height: 740 });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `the wall fits ${width} px`);
    }
    assert.deepEqual(violations, []);
    await end();
  });
}
