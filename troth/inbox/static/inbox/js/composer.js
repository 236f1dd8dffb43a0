// Writing an answer: it grows, keeps its draft, and shows the bubble at once, before anybody was asked.
import { words } from "../../ui/js/words.js";
import { draftOf, dropDraft, saveDraft } from "./drafts.js";
import { above, takeFields } from "./fields.js";
import * as outbox from "./outbox.js";
import { refreshPane } from "./pane.js";
import { toFoot } from "./thread.js";

const NEAR = 300;
const CAPTIONED = ["image", "video", "document"];
const delivered = new Map(); // sent, but not yet seen in the thread: client id -> item
const form = () => document.getElementById("composer");
const field = () => document.getElementById("composer-text");

export function startComposer() {
  document.addEventListener("troth:opened", (event) => opened(event.detail));
  document.addEventListener("troth:refreshed", show);
  document.addEventListener("troth:outbox", show);
  document.addEventListener("troth:sent", sent);
  document.addEventListener("troth:tray", () => form()?.hasAttribute("data-waits") && send());
  document.addEventListener("input", (event) => event.target === field() && typed());
  document.addEventListener("keydown", (event) => event.target === field() && keyed(event));
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send();
  });
  document.addEventListener("click", clicked);
  if (form()) opened({});
}

function opened({ write = false } = {}) {
  if (form()) {
    const mine = draftOf(form().dataset.conversation);
    if (mine !== null && mine !== field().value) field().value = mine;
    grow();
    if (write && !form().hasAttribute("data-shut")) field().focus({ preventScroll: true });
  }
  show();
  toFootIfShort();
}

function toFootIfShort() {
  if (!document.getElementById("unread-line")) toFoot();
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  const element = field();
  element.style.setProperty("block-size", "auto");
  element.style.setProperty("block-size", `${element.scrollHeight}px`);
}

function typed() {
  grow();
  count();
  saveDraft(form().dataset.conversation, form().dataset.draftUrl, field().value);
}

function count() {
  const left = Number(form().dataset.most) - [...field().value].length;
  const element = document.getElementById("composer-count");
  element.toggleAttribute("data-over", left < 0);
  if (left < 0) element.textContent = words("tooLong", { count: -left }, "inbox-words");
  else element.textContent = left <= NEAR ? words("characters", { count: left }, "inbox-words") : "";
  return left >= 0;
}

function keyed(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    send();
  }
}

async function send() {
  if (form().hasAttribute("data-shut")) return document.getElementById("closed-words").focus();
  const text = field().value.trim();
  const carried = form().hasAttribute("data-files") ? await carry(text) : [];
  if ((!text && !carried?.length) || !carried || !count()) return;
  const { conversation, draftUrl } = form().dataset;
  const fields = takeFields();
  field().value = "";
  field().dispatchEvent(new Event("input", { bubbles: true }));
  dropDraft(conversation, draftUrl);
  carried.forEach((item, n) => say(conversation, n ? item : { ...item, fields: { ...fields, ...item.fields } }));
  if (text && !carried.some((item) => item.text)) say(conversation, { text, fields: carried.length ? {} : fields });
  toFoot();
  field().focus({ preventScroll: true });
}

function say(conversation, { text, fields = {}, name = "" }) {
  const url = form().getAttribute("action");
  outbox.add({ id: crypto.randomUUID(), conversation, url, text, at: new Date().toISOString(), fields, name });
}

// Files go with the text, which stands under the first that can have some. While one is still on its way all wait for it.
async function carry(text) {
  const { take } = await import("./files.js");
  const items = take();
  form().toggleAttribute("data-waits", !items);
  if (!items) return null;
  const under = items.find((item) => CAPTIONED.includes(item.kind));
  return items.map((item) => ({ text: item === under ? text : "", fields: { file: item.id }, name: item.name || item.label }));
}

function sent({ detail: item }) {
  if (!document.getElementById(`m-${item.id}`)?.dataset.message) delivered.set(item.id, item);
  show();
  if (item.conversation === form()?.dataset.conversation) refreshPane();
}

// Make the pending bubbles match what waits: bubbles that stay are not touched.
function show() {
  const place = document.getElementById("pending");
  const template = document.getElementById("pending-template");
  const conversation = document.getElementById("thread")?.dataset.conversation;
  if (!place || !template) return;
  for (const id of [...delivered.keys()]) {
    if (document.querySelector(`#messages #${CSS.escape(`m-${id}`)}`)) delivered.delete(id);
  }
  const arrived = [...delivered.values()].filter((item) => item.conversation === conversation);
  const items = [...arrived, ...outbox.waiting(conversation)].filter(
    (item) => !document.querySelector(`#messages #${CSS.escape(`m-${item.id}`)}`),
  );
  const wanted = new Set(items.map((item) => `m-${item.id}`));
  for (const bubble of [...place.children]) if (!wanted.has(bubble.id)) bubble.remove();
  for (const item of items) dress(bubbleFor(item, place, template), item);
}

function bubbleFor(item, place, template) {
  const id = `m-${item.id}`;
  const here = [...place.children].find((child) => child.id === id);
  if (here) return here;
  const bubble = template.content.firstElementChild.cloneNode(true);
  bubble.id = id;
  bubble.dataset.pending = item.id;
  bubble.querySelector("[data-text]").textContent = item.text;
  bubble.querySelector("[data-file]").hidden = !item.name;
  bubble.querySelector("[data-name]").textContent = item.name ?? "";
  bubble.querySelector("time").setAttribute("datetime", item.at);
  place.append(bubble);
  bubble.dispatchEvent(new CustomEvent("troth:changed", { bubbles: true }));
  return bubble;
}

function dress(bubble, { state, why }) {
  const problem = bubble.querySelector(".message-problem");
  const failed = state === "failed";
  bubble.classList.toggle("message-failed", failed);
  bubble.querySelector(".tick").hidden = failed;
  if (problem.hidden !== failed) return;
  problem.hidden = !failed;
  const reason = why === "signedOut" ? words("signedOut", {}, "inbox-words") : why;
  problem.querySelector("[data-words]").textContent = failed ? reason || words("notSent", {}, "inbox-words") : "";
}

function clicked(event) {
  const bubble = event.target.closest("[data-pending]");
  if (!bubble) return;
  const id = bubble.dataset.pending;
  if (event.target.closest("[data-again]")) outbox.tryAgain(id);
  if (event.target.closest("[data-edit]")) {
    const text = bubble.querySelector("[data-text]").textContent;
    field().value = above(text, field().value);
    outbox.remove(id);
    typed();
    field().focus();
  }
}
