// Every page in both colour schemes and two widths: no violation that axe finds, nothing wider than the window, and with
// SCREENSHOTS=DIR a picture of each.
import assert from "node:assert/strict";
import {mkdir} from "node:fs/promises";
import {createRequire} from "node:module";
import {after, before, test} from "node:test";
import {item, join_, next, open, ready, signIn, startBrowser, startSite} from "./site.mjs";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const shots = process.env.SCREENSHOTS;
let browser;
const sites = {};
before(async () => {
  browser = await startBrowser();
  if (shots) await mkdir(shots, {recursive: true});
  for (const protocol of ["pairwise", "safety", "preference"]) sites[protocol] = await startSite(protocol, "7", "12");
});
after(async () => {
  await browser.close();
  for (const site of Object.values(sites)) await site.stop();
});

async function check(page, name, width) {
  if (shots) await page.screenshot({path: `${shots}/${name}.png`, fullPage: true});
  // The content security policy lets no script in but the site's own; this one comes by the tools' door.
  await page.evaluate(await (await import("node:fs/promises")).readFile(axePath, "utf8"));
  const {violations} = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map((one) => `${name}: ${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${name} is ${wide} wide`);
}

let rater = 0;
for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const tag = `${scheme}-${width}`;
    test(`every page holds in ${scheme} at ${width} px`, {timeout: 6000000}, async () => {
      const options = {viewport: {width, height: 900}, colorScheme: scheme};
      const number = rater++;
      for (const protocol of ["pairwise", "safety", "preference"]) {
        const page = await open(browser, options);
        await page.goto(`${sites[protocol].url}/join#${sites[protocol].tokens[number]}`);
        await check(page, `${protocol}-start-${tag}`, width);
        await page.getByRole("button", {name: "Start"}).click();
        await ready(page);
        if (protocol === "pairwise") {
          await page.keyboard.press("2");
          await page.keyboard.press("Enter");
          await page.waitForSelector("#go-on");
          await check(page, `feedback-${tag}`, width);
          await page.locator("#go-on").click();
          await ready(page);
        }
        await page.keyboard.press("3");
        await check(page, `${protocol}-rate-${tag}`, width);
        if (protocol === "safety") await page.keyboard.press("v");
        for (const key of ["l", "r"]) await page.keyboard.press(key);
        const id = await item(page);
        await page.keyboard.press("Enter");
        await next(page, id);
        await page.keyboard.press("s");
        await page.keyboard.press("?");
        await check(page, `${protocol}-help-${tag}`, width);
        await page.goto(`${sites[protocol].url}/rate?texts=as-written`);
        await check(page, `${protocol}-plain-${tag}`, width);
        await page.goto(`${sites[protocol].url}/rate/history`);
        await check(page, `${protocol}-history-${tag}`, width);
        await page.getByRole("link", {name: /Answer/}).first().click();
        await check(page, `${protocol}-edit-${tag}`, width);
        await page.goto(`${sites[protocol].url}/rate`);
        await page.getByRole("button", {name: "Sign out"}).click();
        await check(page, `${protocol}-left-${tag}`, width);
        await page.goto(`${sites[protocol].url}/rate`);
        await check(page, `${protocol}-none-${tag}`, width);
        await page.context().close();
      }
      const lead = await open(browser, options);
      await lead.goto(`${sites.pairwise.url}/lead`);
      await check(lead, `sign-in-${tag}`, width);
      await signIn(lead, sites.pairwise);
      await lead.locator("summary").first().click();
      await check(lead, `lead-${tag}`, width);
      await lead.getByRole("button", {name: "Make links"}).click();
      await check(lead, `links-${tag}`, width);
      await lead.context().close();
    });
  }
}

test("every state of a study has a page that holds", {timeout: 6000000}, async () => {
  const site = await startSite("safety", "2", "3");
  const [page, lead] = [await open(browser), await open(browser)];
  await join_(page, site, 0);
  await signIn(lead, site);
  await lead.getByRole("button", {name: "Pause"}).click();
  await page.goto(`${site.url}/rate`);
  await check(page, "paused", 1280);
  await lead.getByRole("button", {name: "Resume"}).click();
  for (let i = 0; i < 2; ++i) {
    await page.goto(`${site.url}/rate`);
    const id = await item(page);
    await page.keyboard.press("3");
    await page.keyboard.press("Enter");
    await next(page, id);
  }
  await check(page, "finished", 1280);
  await lead.getByRole("button", {name: "Close"}).click();
  await page.goto(`${site.url}/rate`);
  await check(page, "closed", 1280);
  await site.stop();
});

test("text at twice its size stays within the page", {timeout: 600000}, async () => {
  // Half the width at the same size of text is what a browser shows at 200 %.
  const page = await open(browser, {viewport: {width: 640, height: 450}, deviceScaleFactor: 2});
  await join_(page, sites.preference, 11);
  await check(page, "zoomed", 640);
});
