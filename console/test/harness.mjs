// A browser, a fake server and a signed-in agent, for the tests of the console.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { startFake } from './fake.mjs';

export { browserPath, launch } from '../../web/test/chromium.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** visit opens the console on a fresh fake server; what the page violates is gathered in `desk.violations`. */
export async function visit(browser, { user = 'ines', fake, hash = '', ...context } = {}) {
  const server = fake ?? (await startFake());
  const ctx = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en', reducedMotion: 'reduce', ...context });
  const page = await ctx.newPage();
  const desk = { fake: server, page, violations: [] };
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (e) => desk.violations.push(`error: ${e.message}`));
  page.on('console', (m) => {
    if (/Content Security Policy|Trusted/i.test(m.text())) desk.violations.push(m.text());
  });
  // The way in by hand takes two seconds of computing: those who want it call signIn themselves.
  if (user) await ctx.request.post(new URL('/api/v1/session', server.url).href, { data: { email: `${user}@example.com`, password: 'correct horse' } });
  await page.goto(server.url + hash);
  if (user) await page.waitForSelector('.list-head');
  desk.end = async () => {
    await ctx.close();
    await server.stop();
  };
  return desk;
}

/** signIn types the way in and waits for the queue. */
export async function signIn(page, user) {
  await page.waitForSelector('#signin-email');
  await page.keyboard.type(`${user}@example.com`);
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.list-head');
}

// Fetching style sheets and media anew takes most of axe's time, and only its rules on turned screens and on sound need them.
const QUICK = { resultTypes: ['violations'], preload: false };
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** still ends all that moves: a colour on its way is neither the old one nor the new. */
function still() {
  if (window.isStill) return;
  window.isStill = new CSSStyleSheet();
  window.isStill.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important; }');
  const roots = [document, ...[...document.querySelectorAll('*')].flatMap((e) => e.shadowRoot ?? [])];
  for (const root of roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, window.isStill];
}

/** axe gives the rules that the page as it stands breaks, with the first element of each; rules are named, or all there are. */
export async function axe(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  await page.evaluate(still);
  const result = await page.evaluate((options) => window.axe.run(document, options), { ...QUICK, ...(rules && { runOnly: { type: 'rule', values: rules } }) });
  return result.violations.map((v) => `${v.id}: ${v.nodes[0].target.join(' ')} ${v.nodes[0].failureSummary.split('\n')[1] ?? ''}`);
}

/** axeInBothThemes runs every rule in the light theme, and those of colour in the dark one: nothing else differs there. */
export async function axeInBothThemes(page) {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await axe(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axe(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((v) => `dark: ${v}`)];
}

/** until waits for something that the fake server learns, and fails after 10 s. */
export async function until(holds, what) {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((tick) => setTimeout(tick, 10));
  }
}
