import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, signIn, until, visit } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const sent = (fake, type) => fake.received.filter((f) => f.type === type).map((f) => f.data);
const said = (page) => page.locator('.said-text').allTextContents();

test('a wrong password says so and keeps the form', async () => {
  const { page, end } = await visit(browser, { user: '' });
  await page.fill('#signin-email', 'ines@example.com');
  await page.fill('#signin-password', 'wrong');
  await page.keyboard.press('Enter');
  await page.getByText('E-mail or password is not right.').waitFor();
  assert.equal(await page.inputValue('#signin-email'), 'ines@example.com');
  await end();
});

test('accept, reply, note and close with a cause by keyboard alone', async () => {
  const { fake, page, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  await page.keyboard.press('j'); // Marc
  await page.keyboard.press('j'); // Judit
  await page.waitForFunction(() => document.activeElement?.dataset.row === 'c-judit');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.said');
  await page.keyboard.press('a');
  await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
  await page.keyboard.type('Jó napot, jé, kek'); // J, E and K are letters here
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'say').length === 1, 'the reply');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.waitForSelector('.composer-note');
  await page.keyboard.type('two captures at the bank');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'note').length === 1, 'the note');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('ArrowDown');
  await page.focus('dialog [name=label][value=too_late]'); // what one thinks of the handoff is offered once more
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'close').length === 1, 'the close');
  const [close] = sent(fake, 'close');
  assert.deepEqual([close.conversation, close.cause, close.outcome, close.label], ['c-judit', 'poor_service', 'settled', 'too_late']);
  await page.waitForSelector('.pane-nothing');
  assert.equal(fake.chats.get('c-judit').owner, 'closed');
  await end();
});

test('a note never goes out as a message', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.keyboard.press('a');
  await page.waitForSelector('.composer-reply');
  await page.fill('#composer-text', 'half a reply');
  await page.click('.mode-note');
  await page.fill('#composer-text', 'he is right, be generous');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.said-note');
  assert.deepEqual(sent(fake, 'say'), []);
  assert.equal(fake.chats.get('c-owen').events.filter((e) => e.kind === 'message' && e.text.includes('generous')).length, 0);
  await page.click('.mode >> nth=0');
  assert.equal(await page.inputValue('#composer-text'), 'half a reply', 'the reply waits where it was left');
  await end();
});

test('a waiting chat that went to another level is not offered to who may not take it', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.locator('.standing button').waitFor();
  fake.board({ removed: ['c-owen'] });
  await page.locator('.standing', { hasText: 'This one needs another level, skill or language.' }).waitFor();
  assert.equal(await page.locator('.standing button').count(), 0);
  await end();
});

test('who answers a left message is told whether the answer goes by e-mail, and plainly where e-mail is off', async () => {
  const { fake, page, end } = await visit(browser);
  const owen = fake.chats.get('c-owen');
  owen.owner = 'ticket';
  fake.push(owen, 'left_message', 'visitor', { text: 'Please write to me.', email: 'boots@example.com' });
  await page.click('[data-row=c-owen]');
  await page.keyboard.press('a');
  await page.locator('.by-mail', { hasText: 'The answer also goes by e-mail to boots@example.com.' }).waitFor();
  await page.locator('.card.visitor').getByText('boots@example.com').first().waitFor();
  fake.mails = false;
  fake.closeSockets(4000);
  await page.locator('.by-mail-off', { hasText: 'E-mail is off on this server: boots@example.com gets no e-mail.' }).waitFor();
  const describes = await page.getAttribute('#composer-text', 'aria-describedby');
  assert.match(await page.locator(`#${describes.split(' ')[0]}`).textContent(), /E-mail is off/, 'it is read out with the field');
  await page.click('.mode-note');
  await page.locator('.by-mail').waitFor({ state: 'detached' });
  await page.click('.mode-reply');
  await page.locator('.by-mail-off').waitFor();
  fake.visitorSays('c-owen', 'I am back'); // and reads the answer where it is
  await page.locator('.by-mail').waitFor({ state: 'detached' });
  await end();
});

test('every kind of event that the server writes is told in words', async () => {
  const { fake, page, end } = await visit(browser);
  fake.products = [{ id: 'p-71', name: 'Winter boots' }];
  fake.questions = [
    { id: 'q-1', kind: 'scale', texts: { hu: 'Könnyű volt?', en: 'Was it easy?' } },
    { id: 'q-2', kind: 'choice', texts: { en: 'Who helped?' }, choices: [{ id: 'c-1', texts: { en: 'A person' } }, { id: 'c-2', texts: { en: 'The bot' } }] },
  ];
  const owen = fake.chats.get('c-owen');
  const written = ['event', 'care', 'erase'].map((name) => readFileSync(new URL(`../../chat/${name}.go`, import.meta.url), 'utf8')).join('');
  const kinds = [...written.matchAll(/Kind = "(\w+)"/g)].map(([, kind]) => kind);
  assert.ok(kinds.length > 20, `${kinds.length} kinds`);
  const turns = ['assessment', 'decision', 'brief']; // they have views of their own
  for (const kind of kinds) if (!turns.includes(kind)) fake.push(owen, kind, 'system', { text: '', language: 'en', file_name: 'x' });
  const due = new Date().toISOString();
  fake.push(owen, 'clock', 'system', { state: 'postponed', why: 'nobody_there', due_at: due, next: due });
  fake.push(owen, 'complaint', 'system', { number: 'C-2026-000001', due_at: due });
  fake.push(owen, 'handoff_reclassified', 'agent', { severity: 'high', product: 'p-71' });
  fake.push(owen, 'survey', 'visitor', { id: 's', state: 'answered', rating: 4, text: 'Fine in the end', answers: { 'q-1': '2', 'q-2': 'c-1', 'q-gone': '<i>no</i>' } });
  await page.click('[data-row=c-owen]');
  await page.getByText('Reclassified: High, Winter boots').waitFor();
  await page.getByText('Was it easy? – 2 / 5').waitFor();
  assert.deepEqual(await page.locator('.mark-more li').allTextContents(), ['Was it easy? – 2 / 5', 'Who helped? – A person', 'q-gone – <i>no</i>']);
  await page.getByText('Formal complaint C-2026-000001, answer due').waitFor();
  await page.getByText('Time was up, not raised: nobody is there to take it.').waitFor();
  const marks = await page.locator('.mark p > span').allTextContents();
  assert.deepEqual(marks.filter((mark) => kinds.includes(mark.replaceAll(' ', '_'))), [], 'a code in the place of words');
  await end();
});

test('who loses a chat to a colleague cannot answer in it any more, and is told who has it', async () => {
  const { fake, page, end } = await visit(browser);
  fake.claimAs('u-ines', 'c-owen');
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('.composer-reply');
  fake.claimAs('u-sam', 'c-owen', true);
  fake.board({ removed: ['c-owen'] }); // agents do not see what others hold
  await page.locator('.standing', { hasText: 'Sam has this chat.' }).waitFor();
  assert.ok(await page.locator('.mode-reply').isDisabled());
  assert.equal(await page.locator('.act-transfer').count(), 0);
  await end();
});

test('a lost claim names who won it', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.getByText('Waiting for an answer').waitFor();
  fake.claimAs('u-anna', 'c-owen', true);
  await page.locator('.standing button').click();
  await page.getByText('Anna took this one.').waitFor();
  await end();
});

test('a reload keeps the place, the draft and the transcript, once', async () => {
  const { page, end } = await visit(browser);
  await page.click('[data-row=c-judit]');
  await page.keyboard.press('a');
  await page.waitForSelector('.composer-reply');
  await page.fill('#composer-text', 'Rögtön utánanézek');
  const before = await said(page);
  await page.reload();
  await page.waitForSelector('.composer-reply');
  await page.waitForFunction((n) => document.querySelectorAll('.said-text').length === n, before.length);
  assert.equal(await page.inputValue('#composer-text'), 'Rögtön utánanézek');
  assert.deepEqual(await said(page), before);
  await end();
});

test('what is written during an outage is delivered once, also over a reload', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-judit]');
  await page.keyboard.press('a');
  await page.waitForSelector('.composer-reply');
  fake.down = true;
  fake.closeSockets(0);
  await page.waitForSelector('.line-down');
  await page.fill('#composer-text', 'written in the dark');
  await page.keyboard.press('Enter');
  await page.getByText('sending…').waitFor();
  await page.reload();
  await page.waitForSelector('.gate [role=status]');
  fake.down = false;
  await page.waitForSelector('.composer-reply');
  await until(() => fake.chats.get('c-judit').events.some((e) => e.text === 'written in the dark'), 'the message');
  fake.closeSockets(4000);
  fake.visitorSays('c-judit', 'while you were away');
  await page.getByText('while you were away').first().waitFor();
  assert.equal((await said(page)).filter((t) => t === 'written in the dark').length, 1);
  assert.equal((await said(page)).filter((t) => t === 'while you were away').length, 1);
  assert.equal(fake.chats.get('c-judit').events.filter((e) => e.text === 'written in the dark').length, 1);
  await end();
});

test('events that come twice or not at all show once and in order', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('.said');
  const { seq } = fake.visitorSays('c-owen', 'one');
  fake.resend('c-owen', seq);
  fake.losing = true;
  fake.visitorSays('c-owen', 'two');
  fake.losing = false;
  fake.visitorSays('c-owen', 'three');
  fake.resend('c-owen', seq);
  await page.locator('.said-text', { hasText: 'two' }).waitFor();
  assert.deepEqual((await said(page)).slice(-3), ['one', 'two', 'three']);
  assert.equal((await said(page)).filter((t) => t === 'one').length, 1);
  await end();
});

test('what a database that was put back has lost goes, and what came in its place shows', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('.said');
  fake.visitorSays('c-owen', 'lost one');
  fake.visitorSays('c-owen', 'lost two');
  await page.locator('.said-text', { hasText: 'lost two' }).waitFor();
  fake.chats.get('c-owen').events.splice(-2);
  fake.losing = true;
  for (const text of ['new one', 'new two', 'new three']) fake.visitorSays('c-owen', text);
  fake.losing = false;
  fake.closeSockets(4003);
  await page.locator('.said-text', { hasText: 'new three' }).waitFor();
  assert.deepEqual((await said(page)).slice(-3), ['new one', 'new two', 'new three']);
  assert.equal((await said(page)).filter((t) => t.startsWith('lost')).length, 0);
  await end();
});

test('close codes decide: 4000 comes back, 4503 asks to sign in', async () => {
  const { fake, page, end } = await visit(browser);
  const hellos = () => fake.received.filter((f) => f.type === 'hello').length;
  fake.closeSockets(4000);
  await until(() => hellos() === 2, 'a second hello');
  await page.waitForFunction(() => !document.querySelector('.line-down'));
  fake.sessions.clear();
  fake.closeSockets(4503);
  await page.waitForSelector('#signin-email');
  assert.equal(hellos(), 2);
  await signIn(page, 'ines');
  await end();
});

test('unread messages show in the list, the title and the tab, and not for the chat in focus', async () => {
  const { fake, page, end } = await visit(browser);
  for (const id of ['c-judit', 'c-owen']) {
    await page.click(`[data-row=${id}]`);
    await page.waitForSelector('.standing');
    await page.keyboard.press('a');
    await page.waitForSelector('.composer-reply');
    await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
    await page.keyboard.press('Escape');
  }
  fake.visitorSays('c-judit', 'Van valami?');
  fake.visitorSays('c-owen', 'Hello?');
  await page.waitForFunction(() => document.title.startsWith('(1)'));
  assert.match(await page.getAttribute('link[rel=icon]', 'href'), /icon-dot/);
  assert.equal(await page.textContent('.held-row[data-row=c-judit] .badge'), '1 unread');
  await page.click('[data-row=c-judit]');
  await page.waitForFunction(() => !document.title.startsWith('('));
  await end();
});

test('the row of a held chat follows its transcript where the board does not tell', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.keyboard.press('a');
  await page.waitForSelector('.composer-reply');
  const chat = fake.chats.get('c-owen');
  fake.push(chat, 'message', 'visitor', { text: 'It has just come, thank you' }, {}, undefined, true);
  await page.locator('.held-row .row-text', { hasText: 'It has just come, thank you' }).waitFor();
  fake.visitorSays('c-owen', 'And it works');
  await page.locator('.held-row .row-text', { hasText: 'And it works' }).waitFor();
  await end();
});

test('a harsh word warns in each language and wants a second press', async () => {
  const { fake, page, end } = await visit(browser);
  await page.click('[data-row=c-owen]');
  await page.keyboard.press('a');
  await page.waitForSelector('.composer-reply');
  for (const words of ['Please calm down!', 'Kérem, NYUGODJON MEG', 'Pomirite se, prosim', 'Calmez-vous, Monsieur', '请您冷静一下好吗']) {
    await page.fill('#composer-text', words);
    await page.waitForSelector('.tone');
  }
  await page.fill('#composer-text', 'The calm sea');
  await page.waitForFunction(() => !document.querySelector('.tone'));
  await page.fill('#composer-text', 'You should have read it.');
  await page.keyboard.press('Enter');
  await page.getByText('Send anyway').waitFor();
  assert.equal(sent(fake, 'say').length, 0);
  await page.keyboard.press('Enter');
  await until(() => sent(fake, 'say').length === 1, 'the message');
  await end();
});

test('single-key shortcuts can be switched off; the palette stays', async () => {
  const { page, end } = await visit(browser);
  await page.keyboard.press('?');
  await page.click('#help-single');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.type('owen');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash === '#/c/c-owen');
  await end();
});

test('a supervisor sees every chat and takes one over', async () => {
  const { fake, page, end } = await visit(browser, { user: 'sam' });
  await page.locator('[data-row=c-li] .tag-warn', { hasText: '×2' }).waitFor(); // who was passed on before
  fake.claimAs('u-anna', 'c-maja');
  await page.click('.held-row[data-row=c-maja]');
  await page.getByText('Anna has this chat.').waitFor();
  await page.focus('#composer-text'); // the box for whispers unfolds, and folds under the mouse where that takes its focus
  await page.click('.standing button');
  await page.waitForSelector('.composer-reply');
  assert.equal(sent(fake, 'take_over').length, 1);
  assert.equal(fake.chats.get('c-maja').agent.id, 'u-sam');
  await end();
});

test('the usual causes are named in the language of who closes, and a renamed one as the admins named it', async () => {
  const { fake, page, end } = await visit(browser, { locale: 'hu' });
  await page.click('[data-row=c-judit]');
  await page.locator('.earlier-what', { hasText: 'Hibás számla' }).waitFor(); // of an earlier conversation
  fake.claimAs('u-ines', 'c-owen');
  await page.click('[data-row=c-owen]');
  await page.waitForSelector('#composer-text');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('e');
  await page.getByText('Be nem tartott ígéret').waitFor();
  await page.getByText('Hidden cost', { exact: true }).waitFor(); // not the usual name
  await end();
});

test('a line of the brief shows the message it comes from', async () => {
  const { page, end } = await visit(browser);
  await page.click('[data-row=c-judit]');
  await page.click('.facts .jump >> text=HU-20418');
  await page.waitForSelector('.said-flash');
  assert.match(await page.textContent('.said-flash .said-text'), /HU-20418 a rendelésszám/);
  await end();
});

test('set-up makes account and site, shows the snippet, and can be finished later', async () => {
  const { page, end } = await visit(browser, { user: '', hash: '#/setup/fresh' });
  await page.fill('#setup-name', 'Sam');
  await page.fill('#setup-email', 'sam@example.com');
  await page.fill('#setup-password', 'short');
  await page.keyboard.press('Enter');
  await page.getByText('needs at least 10').waitFor();
  await page.fill('#setup-password', 'correct horse');
  await page.keyboard.press('Enter');
  await page.fill('#setup-origin', 'not an address');
  await page.keyboard.press('Enter');
  await page.getByText('This is not a web address').waitFor();
  await page.fill('#setup-origin', 'shop.example.com/path');
  await page.keyboard.press('Enter');
  const line = page.locator('.adm-copy code').first();
  await line.waitFor();
  assert.match(await line.textContent(), /^<script async src="http:.*\/w\/loader\.js\?site=main" data-site="main"><\/script>$/);
  await page.getByText('Open your page.').waitFor();
  await page.getByText('Do this later').click();
  await page.getByText('Invite the first colleague.').waitFor();
  await page.getByText('Do this later').click();
  await page.waitForSelector('.list-head');
  await end();
});

test('a one-time link signs in on a press, never on a load', async () => {
  const { fake, page, end } = await visit(browser, { user: '', hash: '#/link/once' });
  await page.getByText('Sign in with this link').waitFor();
  assert.equal(fake.sessions.size, 0);
  await page.click('text=Sign in with this link');
  await page.waitForSelector('.list-head');
  assert.equal(new URL(page.url()).hash, '#/queue');
  await end();
});
