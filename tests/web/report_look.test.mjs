// Report pages in light and wide and in dark and narrow (kLooks): valid HTML, no violation that axe finds, nothing wider
// than the window. With SCREENSHOTS=DIR a picture of each.
import assert from "node:assert/strict";
import {mkdir, readFile} from "node:fs/promises";
import {after, before, test} from "node:test";
import {noErrors, openReport, settled, writeDemoPage, writePages} from "./report_site.mjs";
import {kLooks, kTestTime, startBrowser, tools} from "./site.mjs";

const shots = process.env.SCREENSHOTS;
const kRules = {rules: {"target-size": {enabled: true}}, resultTypes: ["violations"]};
let browser;
let pages;
let axe;
before(async () => {
  [browser, pages] = await Promise.all([startBrowser(), writePages()]);
  await writeDemoPage(pages.folder);
  axe = await readFile(tools.resolve("axe-core/axe.min.js"), "utf8");
  if (shots) await mkdir(shots, {recursive: true});
});
after(async () => {
  await browser?.close();
  await pages?.remove();
});

async function check(page, name) {
  await page.evaluate(axe);
  for (const [colorScheme, width] of kLooks) {
    const look = `${name}-${colorScheme}-${width}`;
    await page.emulateMedia({colorScheme});
    await page.setViewportSize({width, height: 900});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${look} is ${wide} wide`);
    if (shots) await (await page.$("#items")).screenshot({path: `${shots}/${look}.png`});
    const {violations} = await page.evaluate((rules) => window.axe.run(rules), kRules);
    const told = violations.map((one) => `${look}: ${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
    assert.deepEqual(told, []);
  }
}

for (const [name, address] of [
  ["list", "two"], ["item", "two#item-sums-5"], ["search", "two#items?q=fox"], ["choices", "two#item-choices-3"],
  ["three", "three#item-sums-6?a=3"], ["harmful", "two#items?task=unsafe"], ["nothing", "two#items?q=xyzzy"],
  ["hostile", "hostile"], ["demo", "demo"],
]) {
  test(`the look of items holds: ${name}`, kTestTime, async () => {
    const [file, hash] = address.split("#");
    const page = await openReport(browser, pages.url(file) + (hash ? `#${hash}` : ""));
    await settled(page);
    if (hash?.startsWith("item-")) await page.locator("details[open] .body").waitFor();
    if (file === "demo") {
      for (const summary of (await page.locator("details.document > summary").all()).slice(0, 3)) await summary.click();
      await page.waitForFunction(() => document.querySelectorAll("details[open] .body").length === 3);
    }
    await check(page, name);
    noErrors(page);
    await page.context().close();
  });
}

test("the markup of pages is valid", kTestTime, async () => {
  const {HtmlValidate, StaticConfigLoader} = await import(tools.resolve("html-validate"));
  const validator = new HtmlValidate(new StaticConfigLoader({extends: ["html-validate:standard"]}));
  for (const name of ["one", "two", "three", "hostile", "demo"]) {
    const report = await validator.validateString(await readFile(pages.file(name), "utf8"));
    const told = report.results.flatMap(({messages}) => messages.map(({line, column, ruleId, message}) => `${name}:${line}:${column}: ${ruleId}: ${message}`));
    assert.deepEqual([...new Set(told)].slice(0, 20), []);
  }
});
