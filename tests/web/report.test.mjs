// The items of a report page: search, filters, links, differences, keyboard; what report_pages.cpp writes says what is
// to be found.
import assert from "node:assert/strict";
import {statSync} from "node:fs";
import {after, before, test} from "node:test";
import {choose, documents, hits, noErrors, openReport, search, settled, writePages} from "./report_site.mjs";
import {kDesktop, kTestTime, startBrowser} from "./site.mjs";

let browser;
let pages;
before(async () => {
  [browser, pages] = await Promise.all([startBrowser(), writePages()]);
});
after(async () => {
  await browser?.close();
  await pages?.remove();
});

const kDocuments = Array.from({length: 120}, (_, doc) => doc);
const isFirstRight = (doc) => doc % 3 !== 0;
const isSecondRight = (doc) => doc % 2 === 0;
const count = (is) => kDocuments.filter(is).length;

function onPage(name, address, work, options) {
  test(name, kTestTime, async () => {
    const [file, hash] = address.split("#");
    const page = await openReport(browser, pages.url(file) + (hash ? `#${hash}` : ""), options);
    await work(page);
    noErrors(page);
    await page.context().close();
  });
}

onPage("search finds words of prompts and answers, whatever their case", "two", async (page) => {
  assert.equal(await search(page, "jumps over"), 1);
  assert.equal(await search(page, "JUMPS Over"), 1);
  assert.equal(await search(page, "leaps"), 1);
  assert.equal(await search(page, "dog fox the"), 1);
  assert.equal(await search(page, '"dog fox"'), 0);
  assert.equal(await search(page, '"fox jumps" lazy'), 1);
  assert.equal(await search(page, "what is 4 + 119?"), 1);
  assert.equal(await search(page, "which is it"), 10);
});

onPage("search keeps the marks of every script and knows its capitals", "two", async (page) => {
  for (const [query, expected] of [
    ["straße", 1], ["STRASSE", 1], ["ÄRGER", 1], ["a\u0308rger", 1], ["arger", 0], ["naive", 0], ["NAÏVE FAÇADE", 1],
    ["οδος", 1], ["ΟΔΟΣ", 1], ["οδοσ", 1], ["हिन्दी", 1], ["हनद", 0], ["straße, der", 1], ["i\u0307stanbul", 1],
  ]) assert.equal(await search(page, query), expected, query);
});

onPage("filters by outcome count and show their items", "two", async (page) => {
  await page.selectOption("#items [name=task]", "sums");
  await settled(page);
  for (const [label, is] of [
    ["first right, second wrong", (doc) => isFirstRight(doc) && !isSecondRight(doc)],
    ["first wrong, second right", (doc) => !isFirstRight(doc) && isSecondRight(doc)],
    ["both wrong", (doc) => !isFirstRight(doc) && !isSecondRight(doc)],
    ["both right", (doc) => isFirstRight(doc) && isSecondRight(doc)],
    ["scores differ", (doc) => isFirstRight(doc) !== isSecondRight(doc)],
    ["all", () => true],
  ]) {
    assert.equal(await choose(page, label), count(is), label);
    assert.deepEqual((await documents(page)).map(Number), kDocuments.filter(is).slice(0, 50), label);
    const shown = await page.locator("#items .outcomes label", {hasText: label}).locator("small").textContent();
    assert.equal(Number(shown), count(is), label);
  }
});

onPage("filters combine, and each says what it would find", "two", async (page) => {
  await page.selectOption("#items [name=category]", "small");
  assert.equal(await choose(page, "both wrong"), count((doc) => doc < 40 && !isFirstRight(doc) && !isSecondRight(doc)));
  assert.equal(await search(page, "9"), 3);  // 9, 15 (which expects 19) and 39
  const large = page.locator("#items [name=category] option", {hasText: "large"});
  assert.match(await large.textContent(), /^large \(\d+\)$/);
  await page.getByRole("button", {name: "Clear"}).click();
  await settled(page);
  assert.equal(await hits(page), 133);
});

onPage("errors that differ in their numbers are one kind", "two", async (page) => {
  const option = page.locator("#items [name=problem] option", {hasText: "tokens too long"});
  assert.equal(await option.textContent(), "error: the prompt is N tokens too long (2)");
  await page.selectOption("#items [name=problem]", await option.getAttribute("value"));
  await page.waitForFunction(() => document.querySelector("#items output").value.startsWith("2 of"));
  await settled(page);
  assert.deepEqual(await documents(page), ["3", "4"]);
});

test("the address keeps the filters, and another browser shows the same", kTestTime, async () => {
  const page = await openReport(browser, pages.url("two"));
  await page.selectOption("#items [name=task]", "sums");
  await choose(page, "first right, second wrong");
  await search(page, "is 1");
  const [found, address] = [await documents(page), page.url()];
  assert.ok(found.length > 3);
  const other = await openReport(browser, address);
  assert.deepEqual(await documents(other), found);
  assert.equal(await other.inputValue("#items [name=q]"), "is 1");
  assert.equal(await other.inputValue("#items [name=task]"), "sums");
  assert.ok(await other.locator("#items [value=first]").isChecked());
  noErrors(page);
  noErrors(other);
});

onPage("a link opens its item and goes there, also on a later page", "two#item-sums-100", async (page) => {
  const item = page.locator("#items details.document[open]");
  await item.locator(".body").waitFor();
  assert.equal(await item.count(), 1);
  assert.equal(await item.locator(".doc").textContent(), "100");
  const box = await item.boundingBox();
  assert.ok(box.y > -1 && box.y < 900, `at ${box.y}`);  // positions are rounded to pixels
  assert.match(await item.locator(".links a").getAttribute("href"), /^#item-sums-100$/);
  assert.equal(await item.locator(".links code").textContent(), "bellwether show 1 --item 100 --task sums");
  await page.evaluate(() => { location.hash = "#item-choices-2"; });
  await page.locator("details[open] .doc", {hasText: /^2$/}).waitFor();
});

onPage("a link into a filtered list leaves the filter where it hides the item", "two#item-sums-0?show=first", async (page) => {
  await page.locator("details[open] .body").waitFor();
  assert.ok(await page.locator("#items [value=all]").isChecked());
});

onPage("a link to an item that is not there says so", "two#item-sums-4711", async (page) => {
  await page.getByText("The item of this link is not in this page.").waitFor();
  assert.equal(await hits(page), 133);
});

for (const address of ["two#item-%E0%A4%A", "two#items?page=99999&show=nonsense&task=constructor&a=9&b=__proto__", "two#?q=%"]) {
  onPage(`a damaged address shows the list: ${address}`, address, async (page) => {
    await settled(page);
    assert.ok((await documents(page)).length > 0 || await hits(page) === 0);
  });
}

onPage("the difference marks removed and added words by elements", "two#item-sums-5", async (page) => {
  const difference = page.locator("details[open] .difference");
  await difference.waitFor();
  assert.deepEqual(await difference.locator("del").allTextContents(), [" brown", " jumps"]);
  assert.deepEqual(await difference.locator("ins").allTextContents(), [" red", " leaps", ", today"]);
  const looks = await difference.evaluate((box) => ["del", "ins"].map((name) => getComputedStyle(box.querySelector(name)).textDecorationLine));
  assert.deepEqual(looks, ["line-through", "underline"]);
});

// The length of a longest common subsequence, by the textbook's table.
function common(a, b) {
  let row = new Array(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (let j = 0; j < b.length; ++j) next.push(word === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
    row = next;
  }
  return row[b.length];
}

onPage("differences are shortest and lose nothing", "two", async (page) => {
  let state = 1;
  const random = (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const kGaps = [" ", " ", "  ", "\n", " \n\n"];
  const cases = [["", ""], ["a", ""], ["", "a b"], [" ", "\n"], ["a b c", "a b c"], ["a b", "b a"], ["ab", "a b"]];
  for (let i = 0; i < 400; ++i) {
    const words = (n) => Array.from({length: random(n)}, () => "abcdefgh"[random(1 + (i % 8))]);
    const text = () => words(1 + (i % 60)).map((word) => word + kGaps[random(kGaps.length)]).join("");
    cases.push([text(), text()]);
  }
  const found = await page.evaluate((all) => all.map(([a, b]) => word_diff(a, b)), cases);
  const join = (parts, kind) => parts.filter(([own]) => own === "same" || own === kind).map(([, text]) => text).join("");
  cases.forEach(([a, b], i) => {
    const {parts, removed, added, is_exact} = found[i];
    const [old_words, new_words] = [a, b].map((text) => text.match(/\S+/g) ?? []);
    const same = common(old_words, new_words);
    assert.equal(join(parts, "del"), a);
    assert.equal(join(parts, "ins"), b);
    assert.ok(is_exact);
    assert.deepEqual([removed, added], [old_words.length - same, new_words.length - same], JSON.stringify([a, b]));
  });
});

onPage("differences of long texts end soon and say when they are not shortest", "two", async (page) => {
  const found = await page.evaluate(() => {
    let state = 7;
    const words = (n, kinds) => Array.from({length: n}, () => { state = (state * 48271) % 2147483647; return `w${state % kinds}`; });
    const timed = (a, b) => {
      const start = performance.now();
      const {is_exact, parts} = word_diff(a.join(" "), b.join(" "));
      const text = parts.filter(([kind]) => kind !== "ins").map(([, part]) => part).join("");
      return {is_exact, whole: text === a.join(" "), time: performance.now() - start};
    };
    const prose = words(3500, 2000);
    const other = prose.map((word, i) => (i % 3 ? word : `x${i}`));
    return [timed(prose, other), timed(words(3500, 1e9), words(3500, 1e9)), timed(words(170000, 1e9), words(170000, 1e9))];
  });
  assert.deepEqual(found.map(({is_exact}) => is_exact), [true, true, false]);
  for (const {whole, time} of found) {
    assert.ok(whole);
    assert.ok(time < 20000, `${time} ms`);
  }
  console.log(`differences of 3,500 words, 3,500 unlike words, 170,000 unlike words: ${found.map(({time}) => Math.round(time))} ms`);
});

onPage("a word of a script without spaces is a character", "two", async (page) => {
  const parts = await page.evaluate(() => word_diff("我喜欢红茶。", "我喜欢绿茶。").parts);
  assert.deepEqual(parts, [["same", "我喜欢"], ["del", "红"], ["ins", "绿"], ["same", "茶。"]]);
  const thai = await page.evaluate(() => word_diff("ที่นี่", "ที่นั่น").parts.map(([, text]) => text));
  for (const text of thai) assert.doesNotMatch(text, /^\p{M}/u);
  const family = await page.evaluate(() => word_diff("a 👨‍👩‍👧 b", "a 👨‍👩‍👦 b").parts);
  assert.deepEqual(family.filter(([kind]) => kind !== "same"), [["del", " 👨‍👩‍👧"], ["ins", " 👨‍👩‍👦"]]);
});

onPage("the keyboard reaches everything", "two", async (page) => {
  await page.focus("#items [name=q]");
  await page.keyboard.type("fox");
  await page.waitForFunction(() => document.querySelectorAll("#items details.document").length === 1);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.name), "show");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => location.hash.includes("show=first"));
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => !location.hash.includes("show="));
  for (let i = 0; i < 5; ++i) await page.keyboard.press("Tab");  // three selects, the button, the row
  assert.equal(await page.evaluate(() => document.activeElement.localName), "summary");
  await page.keyboard.press("Enter");
  await page.locator("details[open] .body").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Link to this item");
  await search(page, "");
  await page.locator("details.document summary").first().focus();
  const focused = () => page.evaluate(() => document.activeElement.querySelector(".doc").textContent);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), "2");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), "1");
  await page.keyboard.press("End");
  assert.equal(await focused(), "49");
});

onPage("further items are on further pages", "two#items?task=sums", async (page) => {
  await page.getByRole("button", {name: "Next"}).click();
  await page.locator("#items .doc", {hasText: /^50$/}).waitFor();
  await page.getByRole("button", {name: "Next"}).click();
  await page.locator("#items .doc", {hasText: /^119$/}).waitFor();
  assert.equal(await page.locator("#items .pages").innerText().then((text) => text.includes("101 to 120 of 120")), true);
  assert.ok(await page.getByRole("button", {name: "Next"}).isDisabled());
});

onPage("of three runs any two are compared", "three#items?task=sums", async (page) => {
  assert.equal(await choose(page, "both right"), count((doc) => isFirstRight(doc) && isSecondRight(doc)));
  await page.selectOption("#items [name=b]", "3");  // gamma is never right
  await page.waitForFunction(() => location.hash.includes("b=3"));
  await settled(page);
  assert.equal(await hits(page), 0);
  assert.equal(await choose(page, "first right, second wrong"), count(isFirstRight));
  await page.selectOption("#items [name=a]", "3");  // the other one takes its place
  await page.waitForFunction(() => document.querySelector("#items [name=b]").value === "1");
  await settled(page);
  assert.equal(await choose(page, "first wrong, second right"), count(isFirstRight));
  await page.locator("details.document summary").first().click();
  const names = await page.locator("details[open] .answer h4").allTextContents();
  assert.deepEqual(names, ["gamma (run 3)", "alpha (run 1)", "beta (run 2)"]);
});

onPage("one run has filters of its own", "one#items?task=sums", async (page) => {
  assert.equal(await choose(page, "wrong"), count((doc) => !isFirstRight(doc)));
  assert.equal(await page.locator("#items .difference").count(), 0);
});

onPage("a link to a harmful item opens it after a click", "two#item-unsafe-1?show=first", async (page) => {
  await page.getByText("Content warning: 3 items").waitFor();
  assert.equal(await page.locator("#items .body").count(), 0);
  await page.getByRole("button", {name: "Show them"}).click();
  await page.locator("details.harmful[open] .body").waitFor();
  assert.equal(await page.locator("details[open] .doc").textContent(), "1");
});

onPage("harmful texts wait for a click", "two", async (page) => {
  await page.getByText("Content warning: 3 items").waitFor();
  assert.doesNotMatch(await page.locator("#items .found").innerText(), /harmful/);
  await search(page, "harmful answer");
  assert.equal(await page.locator("#items details.document").count(), 0);
  assert.equal(await page.getByText("No item has all of that").count(), 0);
  await page.getByRole("button", {name: "Show them"}).click();
  await page.waitForFunction(() => document.querySelectorAll("#items details.document.harmful").length === 3);
  await page.emulateMedia({media: "print"});
  assert.equal(await page.locator("#items details.harmful").first().isVisible(), false);
});

onPage("items read without scripts", "two", async (page) => {
  assert.equal(await page.locator("#items form").isVisible(), false);
  const task = page.locator("#items details.task").first();
  await task.locator("> summary").click();
  await task.locator("details.document > summary").first().click();
  assert.ok(await task.getByText("What is 4 +").first().isVisible());
  assert.ok((await page.locator("#items details.document").count()) > 20);
  assert.ok((await page.locator("body").innerText()).length < 100000, "no data is to be seen");
}, {...kDesktop, javaScriptEnabled: false});

test("a browser that cannot unpack the items shows the list", kTestTime, async () => {
  const context = await browser.newContext(kDesktop);
  const page = await context.newPage();
  await page.addInitScript(() => { delete globalThis.DecompressionStream; });
  await page.goto(pages.url("two"));
  await page.getByText("This browser cannot unpack").waitFor();
  assert.ok((await page.locator("#items .found details.document").count()) > 20);
});

onPage("hostile texts stay texts", "hostile", async (page) => {
  for (const summary of await page.locator("details.document > summary").all()) await summary.click();
  await page.waitForFunction(() => document.querySelectorAll("details[open] .body").length === 9);
  const state = await page.evaluate(() => ({
    hacked: window.hacked, polluted: {}.x, scripts: document.scripts.length,
    alien: document.querySelectorAll("#items :is(img, svg[onload], iframe, b, base, link, style, object, embed, [onclick], [onerror])").length,
    wide: document.documentElement.scrollWidth,
  }));
  assert.deepEqual(state, {hacked: undefined, polluted: undefined, scripts: 1, alien: 0, wide: 1280});
  const text = await page.locator("#items").innerText();
  assert.ok(text.includes("\\u{202E}") && text.includes("\\u{0}") && text.includes("\\u{2028}"));
  assert.doesNotMatch(text, /[\u0000\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/);
  assert.ok(text.includes("<img src=x onerror="));
  assert.ok(await search(page, "</script>") >= 1);
  assert.ok(await search(page, "<b onclick=alert(1)>") >= 1);
});

onPage("a page of 20,000 items is small and quick", "large", async (page) => {
  assert.ok(statSync(pages.file("large")).size < 5e6);
  const [{domContentLoadedEventEnd: loaded}] = await page.evaluate(() => performance.getEntriesByType("navigation").map((entry) => entry.toJSON()));
  const times = await page.evaluate(async () => {
    const input = document.querySelector("#items [name=q]");
    const timed = async (query) => {
      const start = performance.now();
      const before = document.querySelector("#items .rows");
      input.value = query;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      while (document.querySelector("#items .rows") === before) await new Promise(requestAnimationFrame);
      return performance.now() - start;
    };
    return [await timed("eta"), await timed("tae oin"), await timed("xyzzy")];
  });
  console.log(`20,000 items: ${statSync(pages.file("large")).size} bytes, loaded after ${Math.round(loaded)} ms, searched in ${times.map(Math.round)} ms`);
  // A quiet machine needs a tenth of these.
  assert.ok(loaded < 10000);
  for (const time of times) assert.ok(time < 20000);
});
