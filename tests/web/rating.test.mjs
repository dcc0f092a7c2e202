import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {chosen, item, join_, kPhone, kTestTime, next, open, ready, signIn, startBrowser, withSite} from "./site.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

// Runs a test on a site of its own.
function onSite(name, protocol, prompts, work, study = {}) {
  test(name, kTestTime, () => withSite(protocol, prompts, 4, {study}, work));
}

onSite("a rater finishes a study of 20 items by keyboard alone", "pairwise", 20, async (site) => {
  const page = await open(browser);
  await page.goto(`${site.url}/join#${site.tokens[0]}`);
  await page.keyboard.press("Tab");
  while ((await page.evaluate(() => document.activeElement.textContent)) !== "Start") await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await ready(page);
  // Practice first.
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#go-on");
  await page.keyboard.press("Enter");
  await page.getByText("0 of 20").waitFor();
  for (let i = 0; i < 20; ++i) {
    const id = await item(page);
    await page.keyboard.press("Enter");  // nothing is chosen: nothing happens
    await page.keyboard.press(String(1 + (i % 6)));
    await page.keyboard.press("ArrowRight");
    assert.equal(await chosen(page), String(2 + (i % 6)));
    await page.keyboard.press("Enter");
    await next(page, id);
  }
  await page.getByText("You have rated all that there is for you: 20.").waitFor();
  assert.deepEqual(page.errors, []);
});

onSite("a rater finishes a study of 20 items by touch on a phone", "pairwise", 20, async (site) => {
  const page = await open(browser, kPhone);
  await join_(page, site, 0);
  await page.locator(".point").nth(0).tap();
  await page.getByRole("button", {name: /^Submit/}).tap();
  await page.locator("#go-on").tap();
  for (let i = 0; i < 20; ++i) {
    await ready(page);
    const id = await item(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} wide`);
    await page.locator(".point").nth(i % 7).tap();
    await page.getByRole("button", {name: /^Submit/}).tap();
    await next(page, id);
  }
  await page.getByText("You have rated all that there is for you: 20.").waitFor();
});

onSite("a reload in the middle keeps the draft and so does another device", "preference", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  await page.keyboard.press("6");
  await page.keyboard.press("l");
  await page.locator("summary", {hasText: "Add a note"}).click();
  await page.fill("#note", "unsure about \u0634\u0627\u064a");
  await page.getByText("Draft saved").waitFor();
  const id = await item(page);
  await page.reload();
  assert.equal(await item(page), id);
  assert.equal(await chosen(page), "6");
  assert.equal(await page.inputValue("#note"), "unsure about \u0634\u0627\u064a");
  assert.ok(await page.isChecked("input[name=left_safe][value=yes]"));
  assert.ok(Number(await page.inputValue("input[name=seconds]")) > 0);
  // Not before both questions are answered.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  assert.equal(await item(page), id);
  await page.keyboard.press("r");
  await page.keyboard.press("Enter");
  await next(page, id);
});

onSite("a choice that was made just before the page was left is kept", "safety", 2, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  await page.keyboard.press("2");
  await page.goto(`${site.url}/join`);
  await page.goto(`${site.url}/rate`);
  assert.equal(await chosen(page), "2");
});

onSite("undo brings the last item back with its choice", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  const first = await item(page);
  await page.keyboard.press("u");  // nothing to undo yet
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await next(page, first);
  const second = await item(page);
  await page.keyboard.press("u");
  await next(page, second);
  assert.equal(await item(page), first);
  assert.equal(await chosen(page), "4");
});

onSite("skipping asks why", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  const first = await item(page);
  await page.keyboard.press("s");
  assert.equal(await page.evaluate(() => document.activeElement.name), "reason");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await next(page, first);
});

onSite("the texts of a safety study are blurred until they are asked for", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  const blur = () => page.evaluate(() => getComputedStyle(document.querySelector(".answer .text")).filter);
  assert.match(await blur(), /blur/);
  await page.keyboard.press("v");
  await page.waitForFunction(() => getComputedStyle(document.querySelector(".answer .text")).filter === "none");
  const id = await item(page);
  await page.keyboard.press("5");
  await page.keyboard.press("Enter");
  await next(page, id);
  assert.match(await blur(), /blur/);
});

onSite("shortcuts can be turned off and stay off", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  await page.keyboard.press("?");
  await page.uncheck("#shortcuts");
  await page.reload();
  await page.keyboard.press("3");
  assert.equal(await chosen(page), null);
  // The browser's own keys remain.
  const id = await item(page);
  await page.locator("input[name=value]").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosen(page), "2");
  await page.keyboard.press("Tab");
  const isAtButton = () => page.evaluate(() => document.activeElement.matches("#rating button"));
  while (!(await isAtButton())) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await next(page, id);
});

onSite("a rater without scripts rates by plain forms", "pairwise", 3, async (site) => {
  const page = await open(browser, {javaScriptEnabled: false, viewport: {width: 1280, height: 900}});
  await page.goto(`${site.url}/join/${site.tokens[0]}`);
  await page.getByRole("button", {name: "Start"}).click();
  await page.getByLabel("Left is better").check();
  await page.getByRole("button", {name: /^Submit/}).click();
  await page.getByRole("link", {name: /^Go on/}).click();
  for (let i = 0; i < 3; ++i) {
    await page.getByLabel("About the same").check();
    await page.getByRole("button", {name: /^Submit/}).click();
  }
  await page.getByText("You have rated all that there is for you: 3.").waitFor();
  await page.getByRole("button", {name: "Undo the last"}).click();
  await page.getByText("2 of 3").waitFor();
  assert.ok(await page.isChecked("input[name=value][value='4']"));
  await page.locator("summary", {hasText: "Skip this"}).click();
  await page.getByLabel("I cannot judge this").check();
  await page.getByRole("button", {name: "Skip", exact: true}).click();
  await page.getByText("Thank you").waitFor();
});

for (const protocol of ["safety", "preference"]) {
  onSite(`a rater without scripts rates a ${protocol} study`, protocol, 2, async (site) => {
    const page = await open(browser, {...kPhone, javaScriptEnabled: false});
    await page.goto(`${site.url}/join/${site.tokens[0]}`);
    await page.getByRole("button", {name: "Start"}).tap();
    for (let i = 0; i < 2; ++i) {
      if (protocol === "safety") await page.getByLabel("Show the texts").check();
      await page.locator(".point").nth(1).tap();
      if (protocol === "preference") {
        for (const name of ["left_safe", "right_safe"]) await page.locator(`input[name=${name}][value=no]`).check();
      }
      await page.getByRole("button", {name: /^Submit/}).tap();
    }
    await page.getByText("You have rated all that there is for you: 2.").waitFor();
  });
}

onSite("two raters work at once and the lead sees both live", "safety", 4, async (site) => {
  const [first, second, lead] = [await open(browser), await open(browser), await open(browser)];
  await signIn(lead, site);
  await lead.getByText("Live").waitFor();
  await join_(first, site, 0);
  await join_(second, site, 1);
  assert.notEqual(await item(first), await item(second));
  for (const page of [first, second, first]) {
    const id = await item(page);
    await page.keyboard.press("3");
    await page.keyboard.press("Enter");
    await next(page, id);
  }
  await lead.waitForFunction(() => document.querySelector("[data-live=counted]").textContent.startsWith("3 of 12"));
  assert.equal(await lead.textContent("[data-live=r0-submitted]"), "2");
  assert.equal(await lead.textContent("[data-live=r1-submitted]"), "1");
  assert.deepEqual(lead.errors, []);
});

onSite("what cannot be sent is said and can be sent again", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  const id = await item(page);
  await page.context().setOffline(true);
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await page.getByText("Not sent").waitFor();
  assert.equal(await chosen(page), "2");
  await page.context().setOffline(false);
  await page.keyboard.press("Enter");
  await next(page, id);
});

onSite("a rater works on across a restart of the server", "safety", 3, async (site) => {
  const page = await open(browser);
  await join_(page, site, 0);
  await page.keyboard.press("2");
  await page.getByText("Draft saved").waitFor();
  const id = await item(page);
  await site.restart();
  await page.keyboard.press("Enter");
  await next(page, id);
});

// Of one item that needs one rating: the first rater opens it and goes away for an hour.
async function openAndLeave(site) {
  const page = await open(browser);
  await join_(page, site, 0);
  await page.keyboard.press("2");
  await page.getByText("Draft saved").waitFor();
  await site.passAnHour();
  return page;
}

async function numbers(site) {
  const lead = await open(browser);
  await signIn(lead, site);
  const of = (key) => lead.textContent(`[data-live=${key}]`);
  return {counted: await of("counted"), extra: await of("extra"), active: await of("active")};
}

onSite("an answer after the lease counts while nobody else gave one", "safety", 1, async (site) => {
  const page = await openAndLeave(site);
  assert.equal((await numbers(site)).active, "0");
  await page.keyboard.press("Enter");
  await page.getByText("Thank you").waitFor();
  const {counted, extra} = await numbers(site);
  assert.match(counted, /^1 of 1/);
  assert.equal(extra, "0");
}, {raters_per_item: 1});

onSite("an answer after the lease is kept as extra where another rater was first", "safety", 1, async (site) => {
  const page = await openAndLeave(site);
  const other = await open(browser);
  await join_(other, site, 1);
  await other.keyboard.press("4");
  await other.keyboard.press("Enter");
  await other.getByText("Thank you").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Thank you").waitFor();
  const {counted, extra} = await numbers(site);
  assert.match(counted, /^1 of 1/);
  assert.equal(extra, "1");
  assert.deepEqual(page.errors, []);
}, {raters_per_item: 1});

onSite("an item whose lease ran out goes to another and comes back with its draft", "safety", 1, async (site) => {
  const page = await openAndLeave(site);
  const id = await item(page);
  const other = await open(browser);
  await join_(other, site, 1);
  assert.notEqual(await item(other), id);  // ids are each rater's own
  assert.equal(await chosen(other), null);
  await page.reload();
  await page.waitForSelector(".card");  // nothing to rate for now
  await other.keyboard.press("s");
  await other.keyboard.press("ArrowDown");
  await other.keyboard.press("Tab");
  await other.keyboard.press("Enter");
  await other.getByText("Thank you").waitFor();
  await page.goto(`${site.url}/rate`);
  assert.equal(await item(page), id);
  assert.equal(await chosen(page), "2");
}, {raters_per_item: 1});
