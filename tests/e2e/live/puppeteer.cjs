// Usage: node puppeteer.cjs <folder with node_modules> <DevTools address> <site>
// Attaches, works in the session's page, lets go, attaches again; prints what it saw as JSON.
const { createRequire } = require("node:module");

const [folder, address, site] = process.argv.slice(2);
const puppeteer = createRequire(`${folder}/`)("puppeteer-core");
const attach = (browserWSEndpoint) => puppeteer.connect({ browserWSEndpoint, defaultViewport: null });
const outcome = (attempt) => attempt.then(() => "attached", (error) => error.message);

async function main() {
  const seen = {};
  let browser = await attach(address);
  const [page] = await browser.pages();
  seen.found = page.url();
  await page.goto(`${site}/form`);
  await page.type("input", "tea");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  seen.typed = page.url();
  await page.evaluate(() => (document.onclick = () => (document.title = "Clicked")));
  await page.click("h1");
  seen.clicked = await page.title();
  seen.picture = Buffer.from((await page.screenshot({ type: "jpeg" })).slice(0, 2)).toString("hex");
  const further = await browser.newPage();
  await further.goto(`${site}/?further`);
  seen.further = (await browser.pages()).length;
  await further.close();
  await browser.disconnect();

  browser = await attach(address);
  seen.again = (await browser.pages()).map((each) => each.url());
  await browser.close();
  seen.wrong = await outcome(attach(address.slice(0, -5) + "wrong"));
  seen.none = await outcome(attach(address.split("?")[0]));
  console.log(JSON.stringify(seen));
}

main();
