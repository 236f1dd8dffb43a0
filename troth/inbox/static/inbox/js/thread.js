// The log of messages: stays at the foot if it was there, counts what comes below, loads older ones without a jump,
// jumps to what is quoted, and tells the server what has been seen.
import { parse } from "../../ui/js/morph.js";
import { ask, post } from "../../ui/js/request.js";

const AT_FOOT_PX = 80;
const OLDER_PX = 600;
let wasAtFoot = true;
let missed = 0;
let known = new Set();
let seen = ""; // the last incoming message that the server was told about
let leaveUnread = "";

const resized = new ResizeObserver(() => wasAtFoot && toFoot());

const log = () => document.getElementById("log");
const incoming = () => [...document.querySelectorAll('#messages [data-direction="in"]')];

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-enlarges]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import("./enlarge.js").then(({ enlarge }) => enlarge(link));
});

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-play], [data-speed]");
  if (control) import("./player.js").then(({ press }) => press(control));
});

// What can be played knows again where it was left.
function showPlaces() {
  if (document.querySelector("#log :is(audio, video)")) import("./player.js").then(({ restore }) => restore());
}

export function startThread() {
  document.addEventListener("troth:changed", showPlaces);
  showPlaces();
  document.addEventListener("troth:opened", opened);
  document.addEventListener("troth:refreshing", refreshing);
  document.addEventListener("troth:refreshed", refreshed);
  document.addEventListener("scroll", (event) => event.target === log() && scrolled(), { capture: true, passive: true });
  document.addEventListener("click", clicked);
  document.addEventListener("visibilitychange", markSeen);
  addEventListener("focus", markSeen);
  addEventListener("resize", () => wasAtFoot && toFoot());
  resized.observe(document.getElementById("pane"));
  if (log()) opened({});
}

function opened() {
  missed = 0;
  leaveUnread = "";
  seen = "";
  remember();
  resized.observe(log());
  const unread = document.getElementById("unread-line");
  if (unread) unread.scrollIntoView({ block: "center" });
  else toFoot();
  scrolled();
}

function atFoot() {
  const element = log();
  return !element || element.scrollHeight - element.scrollTop - element.clientHeight < AT_FOOT_PX;
}

export function toFoot() {
  const element = log();
  if (element) element.scrollTop = element.scrollHeight;
}

function remember() {
  known = new Set([...document.querySelectorAll("#messages [data-message]")].map((item) => item.id));
}

// Before new content: note where we are, and set aside what slides out of the latest page.
function refreshing({ detail: { body } }) {
  wasAtFoot = atFoot();
  remember();
  const first = body.querySelector("#messages > [data-message]");
  const here = first && document.getElementById(first.id);
  const messages = document.getElementById("messages");
  if (!messages || !first) return;
  if (here?.parentElement === messages) {
    const before = [];
    for (let item = here.previousElementSibling; item; item = item.previousElementSibling) before.unshift(item);
    if (before.some((item) => item.dataset.message)) document.getElementById("older").append(...before);
  } else if (known.size) {
    document.getElementById("older").replaceChildren();
    document.getElementById("log-older").replaceWith(body.querySelector("#log-older").cloneNode(true));
  }
}

function refreshed() {
  const fresh = incoming().filter((item) => !known.has(item.id));
  if (wasAtFoot) toFoot();
  else missed += fresh.length;
  if (fresh.length) leaveUnread = "";
  showPill();
  markSeen();
}

function scrolled() {
  wasAtFoot = atFoot();
  if (wasAtFoot) missed = 0;
  showPill();
  markSeen();
  const link = document.querySelector("[data-older]");
  if (link && log().scrollTop < OLDER_PX && log().scrollHeight > log().clientHeight) loadOlder(link);
}

function showPill() {
  const pill = document.getElementById("latest");
  if (!pill) return;
  pill.hidden = wasAtFoot;
  pill.querySelector("[data-words]").textContent = missed ? String(missed) : "";
}

let loading = null;

async function loadOlder(link) {
  if (loading === link) return;
  loading = link;
  try {
    const answer = await ask(link.getAttribute("href"), { target: "messages" });
    if (answer.ok && link.isConnected) prepend(parse(await answer.text()));
  } catch {
    // The link stays; scrolling or pressing it asks again.
  }
  loading = null;
}

function prepend(body) {
  const element = log();
  const height = element.scrollHeight;
  const top = element.scrollTop;
  const older = document.getElementById("older");
  dropRepeatedDay(body);
  older.prepend(...(body.querySelector("#messages")?.childNodes ?? []));
  document.getElementById("log-older").replaceChildren(...(body.querySelector("#log-older")?.childNodes ?? []));
  element.dispatchEvent(new CustomEvent("troth:changed", { bubbles: true }));
  element.scrollTop = top + element.scrollHeight - height;
}

// The page we had began with a line for its day; when the older page ends in the same day, it needs it only once.
function dropRepeatedDay(body) {
  for (const day of body.querySelectorAll(".day[id]")) document.getElementById(day.id)?.remove();
}

function clicked(event) {
  const older = event.target.closest("[data-older]");
  const jump = event.target.closest("[data-jump]");
  if (event.target.closest("#latest")) toFoot();
  if (older || jump) event.preventDefault();
  if (older) loadOlder(older);
  if (jump) jumpTo(jump.dataset.jump);
}

function jumpTo(id) {
  const item = document.querySelector(`#log [data-message="${CSS.escape(id)}"]`);
  if (!item) return;
  item.scrollIntoView({ block: "center" });
  item.classList.add("message-jumped");
  setTimeout(() => item.classList.remove("message-jumped"), 1500);
}

// Seen is: this window is looked at, and the last incoming message is in sight.
function markSeen() {
  const thread = document.getElementById("thread");
  const last = incoming().at(-1)?.dataset.message;
  if (!thread?.dataset.readUrl || !last || last === seen || leaveUnread === thread.dataset.conversation) return;
  if (document.hidden || !document.hasFocus() || !atFoot()) return;
  seen = last;
  post(thread.dataset.readUrl, { up_to: last }, { keepalive: true }).catch(() => (seen = ""));
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.dataset?.act === "unread") {
    leaveUnread = document.getElementById("thread").dataset.conversation;
  }
});
