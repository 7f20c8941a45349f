import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/**
 * The browser of all tests: CHROMIUM, else Debian's chromium-headless-shell, which needs 6 seconds of computing where the
 * whole chromium needs 16 (three visits of the console), else that one.
 */
export const browserPath = process.env.CHROMIUM ?? ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find(existsSync) ?? "/usr/bin/chromium";

const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** launch starts it; args are further flags of the browser, more further options of Playwright's launch. */
export function launch({ args = [], ...more } = {}) {
  return chromium.launch({ executablePath: browserPath, args: [...quiet, ...args], ...more });
}
