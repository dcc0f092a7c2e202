// Every page in light and wide and in dark and narrow (kLooks): no violation that axe finds, and nothing wider than the
// window, also not at 320 px or with text of twice the size. With SCREENSHOTS=DIR a picture of each.
import assert from "node:assert/strict";
import {mkdir, readFile} from "node:fs/promises";
import {after, before, test} from "node:test";
import {item, join_, kLooks, kPhone, kTestTime, next, open, ready, signIn, startBrowser, tools, withSite} from "./site.mjs";

const shots = process.env.SCREENSHOTS;
// The size of targets is WCAG 2.2; axe leaves it out unless it is asked for.
const kRules = {rules: {"target-size": {enabled: true}}, resultTypes: ["violations"]};
let browser;
let axe;
before(async () => {
  browser = await startBrowser();
  axe = await readFile(tools.resolve("axe-core/axe.min.js"), "utf8");
  if (shots) await mkdir(shots, {recursive: true});
});
after(() => browser.close());

async function resize(page, width) {
  await page.setViewportSize({width, height: 900});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${page.url()} is ${wide} wide at ${width}`);
}

async function check(page, name) {
  // The content security policy lets no script in but the site's own; this one comes by the tools' door.
  await page.evaluate(axe);
  for (const [colorScheme, width] of kLooks) {
    const look = `${name}-${colorScheme}-${width}`;
    await page.emulateMedia({colorScheme});
    await resize(page, width);
    if (shots) await page.screenshot({path: `${shots}/${look}.png`, fullPage: true});
    const {violations} = await page.evaluate((rules) => window.axe.run(rules), kRules);
    const told = violations.map((one) => `${look}: ${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
    assert.deepEqual(told, []);
  }
  await resize(page, 320);
  // Only the text twice as large, as some browsers do.
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  await resize(page, 390);
  await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
  await page.setViewportSize({width: 1280, height: 900});
}

// Runs a test on a site of its own, with a page of the first rater.
function onSite(name, protocol, prompts, work, study = {}) {
  test(name, kTestTime, () => withSite(protocol, prompts, 2, {study}, async (site) => work(await open(browser), site)));
}

async function begin(page, site) {
  await page.goto(`${site.url}/join#${site.tokens[0]}`);
  await page.getByRole("button", {name: "Start"}).click();
  await ready(page);
}

async function answer(page, ...keys) {
  const id = await item(page);
  for (const key of [...keys, "Enter"]) await page.keyboard.press(key);
  await next(page, id);
}

const kPractice = ["What is 3 + 3?", "What is 2 + 4?"].map((content) => ({
  turns: [{role: "user", content}],
  answers: ["6", "33"],
  right: [1, 3],
  feedback: "Six is right.",
}));

onSite("the pages of practice hold", "pairwise", 1, async (page, site) => {
  await page.goto(`${site.url}/join#${site.tokens[0]}`);
  await check(page, "start-pairwise");
  await page.getByRole("button", {name: "Start"}).click();
  for (const [title, left, right] of [["That is right", "2", "6"], ["Not quite", "6", "2"]]) {
    await ready(page);
    await check(page, "practice");
    const isLeft = (await page.locator(".answer .text").first().textContent()).trim() === "6";
    await page.keyboard.press(isLeft ? left : right);
    await page.keyboard.press("Enter");
    await page.getByText(title).waitFor();
    await check(page, `feedback-${title}`);
    await page.locator("#go-on").click();
  }
}, {practice: kPractice});

for (const [protocol, keys] of [["pairwise", ["3"]], ["safety", ["3", "v"]], ["preference", ["3", "l", "r"]]]) {
  onSite(`the pages of a ${protocol} study hold`, protocol, 7, async (page, site) => {
    if (protocol !== "pairwise") {
      await page.goto(`${site.url}/join#${site.tokens[0]}`);
      await check(page, `start-${protocol}`);
    }
    await begin(page, site);
    await check(page, `rate-${protocol}`);
    await answer(page, ...keys);
    await page.keyboard.press("s");
    await page.keyboard.press("?");
    await check(page, `help-${protocol}`);
    await page.reload();
    await page.keyboard.press(keys[0]);
    await page.getByText("Draft saved").waitFor();
    await check(page, `chosen-${protocol}`);
    await page.goto(`${site.url}/rate?texts=as-written`);
    await check(page, `as-written-${protocol}`);
    await page.goto(`${site.url}/rate/history`);
    await page.getByRole("link", {name: /Answer/}).first().click();
    await ready(page);
    await check(page, `edit-${protocol}`);
  }, {practice: []});
}

onSite("the texts of every kind hold", "pairwise", 5, async (page, site) => {
  await begin(page, site);
  for (let i = 0; i < 5; ++i) {
    for (const summary of await page.locator("details.turn summary").all()) await summary.click();
    await check(page, `text-${i}`);
    await page.locator("input[name=value]").first().focus();
    await answer(page, "2");
  }
}, {practice: []});

onSite("the pages that tell of a mistake hold", "preference", 2, async (page, site) => {
  await page.goto(`${site.url}/join`);
  await check(page, "link-typed");
  await page.getByLabel("The link that you were sent").fill("not a link");
  await page.getByRole("button", {name: "Start"}).click();
  await check(page, "link-wrong");
  await page.goto(`${site.url}/rate`);
  await check(page, "no-session");
  await begin(page, site);
  // As a browser without scripts that does not check forms would.
  await page.evaluate(() => HTMLFormElement.prototype.submit.call(document.getElementById("rating")));
  await page.getByRole("alert").waitFor();
  await check(page, "nothing-chosen");
  await page.goto(`${site.url}/rate`);
  await page.context().setOffline(true);
  for (const key of ["3", "l", "r", "Enter"]) await page.keyboard.press(key);
  await page.getByText("Not sent").waitFor();
  await check(page, "offline");
});

onSite("the pages between and after the items hold", "safety", 2, async (page, site) => {
  const lead = await open(browser);
  await signIn(lead, site);
  await begin(page, site);
  await page.goto(`${site.url}/rate/history`);
  await check(page, "history-empty");
  await page.goto(`${site.url}/rate`);
  await answer(page, "4");
  await page.getByText("Time for a break").waitFor();
  await check(page, "break");
  await lead.getByRole("button", {name: "Pause"}).click();
  await page.goto(`${site.url}/rate`);
  await check(page, "paused");
  await check(lead, "lead-paused");
  await lead.getByRole("button", {name: "Resume"}).click();
  await site.passAnHour();
  await page.goto(`${site.url}/rate`);
  await answer(page, "3");
  await site.passAnHour();
  await page.goto(`${site.url}/rate`);
  await page.getByText("Thank you").waitFor();
  await check(page, "finished");
  await page.goto(`${site.url}/rate/history`);
  await check(page, "history");
  await lead.getByRole("button", {name: "Close"}).click();
  await page.goto(`${site.url}/rate`);
  await check(page, "closed");
  await check(lead, "lead-closed");
  await lead.getByRole("button", {name: "Open again"}).click();
  await lead.locator("tbody summary").first().click();
  await lead.getByLabel("Reason").first().fill("answered without reading");
  await lead.getByRole("button", {name: "Exclude"}).first().click();
  await lead.getByText("excluded: answered").waitFor();
  await page.goto(`${site.url}/rate`);
  await check(page, "excluded");
  await page.goto(`${site.url}/join#${site.tokens[1]}`);
  await page.getByRole("button", {name: "Start"}).click();
  await ready(page);
  await page.getByRole("button", {name: "Sign out"}).click();
  await check(page, "signed-out");
}, {session_items: 1, raters_per_item: 1});

onSite("a page that waits for others holds", "safety", 1, async (page, site) => {
  const other = await open(browser);
  await join_(other, site, 1);
  await page.goto(`${site.url}/join#${site.tokens[0]}`);
  await page.getByRole("button", {name: "Start"}).click();
  await page.getByText("One moment").waitFor();
  await check(page, "waiting");
}, {raters_per_item: 1});

onSite("the lead's pages hold", "pairwise", 5, async (page, site) => {
  await join_(page, site, 0);
  for (let i = 0; i < 2; ++i) {
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.locator("#go-on").click({timeout: 2000}).catch(() => {});
    await ready(page);
  }
  const lead = await open(browser);
  await lead.goto(`${site.url}/lead`);
  await check(lead, "sign-in");
  await lead.fill("#passphrase", "wrong");
  await lead.getByRole("button", {name: "Sign in"}).click();
  await lead.getByRole("alert").waitFor();
  await check(lead, "sign-in-wrong");
  await signIn(lead, site);
  await lead.getByLabel("Note").nth(1).fill("recruited in the spring, works from the office on the third floor");
  await lead.getByLabel("Links").fill("2");
  await lead.getByRole("button", {name: "Make links"}).click();
  await check(lead, "links");
  await lead.getByRole("link", {name: "Back to the study"}).click();
  const last = lead.locator("tbody tr").last();
  await last.locator("summary").click();
  await last.getByLabel("Reason").fill("gold items wrong");
  await last.getByRole("button", {name: "Exclude"}).click();
  await lead.getByText("excluded: gold").waitFor();
  await lead.locator("tbody summary").first().click();
  await lead.getByText("Live").waitFor();
  await check(lead, "lead");
  await lead.getByRole("button", {name: "Exclude"}).first().click();
  await check(lead, "lead-mistake");
});

onSite("the page of an item holds on a phone and at twice its size", "preference", 5, async (page, site) => {
  await begin(page, site);
  const storageState = await page.context().storageState();
  for (const [name, options] of [
    // What a browser shows at 200 %: half the width at the same size of text.
    ["zoomed", {viewport: {width: 640, height: 450}, deviceScaleFactor: 2}],
    ["phone", kPhone],
  ]) {
    const other = await open(browser, {...options, storageState});
    await other.goto(`${site.url}/rate`);
    await ready(other);
    const wide = await other.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= options.viewport.width, `${name} is ${wide} wide`);
    if (shots) await other.screenshot({path: `${shots}/${name}.png`, fullPage: true});
  }
}, {practice: []});
