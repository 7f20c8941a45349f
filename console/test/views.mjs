// The views of the console, for what looks at all of them: accessibility and pictures.

export const gates = { signin: '', link: '#/link/once', setup: '#/setup/fresh' };

/** Each view of the desk, as steps from the one before. */
export const views = [
  ['queue', async () => {}],
  ['waiting chat', async (page) => {
    await page.click('[data-row=c-judit]');
    await page.waitForSelector('.said');
    await page.waitForSelector('.proposals', { state: 'attached' });
  }],
  ['held chat', async (page, fake) => {
    await page.keyboard.press('a');
    await page.waitForSelector('.composer-reply');
    await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
    await page.keyboard.type('Nyugodjon meg');
    await page.waitForSelector('.tone');
    fake.visitorTypes('c-judit');
    await page.waitForSelector('.typing-dots');
    await page.evaluate(() => document.querySelector('.turn summary').click());
  }],
  ['note', async (page) => {
    await page.click('.mode-note');
    await page.fill('#composer-text', 'a note');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.said-note');
  }],
  ['ready replies', async (page) => {
    await page.click('.mode >> nth=0');
    await page.fill('#composer-text', '/');
    await page.waitForSelector('.canned-item');
  }],
  ['close', (page) => overlay(page, 'e')],
  ['transfer', (page) => overlay(page, 't')],
  ['help', (page) => overlay(page, '?')],
  ['palette', (page) => overlay(page, 'Control+k')],
  ['settings', async (page) => {
    await overlay(page, 'Control+k');
    await page.keyboard.type('settings');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.settings');
  }],
  ['presence menu', async (page) => {
    await page.keyboard.press('Escape');
    const list = page.locator('.tab').first(); // on a phone one pane is shown at a time
    if (await list.isVisible()) await list.click();
    await page.click('.presence');
    await page.waitForSelector('[role=menu]');
  }],
  ['outage', async (page, fake) => {
    await page.keyboard.press('Escape');
    fake.down = true;
    fake.closeSockets(0);
    await page.waitForSelector('.line-down');
  }],
];

/** overlay opens the dialog of a key. */
export async function overlay(page, key) {
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(key);
  await page.waitForSelector('dialog[open]');
}
