// The dialogs of the composer: filled in beside a bubble that shows how it will look, then sent like a text.
import { post, ask } from "../../ui/js/request.js";
import { remember } from "../../ui/js/locally.js";
import { toast } from "../../ui/js/toast.js";
import { words } from "../../ui/js/words.js";
import { dropDraft } from "./drafts.js";
import { takeFields } from "./fields.js";
import * as outbox from "./outbox.js";
import { refreshPane } from "./pane.js";
import { toFoot } from "./thread.js";

const PAUSE_MS = 250;
const fileFields = () => import("./file-field.js");
const composer = () => document.getElementById("composer");
const field = () => document.getElementById("composer-text");

export function press(button) {
  if ("hold" in button.dataset) return setHold(button);
  if (button.dataset.what === "later" && !field().value.trim()) {
    toast(words("writeFirst", {}, "inbox-words"));
    return field().focus();
  }
  return open(button.dataset.what);
}

export function forward(url) {
  return open("forward", { url });
}

function setHold(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.setAttribute("aria-checked", String(on));
  remember("troth_hold", on ? "" : "off");
}

export function showHold() {
  document.querySelector("[data-hold]")?.setAttribute("aria-checked", String(!document.cookie.includes("troth_hold=off")));
}

async function open(what, { url = "" } = {}) {
  const answer = await ask(`${composer().dataset.sayUrl}${what}/`).catch(() => null);
  if (!answer?.ok) return toast(words(answer ? "failed" : "noConnection"), { error: true });
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  if (form.querySelector("[data-file-field]")) fileFields().then(({ startFields }) => startFields(form));
  fill(form);
  form.addEventListener("click", (event) => clicked(event, form));
  form.addEventListener("input", (event) => changed(event, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (what === "forward") sendForward(form, dialog, url);
    else if (what === "later") sendLater(form, dialog);
    else send(form, dialog);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    field()?.focus();
  });
  if (what === "later") startClock(form);
  dialog.showModal();
  if (what === "flow") import("./flows.js").then(({ startFlows }) => startFlows(form));
  if (form.querySelector("[data-products]")) import("./products.js").then(({ startProducts }) => startProducts(form, () => productRow(form)));
  if (dialog.dataset.previews) draw(form);
  limits(form);
}

// What stands in a form, in its repeated rows or in one of those, and not in one further in.
function own(part, wanted) {
  return [...part.querySelectorAll(wanted)].filter((one) => one.parentElement.closest("[data-row], [data-rows], form") === part);
}

// Repeated rows begin with as many as are asked for. Rows may hold rows.
function fill(part) {
  for (const rows of own(part, "[data-rows][data-least]")) {
    for (let n = 0; n < Number(rows.dataset.least); n += 1) addRow(rows);
    fit(rows);
  }
}

let made = 0;

function addRow(rows) {
  const row = rows.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  row.dataset.row = "";
  made += 1;
  for (const element of row.querySelectorAll(":is(input, textarea, select)[name]")) {
    element.id = `say-${rows.dataset.rows}-${element.name}-${made}`;
    element.closest("label")?.setAttribute("for", element.id);
  }
  rows.insertBefore(row, rows.querySelector(":scope > [data-add]"));
  if (row.querySelector("[data-file-field]")) fileFields().then(({ startFields }) => startFields(row));
  fill(row);
  fit(rows);
  return row;
}

function fit(rows) {
  const inside = own(rows, "[data-row]");
  const add = rows.querySelector(":scope > [data-add]");
  if (add) add.hidden = inside.length >= Number(rows.dataset.most);
  for (const [at, row] of inside.entries()) {
    for (const place of own(row, "[data-number]")) place.textContent = at + 1;
    for (const button of own(row, "[data-drop]")) button.hidden = inside.length <= Number(rows.dataset.least);
  }
}

function clicked(event, form) {
  const rows = event.target.closest("[data-rows]");
  if (event.target.closest("[data-add]")) addRow(rows).querySelector(".input").focus();
  if (event.target.closest("[data-drop]")) {
    const row = event.target.closest("[data-row]");
    row.querySelector("[data-remove]")?.click(); // and the file that was chosen in it
    row.remove();
    fit(rows);
  }
  const person = event.target.closest("[data-person]");
  if (person) choosePerson(person, form);
  if (rows || person) changed({ target: form }, form);
}

// Somebody who was chosen gets a card of their own: the first that is empty, else one more.
function choosePerson({ dataset }, form) {
  const rows = form.querySelector('[data-rows="cards"]');
  const empty = own(rows, "[data-row]").find((row) => !row.querySelector('[name="name"]').value.trim());
  if (!empty && rows.querySelector(":scope > [data-add]").hidden) return;
  const row = empty ?? addRow(rows);
  row.querySelector('[name="name"]').value = dataset.person;
  row.querySelector('[name="phone"]').value = dataset.phone;
  form.querySelector("details").open = false;
  row.querySelector('[name="name"]').focus();
}

// Where one more product goes: the first row that has none, else a new one; the form where it takes a single one.
function productRow(form) {
  const rows = form.querySelector('[data-rows="products"]');
  if (!rows) return form;
  const empty = own(rows, "[data-row]").find((row) => !row.querySelector('[name="product"]').value.trim());
  return empty ?? (rows.querySelector(":scope > [data-add]").hidden ? null : addRow(rows));
}

let timer = 0;

function changed({ target }, form) {
  if (target.matches?.("[data-search]")) return search(target, form);
  limits(form);
  clearTimeout(timer);
  timer = setTimeout(() => draw(form), PAUSE_MS);
}

// How many characters are left, said when few are.
function limits(form) {
  for (const element of form.querySelectorAll("[maxlength]")) {
    const left = element.maxLength - element.value.length;
    const place = element.closest(".field, [data-row]")?.querySelector(`[data-left="${element.name}"]`);
    if (place) place.textContent = left <= Math.max(5, element.maxLength / 5) ? words("characters", { count: left }, "inbox-words") : "";
  }
  const tells = form.querySelector("[data-counts]");
  if (tells) {
    const count = form.querySelectorAll('[name="to"]:checked').length;
    tells.textContent = count || "";
    form.querySelector("[type=submit]").disabled = count === 0;
  }
}

function search(input, form) {
  const wanted = input.value.trim().toLocaleLowerCase();
  for (const choice of form.querySelectorAll("[data-choice]")) {
    choice.hidden = !choice.textContent.toLocaleLowerCase().includes(wanted);
  }
}

// What the form holds: names as they are, repeated rows as lists.
function held(part) {
  const said = {};
  for (const element of own(part, "[name]:not([data-search])")) said[element.name] = element.value;
  for (const rows of own(part, "[data-rows]")) said[rows.dataset.rows] = own(rows, "[data-row]").map(held);
  return said;
}

const content = (form) => JSON.stringify({ type: form.dataset.type, ...held(form) });

let asked = 0;

async function draw(form) {
  const place = form.querySelector("[data-drawn]");
  if (!place || !form.isConnected) return;
  const mine = ++asked;
  const answer = await post(composer().dataset.previewUrl, { content: content(form) }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const body = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const problem = body.querySelector("[data-problem]")?.textContent ?? "";
  if (body.querySelector("[data-preview]")) place.replaceChildren(...body.querySelector("[data-preview]").childNodes);
  form.querySelector("[data-why]").dataset.problem = problem;
  if (!problem) form.querySelector("[data-why]").textContent = "";
  return problem;
}

function add(text, fields, url = composer().getAttribute("action")) {
  const { conversation } = composer().dataset;
  outbox.add({ id: crypto.randomUUID(), conversation, url, text, at: new Date().toISOString(), fields });
  toFoot();
}

async function send(form, dialog) {
  if (form.querySelector("[data-file-field]")) await (await fileFields()).settled(form);
  clearTimeout(timer);
  const problem = await draw(form);
  const why = form.querySelector("[data-why]");
  if (problem !== "") {
    why.textContent = problem ?? words("noConnection");
    return;
  }
  const shown = form.querySelector("[data-drawn]").innerText.split("\n").slice(0, 3).join("\n").trim();
  add(form.elements.text?.value.trim() || shown, { ...takeFields(), content: content(form) });
  dialog.close();
}

async function sendForward(form, dialog, url) {
  const to = [...form.querySelectorAll('[name="to"]:checked')].map((box) => ["to", box.value]);
  const answer = await post(url, to).catch(() => null);
  const told = answer && (await answer.json().catch(() => ({})));
  if (!answer?.ok) {
    form.querySelector("[data-why]").textContent = told?.error || words(answer ? "failed" : "noConnection");
    return;
  }
  dialog.close();
  toast(told.words, { error: told.error });
  refreshPane();
}

// The time is chosen on the clock of the person or on one's own; the other is shown beside it.
function startClock(form) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const mine = form.querySelector("[data-own]");
  mine.value = own;
  mine.textContent = mine.textContent.replace("%", own.split("/").at(-1).replaceAll("_", " "));
  if (!form.elements.zone.value || form.elements.zone.options.length === 1) form.elements.zone.value = own;
  const next = new Date(Date.now() + 3600000);
  next.setMinutes(0, 0, 0);
  const two = (n) => String(n).padStart(2, "0");
  form.elements.at.value = `${next.getFullYear()}-${two(next.getMonth() + 1)}-${two(next.getDate())}T${two(next.getHours())}:00`;
}

async function sendLater(form, dialog) {
  const url = composer().dataset.scheduleUrl;
  const text = field().value.trim();
  const fields = takeFields();
  delete fields.hold;
  const values = { ...fields, text, at: form.elements.at.value, zone: form.elements.zone.value, client_id: crypto.randomUUID() };
  const answer = await post(url, values).catch(() => null);
  if (!answer?.ok) {
    const told = answer && (await answer.json().catch(() => ({})));
    form.querySelector("[data-why]").textContent = told?.error || words(answer ? "failed" : "noConnection");
    return;
  }
  const { conversation, draftUrl } = composer().dataset;
  field().value = "";
  dropDraft(conversation, draftUrl);
  field().dispatchEvent(new Event("input", { bubbles: true }));
  dialog.close();
  await refreshPane();
  toFoot();
}
