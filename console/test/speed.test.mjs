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
  const languages = names.filter((n) => /^(en|hu|sl|fr|zh|ar)-/.test(n));
  assert.ok(languages.length >= 6 && languages.length % 6 === 0);
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
  // Main-thread time at full speed, four times over. The emulated brake works by spinning on this very thread, and its
  // spinning would be counted on a machine that does other things as well; thread time leaves those out.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => 1000 * metrics.find((m) => m.name === name).value;
    return { own: of('ScriptDuration') + of('RecalcStyleDuration') + of('LayoutDuration'), all: of('TaskDuration') };
  };
  // The rows are watched, not polled: looking costs time on the same thread.
  const seen = (mark) => page.evaluate((text) => new Promise((done) => {
    const list = document.querySelector('.virtual');
    const look = () => {
      if (![...list.querySelectorAll('.row-text')].every((r) => r.textContent.endsWith(text))) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(done));
    };
    const watch = new MutationObserver(look);
    watch.observe(list, { subtree: true, childList: true, characterData: true });
    look();
  }), mark);
  const round = async (n, send) => {
    const mark = `round ${n}`;
    const idle = await work();
    const shown = seen(mark);
    // Everybody writes, and one in ten changes places.
    send(items.map((x, i) => ({ ...x, last_text: mark, severity: severities[(i % 10 ? i : i + n) % 4] })));
    await shown;
    const now = await work();
    return { own: 4 * (now.own - idle.own), all: 4 * (now.all - idle.all) };
  };
  const median = (list, field) => list.map((x) => x[field]).sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const one = [];
  const many = [];
  for (let n = 0; n < 7; n++) {
    one.push(await round(n, (changed) => fake.board({ changed })));
    many.push(await round(n + 7, (changed) => changed.forEach((x) => fake.board({ changed: [x] }))));
  }
  const figures = (list) => `${median(list, 'own').toFixed(1)} ms (with painting ${median(list, 'all').toFixed(1)} ms)`;
  console.log(`a queue of 500 updates at CPU x4, script, style and layout: in one frame ${figures(one)}, in 500 frames ${figures(many)}; medians of 7`);
  // A machine with other work to do is not held to the goal.
  const [oneFrame, manyFrames] = process.env.OMBUD_HOLD_TIMES ? [50, 400] : [250, 2000];
  assert.ok(median(one, 'own') <= oneFrame, `${median(one, 'own')} ms`);
  assert.ok(median(many, 'own') <= manyFrames, `${median(many, 'own')} ms`);
  await end();
});
