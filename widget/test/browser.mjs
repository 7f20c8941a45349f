export { launch } from "../../web/test/chromium.mjs";

/** A new visitor's window on the host page, which notes every violation of its policy and every error. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 800 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  await context.addInitScript(() => {
    window.violations = [];
    window.said = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
    for (const name of ["ready", "message", "open", "close", "error", "unread"]) {
      addEventListener("ombud:" + name, ({ detail }) => window.said.push([name, detail]));
    }
  });
  await page.goto(url);
  return page;
}

/** Opens the panel by its launcher. */
export async function openPanel(page) {
  await page.locator(".launcher").click();
  await page.locator(".panel").waitFor();
}

/** Writes into the composer and sends with Enter. */
export async function write(page, text) {
  await page.locator(".composer textarea").fill(text);
  await page.keyboard.press("Enter");
}
