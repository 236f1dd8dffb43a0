// The dialogs of the composer: filled in beside a bubble that shows how it will look, then sent like a text.
import { post, ask } from "../../ui/js/request.js";
import { remember } from "../../ui/js/locally.js";
import { toast } from "../../ui/js/toast.js";
import { words } from "../../ui/js/words.js";
import { refill, remember as rememberSaid } from "./again.js";
import { fieldsNow, hold, takeFields, unquote } from "./fields.js";
import * as outbox from "./outbox.js";
import { refreshPane } from "./pane.js";
import { toFoot } from "./thread.js";

const PAUSE_MS = 250;
const later = () => import("./later.js");
const fileFields = () => import("./file-field.js");
const composer = () => document.getElementById("composer");
const field = () => document.getElementById("composer-text");

export function press(button) {
  if ("hold" in button.dataset) return setHold(button);
  if (button.dataset.what === "later" && !field().value.trim() && !composer().hasAttribute("data-files")) {
    toast(words("writeFirst", {}, "inbox-words"));
    return field().focus();
  }
  return open(button.dataset.what);
}

export function forward(url) {
  return open("forward", { url });
}

// This will show the dialog of what was taken back, filled in as it was.
export function openAgain({ what, said }, files) {
  return open(what, { said, files });
}

function setHold(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.setAttribute("aria-checked", String(on));
  remember("troth_hold", on ? "" : "off");
}

export function showHold() {
  document.querySelector("[data-hold]")?.setAttribute("aria-checked", String(!document.cookie.includes("troth_hold=off")));
}

async function open(what, { url = "", said = null, files = [] } = {}) {
  const answer = await ask(`${composer().dataset.sayUrl}${what}/`).catch(() => null);
  if (!answer?.ok) return toast(words(answer ? "failed" : "noConnection"), { error: true });
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  if (form.querySelector("[data-file-field]")) fileFields().then(({ startFields }) => startFields(form));
  fill(form, said ?? {});
  form.addEventListener("click", (event) => clicked(event, form));
  form.addEventListener("input", (event) => changed(event, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (what === "forward") sendForward(form, dialog, url);
    else if (what !== "later") send(form, dialog, what);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    field()?.focus();
  });
  if (what === "later") (await import("./send-later.js")).startSendLater(form, dialog);
  else if (form.querySelector("[data-later]")) (await later()).startLater(form);
  dialog.showModal();
  if (files.length) await placeFiles(form, files);
  if (what === "flow") import("./flows.js").then(({ startFlows }) => startFlows(form, said && { id: said.flow_id, show: () => fillDrawn(form, said) }));
  if (form.querySelector("[data-products]")) import("./products.js").then(({ startProducts }) => startProducts(form, () => productRow(form)));
  if (dialog.dataset.previews) draw(form);
  limits(form);
}

// What stands in a form, in its repeated rows or in one of those, and not in one further in.
function own(part, wanted) {
  return [...part.querySelectorAll(wanted)].filter((one) => one.parentElement.closest("[data-row], [data-rows], form") === part);
}

// Repeated rows begin with as many as are asked for, or as were said: what was taken back stands there as it was. Rows may
// hold rows.
function fill(part, said) {
  refill(own(part, "[name]:not([data-id], [data-of-kind])"), Object.entries(said).filter(([, value]) => !Array.isArray(value)));
  for (const rows of own(part, "[data-rows][data-least]")) {
    const given = said[rows.dataset.rows] ?? [];
    for (let n = 0; n < Math.max(Number(rows.dataset.least), given.length); n += 1) addRow(rows, given[n]);
    fit(rows);
  }
}

// Rows that the server draws, each with its name, get what was said in those of their names.
function fillDrawn(form, said) {
  for (const rows of form.querySelectorAll("[data-rows]:not([data-least])")) {
    for (const row of own(rows, "[data-row]")) {
      const name = row.querySelector('[name="name"]').value;
      const given = said[rows.dataset.rows]?.find((one) => one.name === name);
      if (given) row.querySelector('[name="value"]').value = given.value;
    }
  }
}

// The files of what was taken back: above the text, or in the cards.
async function placeFiles(form, files) {
  const cards = [...form.querySelectorAll('[data-rows="cards"] > [data-row]')];
  for (const file of files) {
    const part = cards[Number(/^card(\d+)/.exec(file.slot)?.[1])] ?? form;
    (await fileFields()).place(part.querySelector("[data-file-field]"), file);
  }
}

let made = 0;

function addRow(rows, said = {}) {
  const row = rows.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  row.dataset.row = "";
  made += 1;
  for (const element of row.querySelectorAll(":is(input, textarea, select)[name]")) {
    element.id = `say-${rows.dataset.rows}-${element.name}-${made}`;
    element.closest("label")?.setAttribute("for", element.id);
  }
  rows.insertBefore(row, rows.querySelector(":scope > [data-add]"));
  if (row.querySelector("[data-file-field]")) fileFields().then(({ startFields }) => startFields(row));
  fill(row, said);
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
  for (const element of own(part, "[name]:not([data-search], [data-later] *)")) said[element.name] = element.value;
  for (const rows of own(part, "[data-rows]")) said[rows.dataset.rows] = own(rows, "[data-row]").map(held);
  return said;
}

const content = (form) => JSON.stringify({ type: form.dataset.type, ...held(form) });

let asked = 0;
let latest = null; // what the newest drawing will say

function draw(form) {
  latest = drawOnce(form);
  return latest;
}

async function drawOnce(form) {
  const place = form.querySelector("[data-drawn]");
  if (!place || !form.isConnected) return;
  const mine = ++asked;
  const answer = await post(composer().dataset.previewUrl, { content: content(form) }).catch(() => null);
  if (mine !== asked) return latest;
  if (!answer?.ok) return;
  const body = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const problem = body.querySelector("[data-problem]")?.textContent ?? "";
  if (body.querySelector("[data-preview]")) place.replaceChildren(...body.querySelector("[data-preview]").childNodes);
  form.querySelector("[data-why]").dataset.problem = problem;
  if (!problem) form.querySelector("[data-why]").textContent = "";
  return problem;
}

function add(text, fields, what) {
  const { conversation } = composer().dataset;
  const [id, url] = [crypto.randomUUID(), composer().getAttribute("action")];
  rememberSaid(id, { what, said: JSON.parse(fields.content) });
  outbox.add({ id, conversation, url, text, at: new Date().toISOString(), fields });
  toFoot();
}

async function send(form, dialog, what) {
  if (form.querySelector("[data-file-field]")) await (await fileFields()).settled(form);
  clearTimeout(timer);
  const problem = await draw(form);
  const why = form.querySelector("[data-why]");
  if (problem !== "") {
    why.textContent = problem ?? words("noConnection");
    return;
  }
  const time = (await later()).chosenTime(form);
  if (time) return sendLater(form, dialog, time);
  const shown = form.querySelector("[data-drawn]").innerText.split("\n").slice(0, 3).join("\n").trim();
  add(form.elements.text?.value.trim() || shown, { ...takeFields(), content: content(form) }, what);
  dialog.close();
}

async function sendLater(form, dialog, time) {
  form.dataset.clientId ??= crypto.randomUUID();
  const { hold: _hold, ...fields } = fieldsNow();
  const values = { ...fields, ...time, content: content(form), client_id: form.dataset.clientId };
  const problem = await (await later()).schedule(composer().dataset.scheduleUrl, values);
  form.querySelector("[data-why]").textContent = problem;
  if (problem) return;
  unquote();
  dialog.close();
  await refreshPane();
  toFoot();
}

async function sendForward(form, dialog, url) {
  const to = [...form.querySelectorAll('[name="to"]:checked')].map((box) => ["to", box.value]);
  to.push(...Object.entries(hold()));
  const answer = await post(url, to).catch(() => null);
  const told = answer && (await answer.json().catch(() => ({})));
  if (!answer?.ok) {
    form.querySelector("[data-why]").textContent = told?.error || words(answer ? "failed" : "noConnection");
    return;
  }
  dialog.close();
  toast(told.words, { error: told.error, undo: told.undo?.length ? () => takeAllBack(told.undo) : null });
  refreshPane();
}

async function takeAllBack(urls) {
  const answers = await Promise.all(urls.map((url) => post(url, {}).catch(() => null)));
  const lost = answers.find((answer) => !answer?.ok);
  if (lost !== undefined) toast((await lost?.json().catch(() => null))?.error || words(lost ? "failed" : "noConnection"), { error: true });
  document.dispatchEvent(new CustomEvent("troth:look-again"));
}
