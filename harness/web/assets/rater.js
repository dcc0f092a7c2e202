// Makes the rating page quicker to use; without it the page is plain forms. Everything that matters is checked by the server.
const kPauseAfter = 60;  // seconds without a sign of life: a pause, which is not time at work
const kRenewEvery = 60;  // seconds
const kSaveAfter = 300;  // milliseconds after a change

const form = document.getElementById("rating");
const status = document.getElementById("saved");
let isSending = false;

function say(text) {
  if (status && status.textContent !== text) status.textContent = text;
}

function chosen(name) {
  return form.querySelector(`input[name="${name}"]:checked`);
}

// ---- Time at work ----
let seconds = 0;
let lastSign = performance.now();
let lastTick = performance.now();

function signOfLife() {
  lastSign = performance.now();
}

function tick() {
  const now = performance.now();
  const isAtWork = document.visibilityState === "visible" && now - lastSign < kPauseAfter * 1000;
  if (isAtWork) seconds += Math.min(2, (now - lastTick) / 1000);
  lastTick = now;
  form.elements.seconds.value = seconds.toFixed(1);
}

// ---- Drafts and the lease ----
let saveTimer = 0;
let unsaved = false;

function body() {
  tick();
  return new URLSearchParams(new FormData(form));
}

async function post(path, options = {}) {
  return fetch(path, {method: "POST", body: body(), redirect: "manual", ...options});
}

function changed() {
  unsaved = true;
  say("");
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, kSaveAfter);
}

async function save() {
  if (!unsaved || isSending) return;
  unsaved = false;
  try {
    const response = await post("/rate/draft");
    if (response.status === 204) return say(unsaved ? "" : "Draft saved");
    if (response.status === 403) return say("Your session has ended: open your link, or ask for another one.");
    if (response.status === 409) return say("This item is not open to you any more. Look again.");
    throw new Error(response.status);
  } catch {
    unsaved = true;
    say("Not saved yet: the server cannot be reached. Trying again.");
    saveTimer = setTimeout(save, 3000);
  }
}

async function renew() {
  if (performance.now() - lastSign > 2 * kRenewEvery * 1000) return;
  try {
    await post("/rate/renew");
  } catch {
    // The next change or submission says whether the item is still open.
  }
}

// ---- Submitting ----
async function submit(event) {
  event.preventDefault();
  if (isSending || !form.reportValidity()) return;
  isSending = true;
  clearTimeout(saveTimer);
  say("Sending");
  try {
    const response = await post(form.action);
    if (response.type === "opaqueredirect") {
      unsaved = false;
      return location.replace("/rate");
    }
    if (response.status >= 500) throw new Error(response.status);
    unsaved = false;
    await showAnswer(response);
  } catch {
    isSending = false;
    unsaved = true;
    say("Not sent: the server cannot be reached. Your choice is still here; press Submit again.");
    saveTimer = setTimeout(save, 3000);
  }
}

// Feedback, or why nothing was stored, in the place of this page; what is missing, beside the button.
async function showAnswer(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.status === 422) {
    isSending = false;
    return say(page.querySelector("[role=alert]").textContent);
  }
  document.getElementById("main").replaceWith(page.getElementById("main"));
  document.title = page.title;
  document.querySelector("#go-on, .card a")?.focus();
}

// ---- Keys ----
const shortcuts = document.getElementById("shortcuts");

function areKeysOn() {
  return localStorage.getItem("shortcuts") !== "off";
}

function isTyping(target) {
  return target.closest("textarea, input:not([type=radio]):not([type=checkbox]), select") !== null;
}

function press(input) {
  if (!input) return;
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", {bubbles: true}));
}

function move(step) {
  const points = [...form.querySelectorAll("input[name=value]")];
  const at = points.findIndex((point) => point.checked);
  const to = points[at < 0 ? (step > 0 ? 0 : points.length - 1) : Math.max(0, Math.min(points.length - 1, at + step))];
  press(to);
  // A focus that stayed behind would be where the browser's own arrow keys go on from.
  if (points.includes(document.activeElement)) to.focus();
}

function toggleSafe(name) {
  const now = chosen(name);
  press(form.querySelector(`input[name="${name}"][value="${now && now.value === "yes" ? "no" : "yes"}"]`));
}

function openDetails(id, focus) {
  const details = document.getElementById(id);
  if (!details) return;
  details.open = !details.open;
  const target = details.open ? details.querySelector(focus) : details.querySelector("summary");
  if (target) target.focus();
}

const kKeys = {
  b: () => press(form.elements.both_bad),
  l: () => toggleSafe("left_safe"),
  r: () => toggleSafe("right_safe"),
  v: () => press(document.getElementById("reveal")),
  s: () => openDetails("skip", "input[name=reason]"),
  "?": () => openDetails("help", "summary"),
  u: () => document.getElementById("undo")?.requestSubmit(),
};

function onRatingKey(event) {
  const isOtherChoice = event.target.closest("input[type=radio]:not([name=value])") !== null;
  if (/^[1-9]$/.test(event.key)) return press(form.querySelector(`input[name=value][value="${event.key}"]`)) ?? true;
  if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !isOtherChoice) {
    move(event.key === "ArrowLeft" ? -1 : 1);
    return true;
  }
  if (event.key === "Enter" && event.target.closest("button, a, summary, #skip") === null) {
    form.requestSubmit();
    return true;
  }
  return false;
}

function onKey(event) {
  signOfLife();
  if (event.ctrlKey || event.altKey || event.metaKey || !areKeysOn() || isTyping(event.target)) return;
  const goOn = document.getElementById("go-on");
  if (goOn) {
    if (event.key === "Enter") goOn.click();
    return;
  }
  const act = kKeys[event.key.toLowerCase()];
  if (!form && event.key.toLowerCase() !== "u") return;
  if (act) {
    act();
    event.preventDefault();
  } else if (onRatingKey(event)) {
    event.preventDefault();
  }
}

// ---- Start ----
document.addEventListener("keydown", onKey);

const retry = document.querySelector("[data-retry]");
if (retry) setInterval(() => document.visibilityState === "visible" && location.reload(), retry.dataset.retry * 1000);

if (form) {
  seconds = Number(form.elements.seconds.value) || 0;
  form.elements.measured.disabled = false;
  form.addEventListener("submit", submit);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  for (const event of ["pointermove", "pointerdown", "scroll", "wheel"])
    document.addEventListener(event, signOfLife, {passive: true});
  document.addEventListener("visibilitychange", () => {
    tick();
    if (document.visibilityState === "hidden" && unsaved) save();
  });
  addEventListener("pagehide", () => {
    if (unsaved && !isSending) post("/rate/draft", {keepalive: true}).catch(() => {});
  });
  setInterval(tick, 1000);
  setInterval(renew, kRenewEvery * 1000);
  document.getElementById("keys").hidden = false;
  shortcuts.checked = areKeysOn();
  shortcuts.addEventListener("change", () => localStorage.setItem("shortcuts", shortcuts.checked ? "on" : "off"));
}
