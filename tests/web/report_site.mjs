// Report pages, opened as files in a browser without a network.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {promisify} from "node:util";
import {kDesktop, open} from "./site.mjs";

const run = promisify(execFile);

// A folder with the pages that report_pages.cpp writes.
export async function writePages() {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-report-"));
  await run(process.env.REPORT_PAGES, [folder]);
  return {
    folder,
    file: (name) => join(folder, `${name}.html`),
    url: (name) => pathToFileURL(join(folder, `${name}.html`)).href,
    remove: () => rm(folder, {recursive: true}),
  };
}

// A page of two runs of demo models over prompts and sums, made by the commands that a user types.
export async function writeDemoPage(folder) {
  const database = ["--db", join(folder, "demo.sqlite")];
  for (const model of ["demo:helpful", "demo:chat"])
    await run(process.env.BELLWETHER, ["run", "--model", model, "--suite", "demo,safety_60", ...database]);
  await run(process.env.BELLWETHER, ["report", "1", "2", "--out", join(folder, "demo.html"), ...database]);
}

// Opens a page and waits for its items. What it asks of anybody, and every dialog, window and error, is in page.errors.
export async function openReport(browser, url, options = kDesktop) {
  const page = await open(browser, options);
  const context = page.context();
  await context.setOffline(true);
  context.on("page", () => page.errors.push("a window opened"));
  page.on("dialog", (dialog) => { page.errors.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("download", () => page.errors.push("a download"));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url.split("#")[0]) page.errors.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await settled(page);
  return page;
}

// Waits until the list shows what the form asks for.
export async function settled(page) {
  await page.waitForSelector("#items .found[aria-busy=false] .rows");
}

export async function search(page, text) {
  await page.fill("#items [name=q]", text);
  await settled(page);
  return hits(page);
}

export const hits = async (page) => Number((await page.locator("#items output").textContent()).split(" of ")[0].replace(",", ""));
export const documents = (page) => page.locator("#items details.document .doc").allTextContents();

export async function choose(page, label) {
  await page.locator("#items .outcomes label", {hasText: label}).click();
  await settled(page);
  return hits(page);
}

export function noErrors(page) {
  assert.deepEqual(page.errors, []);
}
