// Files in the console: what customers sent is seen, and what agents send arrives once or says why not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFake } from './fake.mjs';
import { axe, launch, until, visit } from './harness.mjs';
import { picture, sendFile } from './side.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** holding opens Owen's chat as its agent. */
async function holding(t, fake, options = {}) {
  fake.claimAs('u-ines', 'c-owen');
  const desk = await visit(browser, { fake, ...options });
  t.after(desk.end);
  await desk.page.click('[data-row=c-owen]');
  await desk.page.waitForSelector('#composer-text');
  return desk;
}

/** choose puts files into the composer as the system's dialog does. */
async function choose(page, ...files) {
  await page.waitForSelector('#composer-file', { state: 'attached' });
  await page.setInputFiles('#composer-file', files.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
}

const png = picture(320, 200);
const pdf = Buffer.from('%PDF-1.4 a receipt %%EOF');

test('a picture is seen small, opens large, and the arrows go on; a PDF is a link with its name and size', async (t) => {
  const fake = await startFake();
  sendFile(fake, 'c-owen', 'visitor', { name: 'torn sole.png', data: png, width: 320, height: 200 });
  sendFile(fake, 'c-owen', 'visitor', { name: 'receipt.pdf', type: 'application/pdf', data: Buffer.alloc(48_200, '%') });
  sendFile(fake, 'c-owen', 'visitor', { name: 'box.png', data: picture(90, 300, [200, 90, 40]), width: 90, height: 300 });
  const { page, violations } = await holding(t, fake);
  await page.waitForFunction(() => document.querySelectorAll('.file-picture img').length === 2 && [...document.querySelectorAll('.file-picture img')].every((i) => i.naturalWidth > 0));
  const doc = page.locator('.file-doc');
  assert.match(await doc.textContent(), /receipt\.pdf.*PDF · 48 kB/);
  assert.equal(await doc.getAttribute('href'), '/api/v1/conversations/c-owen/files/f-2');
  assert.equal(await doc.getAttribute('download'), 'receipt.pdf');
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Show torn sole.png large' }).press('Enter');
  await page.waitForFunction(() => document.querySelector('dialog[open] img')?.naturalWidth === 320);
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('dialog[open] img')?.naturalHeight === 300);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  assert.match(page.url(), /c-owen/, 'Escape closes the picture and not the chat');
  assert.deepEqual(violations, []);
});

test('files are chosen, taken out, sent with the message and sent again under the same id', async (t) => {
  const fake = await startFake();
  const { page, violations } = await holding(t, fake);
  await choose(page, ['label.png', 'image/png', png], ['wrong.png', 'image/png', png], ['guide.pdf', 'application/pdf', pdf]);
  await page.getByRole('button', { name: 'Take wrong.png out' }).click();
  assert.equal(fake.sentFiles.length, 0, 'nothing leaves before Send');
  assert.deepEqual(await axe(page), []);
  fake.refusing.push([503, { code: 'unavailable' }]);
  await page.fill('#composer-text', 'Here is the label.');
  await page.keyboard.press('Enter');
  await page.getByText('The server could not take it just now.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForFunction(() => !document.querySelector('.pending-file'));
  await until(() => fake.sentFiles.length === 3, 'three tries');
  const [first] = fake.sentFiles.filter((f) => f.name === 'label.png');
  assert.deepEqual(fake.sentFiles.map((f) => f.name).sort(), ['guide.pdf', 'label.png', 'label.png']);
  assert.ok(fake.sentFiles.filter((f) => f.name === 'label.png').every((f) => f.id === first.id && f.bytes === png.length));
  const log = fake.chats.get('c-owen').events;
  assert.deepEqual(log.filter((e) => e.kind === 'file').map((e) => e.file_name).sort(), ['guide.pdf', 'label.png']);
  assert.equal(log.filter((e) => e.text === 'Here is the label.').length, 1);
  await page.waitForFunction(() => document.querySelectorAll('.said .file-picture, .said .file-doc').length === 2);
  assert.deepEqual(violations, []);
});

test('the transcript stays at its end while the composer grows, and follows what is sent', async (t) => {
  const fake = await startFake();
  const { page } = await holding(t, fake);
  for (let i = 0; i < 30; i++) fake.visitorSays('c-owen', `line ${i} of what there is to tell`);
  const atEnd = (what) => page.waitForFunction((words) => {
    const el = document.querySelector('.transcript');
    return el.textContent.includes(words) && el.scrollHeight - el.scrollTop - el.clientHeight < 4;
  }, what);
  await atEnd('line 29');
  await page.focus('#composer-text');
  await choose(page, ['label.png', 'image/png', png]);
  await page.waitForSelector('.pending-staged');
  // The browser may tell of the scroll that the growth brought along before anybody is told of the new size.
  await page.evaluate(() => {
    document.querySelector('#composer-text').style.height = '200px';
    document.querySelector('.transcript').dispatchEvent(new Event('scroll'));
  });
  await atEnd('line 29');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !document.querySelector('.pending-staged'));
  await atEnd('label.png');
  await page.evaluate(() => document.querySelector('.transcript').scrollTo(0, 0));
  await page.waitForFunction(() => document.querySelector('.transcript').scrollTop === 0);
  fake.visitorSays('c-owen', 'one more');
  await page.getByText('New messages').click(); // who reads further up is left there
  await atEnd('one more');
  // Also who goes up in the very frame in which the composer changes its height.
  const heights = await page.evaluate(() => {
    const el = document.querySelector('.transcript');
    const before = el.clientHeight;
    Object.assign(document.querySelector('#composer-text').style, { transition: 'none', height: '100px' }); // at once
    el.scrollTo(0, 0);
    return [before, el.clientHeight];
  });
  assert.notEqual(heights[0], heights[1]);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  fake.visitorSays('c-owen', 'and another');
  await page.getByText('New messages').waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('.transcript').scrollTop), 0);
});

test('a paste and a drop attach; what may not go says why in the agent\'s language', async (t) => {
  const fake = await startFake();
  const { page } = await holding(t, fake, { locale: 'hu' });
  await page.waitForSelector('#composer-file', { state: 'attached' });
  const hand = (how, name, type, bytes) => page.evaluate(([how, name, type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const e = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector('#composer-text').dispatchEvent(e);
  }, [how, name, type, bytes]);
  await hand('paste', 'paste.png', 'image/png', [...png]);
  await hand('drop', 'drop.png', 'image/png', [...png]);
  await page.waitForFunction(() => document.querySelectorAll('.pending-staged').length === 2);
  await hand('drop', 'page.svg', 'image/svg+xml', 20);
  await hand('drop', 'huge.png', 'image/png', 8_400_000);
  await page.getByText('Csak kép (JPEG, PNG, GIF, WebP) és PDF küldhető.').waitFor();
  await page.getByText('Túl nagy: egy fájl legfeljebb 8,4 MB lehet.').waitFor();
  fake.refusing.push([422, { code: 'invalid', field: 'file', why: 'quota', message: 'x', hint: 'x' }]);
  await page.focus('#composer-text');
  await page.keyboard.press('Enter');
  await page.getByText('már annyi fájl van, amennyi lehet').waitFor();
  assert.deepEqual(fake.sentFiles.map((f) => f.name), ['paste.png', 'drop.png'], 'what is refused at sight is never sent');
});

test('a site without files offers none', async (t) => {
  const fake = await startFake();
  fake.limits = { text: 4000 };
  const { page } = await holding(t, fake);
  await page.waitForFunction(() => document.querySelector('.earlier, .pane-side .card .quiet'));
  assert.equal(await page.locator('#composer-file').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Attach' }).count(), 0);
});
