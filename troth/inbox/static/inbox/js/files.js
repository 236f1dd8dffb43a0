// Files that wait to be sent: each is uploaded at once, with its progress, and can be taken back. One that failed can be
// tried again.
import { words } from "../../ui/js/words.js";
import "./player.js";
import { forget as drop, lost, sizeText, upload as send } from "./upload.js";

const trays = new Map(); // conversation -> items
let number = 0;

const form = () => document.getElementById("composer");
const here = () => form()?.dataset.conversation;
const place = () => document.getElementById("composer-tray");
const say = (name, values) => words(name, values, "inbox-words");

document.addEventListener("troth:opened", show);
document.addEventListener("troth:refreshed", show);

export function waiting(conversation = here()) {
  return trays.get(conversation) ?? [];
}

// This will take files into the tray of the open conversation and begin to upload them.
export function add(files, wish = "") {
  const conversation = here();
  if (!conversation) return [];
  const made = files.map((file) => ({
    key: (number += 1),
    file,
    wish,
    conversation,
    url: form().dataset.filesUrl,
    name: file.name ?? "",
    sent: 0,
    state: "uploading",
    local: file.type.startsWith("image/") || wish === "voice" ? URL.createObjectURL(file) : "",
  }));
  trays.set(conversation, [...waiting(conversation), ...made]);
  show();
  made.reduce((before, item) => before.then(() => upload(item)), Promise.resolve());
  document.getElementById("composer-text").focus({ preventScroll: true });
  return made;
}

// This will take files that were sent and taken back into the tray again: they are with the server already.
export function putBack(files) {
  const conversation = here();
  const made = files.map(({ kind, preview, url, ...told }) => ({
    ...told,
    kind,
    key: (number += 1),
    wish: kind === "voice" ? "voice" : "",
    conversation,
    url: form().dataset.filesUrl,
    state: "ready",
    local: kind === "voice" ? url : (preview ?? ""),
  }));
  trays.set(conversation, [...waiting(conversation), ...made]);
  show();
}

// This will let go of a file that goes with a message now.
export function left(item) {
  forget(item);
  trays.set(item.conversation, waiting(item.conversation).filter((other) => other !== item));
  show();
}

// This will give out what is ready and leave the tray empty, or say no while something is under way.
export function take() {
  const items = waiting().filter((item) => item.state !== "failed");
  if (items.some((item) => item.state === "uploading")) return null;
  const failed = waiting().filter((item) => item.state === "failed");
  if (failed.length) trays.set(here(), failed);
  else trays.delete(here());
  items.forEach(forget);
  show();
  return items;
}

async function upload(item) {
  try {
    const told = await send(item, (bytes) => progress(item, bytes));
    if (told) Object.assign(item, told, { state: "ready" });
  } catch (problem) {
    if (item.state === "uploading") Object.assign(item, { state: "failed", why: problem.message || lost() });
  }
  show();
  document.dispatchEvent(new CustomEvent("troth:tray"));
}

function remove(item) {
  item.state = "gone";
  forget(item);
  trays.set(item.conversation, waiting(item.conversation).filter((other) => other !== item));
  drop(item);
  show();
  document.getElementById("composer-text")?.focus({ preventScroll: true });
}

function forget(item) {
  if (item.local) URL.revokeObjectURL(item.local);
}

function progress(item, bytes) {
  item.sent = bytes;
  const bar = document.querySelector(`[data-tray="${item.key}"] progress`);
  if (bar) bar.value = item.sent / item.file.size;
}

function show() {
  const tray = place();
  const template = document.getElementById("tray-item");
  if (!tray || !template) return;
  const items = waiting();
  const wanted = new Set(items.map((item) => String(item.key)));
  for (const row of [...tray.children]) if (!wanted.has(row.dataset.tray)) row.remove();
  for (const item of items) dress(rowFor(item, tray, template), item);
  tray.hidden = !items.length;
  form().toggleAttribute("data-files", items.length > 0);
}

function rowFor(item, tray, template) {
  const there = tray.querySelector(`[data-tray="${item.key}"]`);
  if (there) return there;
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.tray = item.key;
  row.querySelector("[data-name]").textContent = item.wish === "voice" ? say("voice") : item.name;
  if (item.local && item.wish === "voice") row.querySelector("[data-look]").replaceChildren(player(item.local));
  else if (item.local) row.querySelector("[data-look]").replaceChildren(picture(item.local));
  row.querySelector("[data-remove]").addEventListener("click", () => remove(item));
  row.querySelector("[data-retry]").addEventListener("click", () => again(item));
  tray.append(row);
  return row;
}

function again(item) {
  Object.assign(item, { state: "uploading", id: null, sent: 0, why: "" });
  show();
  upload(item);
}

function picture(address) {
  const image = new Image();
  image.src = address;
  image.alt = "";
  return image;
}

function player(address) {
  const sound = new Audio(address);
  sound.controls = true;
  return sound;
}

function dress(row, item) {
  const about = item.wish === "voice" ? sizeOf(item) : `${item.label} · ${sizeOf(item)}`;
  const text = { failed: item.why, ready: about, uploading: say("uploading") }[item.state] ?? "";
  row.classList.toggle("tray-failed", item.state === "failed");
  row.querySelector("[data-progress]").hidden = item.state !== "uploading";
  row.querySelector("[data-retry]").hidden = item.state !== "failed";
  const state = row.querySelector("[data-state]");
  if (state.textContent !== text) state.textContent = text;
}

function sizeOf({ size, file }) {
  return sizeText(size ?? file.size);
}
