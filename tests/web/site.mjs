// A rating server with its own study, and browsers that open it.
import {spawn} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {chromium} from "playwright-core";

export async function startSite(protocol, prompts, raters = 3) {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-web-"));
  const database = join(folder, "study.sqlite");
  const server = await startServer(database, protocol, prompts, raters);
  return {
    ...server,
    database,
    async restart() {
      await server.stop();
      const port = new URL(server.url).port;
      Object.assign(server, await startServer(database, protocol, prompts, raters, port));
    },
    async stop() {
      await server.stop();
      await rm(folder, {recursive: true});
    },
  };
}

async function startServer(database, protocol, prompts, raters, port = "0") {
  const child = spawn(process.env.WEB_TEST_SERVER, [database, protocol, prompts, raters, port], {stdio: ["ignore", "pipe", "inherit"]});
  const lines = [];
  for await (const line of createInterface({input: child.stdout})) {
    if (line === "ready") break;
    lines.push(line);
  }
  const [url, passphrase, ...tokens] = lines;
  if (!url) throw new Error("the server did not start");
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    url,
    passphrase,
    tokens,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export function startBrowser() {
  return chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"]});
}

export const kDesktop = {viewport: {width: 1280, height: 900}};
export const kPhone = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true};

// A page of its own with errors collected: what a script throws and what the content security policy blocks.
export async function open(browser, options = kDesktop) {
  const context = await browser.newContext(options);
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
  await page.waitForFunction((id) => document.querySelector("#rating input[name=item]")?.value !== id && document.readyState === "complete", before);
}
