// What was written and is not yet with the server. It survives a reload and a lost connection, and leaves in order,
// one at a time, from one tab only. The server knows each by its client id, so that sending twice sends once.
import { keep, kept } from "../../ui/js/locally.js";
import { post, SignedOut } from "../../ui/js/request.js";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30000;
const member = document.getElementById("inbox").dataset.member;
const NAME = `outbox:${member}`;
let retry = FIRST_RETRY_MS;
let timer = 0;

// Each: {id, conversation, url, text, at, state: "waiting" | "failed", why, fields}. `fields` is what is posted beside the text.
export function waiting(conversation) {
  return (kept(NAME) ?? []).filter((item) => item.conversation === conversation);
}

function change(edit) {
  const items = kept(NAME) ?? [];
  keep(NAME, edit(items));
  document.dispatchEvent(new CustomEvent("troth:outbox"));
}

export function add(item) {
  change((items) => [...items, { ...item, state: "waiting" }]);
  flush();
}

export function remove(id) {
  change((items) => items.filter((item) => item.id !== id));
}

export function tryAgain(id) {
  change((items) => items.map((item) => (item.id === id ? { ...item, state: "waiting", why: "" } : item)));
  flush();
}

function fail(id, why) {
  change((items) => items.map((item) => (item.id === id ? { ...item, state: "failed", why } : item)));
}

// This will send what waits. A conversation whose first message failed holds back its later ones: order is kept.
export function flush() {
  clearTimeout(timer);
  const send = () => sendAll();
  return navigator.locks ? navigator.locks.request(`troth:${NAME}`, send) : send();
}

function nextOne(held) {
  const blocked = new Set(held);
  for (const item of kept(NAME) ?? []) {
    if (item.state === "failed") blocked.add(item.conversation);
    else if (item.state === "waiting" && !blocked.has(item.conversation)) return item;
  }
  return null;
}

async function sendAll() {
  const held = new Set();
  for (let item = nextOne(held); item; item = nextOne(held)) {
    const outcome = await sendOne(item);
    if (outcome === "later") {
      timer = setTimeout(flush, retry);
      retry = Math.min(retry * 2, LAST_RETRY_MS);
      return;
    }
    retry = FIRST_RETRY_MS;
    if (outcome === "held") held.add(item.conversation);
  }
}

async function sendOne(item) {
  let answer;
  try {
    answer = await post(item.url, { ...item.fields, text: item.text, client_id: item.id });
  } catch (problem) {
    if (!(problem instanceof SignedOut)) return "later";
    fail(item.id, "signedOut");
    return "held";
  }
  if (answer.ok) {
    markSent(item.id);
    return "sent";
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return "later";
  fail(item.id, (await explanation(answer)) || "");
  return "held";
}

// The server has it. It leaves here when it shows in the thread, so that nothing blinks in between.
function markSent(id) {
  const item = (kept(NAME) ?? []).find((each) => each.id === id);
  change((items) => items.filter((each) => each.id !== id));
  document.dispatchEvent(new CustomEvent("troth:sent", { detail: item ?? { id } }));
}

async function explanation(answer) {
  try {
    const type = answer.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/json")) return (await answer.json()).error;
    if (type.startsWith("text/plain")) return await answer.text();
  } catch {
    // Without words of the server, ours will do.
  }
  return "";
}
