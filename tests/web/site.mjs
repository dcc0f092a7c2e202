// A rating server with its own study, and browsers that open it.
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";

// The tools are fetched into the build's folder (run.sh).
export const tools = createRequire(join(process.env.WEB_TEST_TOOLS, "tools.js"));
const {chromium} = tools("playwright-core");

// Nothing here is a test of speed: a busy machine may take its time.
const kPatience = 120000;  // milliseconds
export const kTestTime = {timeout: 1500000};

// What pages are checked in: each colour scheme and each width once, or with SCREENSHOTS or ALL_LOOKS every pair.
export const kLooks = process.env.SCREENSHOTS || process.env.ALL_LOOKS
  ? [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]
  : [["light", 1280], ["dark", 390]];

// `options`: see test_server.cpp.
async function startSite(protocol, prompts, raters = 3, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-web-"));
  const file = join(folder, "options.json");
  await writeFile(file, JSON.stringify(options));
  const words = [join(folder, "study.sqlite"), protocol, String(prompts), String(raters)];
  const start = (port) => startServer([...words, port, file]);
  const server = await start("0");
  return {
    ...server,
    async restart() {
      await server.stop();
      Object.assign(server, await start(new URL(server.url).port));
    },
    async stop() {
      await server.stop();
      await rm(folder, {recursive: true});
    },
  };
}

// Work on a site of its own, which ends with it: a server that is left behind would keep the test running.
export async function withSite(protocol, prompts, raters, options, work) {
  const site = await startSite(protocol, prompts, raters, options);
  try {
    await work(site);
  } finally {
    await site.stop();
  }
}

async function startServer(words) {
  const child = spawn(process.env.WEB_TEST_SERVER, words, {stdio: ["ignore", "pipe", "inherit"]});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const said = [];
  for (let line = await lines.next(); line.value !== "ready"; line = await lines.next()) {
    assert.ok(!line.done, "the server did not start");
    said.push(line.value);
  }
  const [url, passphrase, ...tokens] = said;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    url,
    passphrase,
    tokens,
    async passAnHour() {
      child.kill("SIGUSR1");
      assert.equal((await lines.next()).value, "passed");
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export function startBrowser() {
  // Without a GPU, drawing as in a browser without one takes less time than emulating one.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"];
  return chromium.launch({executablePath: process.env.CHROMIUM, args});
}

export const kDesktop = {viewport: {width: 1280, height: 900}};
export const kPhone = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true};

// A page of its own with errors collected: what a script throws and what the content security policy blocks.
export async function open(browser, options = kDesktop) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(kPatience);
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  return page;
}

export async function join_(page, site, rater) {
  await page.goto(`${site.url}/join#${site.tokens[rater]}`);
  await page.getByRole("button", {name: "Start"}).click();
  await ready(page);
}

// Waits until there is an item and its script, which knows the keys, has run.
export async function ready(page) {
  await page.waitForSelector("#rating");
  await page.waitForLoadState("load");
}

export async function signIn(page, site) {
  await page.goto(`${site.url}/lead`);
  await page.fill("#passphrase", site.passphrase);
  await page.getByRole("button", {name: "Sign in"}).click();
  await page.waitForSelector(".numbers");
}

export const item = (page) => page.inputValue("#rating input[name=item]");
export const chosen = (page) => page.evaluate(() => document.querySelector("input[name=value]:checked")?.value ?? null);

// Waits until another item, or another page, has come.
export async function next(page, before) {
  await page.waitForFunction((id) => {
    const now = document.querySelector("#rating input[name=item]")?.value;
    return now !== id && document.readyState === "complete";
  }, before);
}
