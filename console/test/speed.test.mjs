import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { item } from './fake.mjs';
import { launch, visit } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const DIST = new URL('../dist/', import.meta.url);
const gz = (name) => gzipSync(readFileSync(new URL(name, DIST)), { level: 9 }).length;

test('the first load weighs at most 60 KB gz, with any one language', () => {
  const names = readdirSync(DIST).filter((n) => /\.(js|css|html)$/.test(n));
  // What the page itself names: the app, and the chunks that it imports at once.
  const page = readFileSync(new URL('index.html', DIST), 'utf8');
  const base = names.filter((n) => n === 'index.html' || page.includes(n)).reduce((sum, n) => sum + gz(n), 0);
  // Lazy pages bring words of their own; the console's are the larger ones.
  const languages = names.filter((n) => /^(en|hu|sl|fr|zh)-/.test(n));
  assert.ok(languages.length >= 5 && languages.length % 5 === 0);
  const most = Math.max(...languages.map(gz));
  console.log(`first load ${base} + ${most} (largest language) = ${base + most} gz bytes`);
  assert.ok(base + most <= 60_000);
});

test('a queue of 500 takes 500 updates in one go', async () => {
  const { fake, page, end } = await visit(browser);
  await page.waitForSelector('.virtual-row');
  const base = item(fake.chats.get('c-owen'));
  const severities = ['low', 'medium', 'high', 'critical'];
  const items = Array.from({ length: 500 }, (_, i) => ({
    ...base, conversation: `q-${String(i).padStart(4, '0')}`, visitor: { name: `Visitor ${i}` }, severity: severities[i % 4],
    requested_at: new Date(Date.now() - i * 1000).toISOString(), due_at: new Date(Date.now() + (i - 100) * 1000).toISOString(),
  }));
  fake.board({ snapshot: true, items });
  await page.waitForFunction(() => document.querySelector('.virtual')?.getAttribute('style')?.includes(String(500 * 82)));
  const rows = await page.locator('.virtual-row').count();
  assert.ok(rows < 60, `${rows} rows are rendered of 500`);

  const cdp = await page.context().newCDPSession(page);
  // Thread time, so that other work on the machine does not count; the throttle's own brake does.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const work = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1000 * metrics.find((m) => m.name === 'TaskDuration').value;
  };
  const seen = (mark) => page.waitForFunction((text) => [...document.querySelectorAll('.virtual-row .row-text')].every((r) => r.textContent.endsWith(text)), mark, { polling: 200 });
  const round = async (n, send) => {
    const mark = `round ${n}`;
    const idle = await work();
    // Everybody writes, and one in ten changes places.
    send(items.map((x, i) => ({ ...x, last_text: mark, severity: severities[(i % 10 ? i : i + n) % 4] })));
    await seen(mark);
    return (await work()) - idle;
  };
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const one = [];
  const many = [];
  for (let n = 0; n < 5; n++) {
    one.push(await round(n, (changed) => fake.board({ changed })));
    many.push(await round(n + 5, (changed) => changed.forEach((x) => fake.board({ changed: [x] }))));
  }
  console.log(`500 updates at CPU x4, main thread: one frame ${median(one).toFixed(1)} ms, 500 frames ${median(many).toFixed(1)} ms (medians of 5)`);
  assert.ok(median(one) <= 150, `${median(one)} ms`);
  assert.ok(median(many) <= 900, `${median(many)} ms`);
  await end();
});
