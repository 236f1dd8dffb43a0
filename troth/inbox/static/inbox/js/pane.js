// The open conversation: its address, its way in and back, and its refreshing.
import { coalesce } from "../../ui/js/coalesce.js";
import { morphInto, parse, replaceWith } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";
import { showUnread } from "../../ui/js/title.js";
import { linkOf, markOpen, openConversation, showFilter } from "./list.js";

const inbox = document.getElementById("inbox");
const pane = document.getElementById("pane");
const plain = inbox.dataset.title;
let leaving = null; // cancels the request for a conversation that is no longer wanted
let stale = false;
let updates = 0; // answers that were shown

export function startPane() {
  document.addEventListener("click", clicked);
  addEventListener("popstate", cameBack);
}

function clicked(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  const link = event.target.closest("[data-open]");
  const back = event.target.closest("[data-back]");
  if (link) {
    event.preventDefault();
    const byHand = event.detail > 0 && matchMedia("(hover: hover)").matches;
    history.pushState({ troth: "pane", from: "list" }, "", link.href);
    show(link.href, { id: link.dataset.open, write: byHand });
  } else if (back) {
    event.preventDefault();
    toList(back.getAttribute("href"));
  }
}

// This will go back to the list, by the browser's own history where the list is the page before.
export function toList(address) {
  if (history.state?.from === "list") return history.back();
  history.pushState({ troth: "list" }, "", address);
  closePane();
}

function cameBack() {
  const thread = document.getElementById("thread");
  if (thread && new URL(thread.dataset.url, location.href).pathname === location.pathname) {
    inbox.dataset.view = location.hash === "#details" ? "details" : "thread";
    return;
  }
  const here = location.href.split("#")[0];
  const link = [...document.querySelectorAll("[data-open]")].find((each) => each.href === here);
  const filter = filterAt(here);
  if (filter) {
    closePane();
    showFilter(filter.getAttribute("href"));
  } else if (link) show(link.href, { id: link.dataset.open });
  else location.reload();
}

// The address without a filter shows all.
function filterAt(here) {
  const { href, pathname, search } = new URL(here);
  return [...document.querySelectorAll("[data-filter]")].find(
    (each) => each.href === href || (!search && each.pathname === pathname && each.dataset.filter === "all"),
  );
}

function closePane() {
  leaving?.abort();
  const last = openConversation();
  inbox.dataset.view = "list";
  pane.replaceChildren(document.getElementById("empty-pane").content.cloneNode(true));
  document.title = plain;
  showUnread();
  markOpen(null);
  linkOf(last)?.focus({ preventScroll: true });
}

async function show(address, { id, write = false }) {
  leaving?.abort();
  leaving = new AbortController();
  markOpen(id);
  const body = await read(address, leaving.signal);
  if (!body) return;
  replaceWith(pane, body);
  inbox.dataset.view = "thread";
  document.title = `${document.getElementById("thread-name").textContent.trim()} · ${plain}`;
  showUnread();
  markOpen();
  pane.dispatchEvent(new CustomEvent("troth:opened", { bubbles: true, detail: { write } }));
}

async function read(address, signal = null) {
  try {
    const answer = await ask(address, { target: "pane", signal });
    if (answer.ok) return parse(await answer.text());
    if (answer.status === 403 || answer.status === 404) location.assign(document.querySelector("[data-filter]").href);
  } catch (problem) {
    if (problem instanceof SignedOut) location.reload();
    else if (problem.name !== "AbortError" && !signal?.aborted) stale = true;
  }
  return null;
}

const refreshNow = coalesce(async () => {
  const id = openConversation();
  let before, body;
  do {
    if (!id || openConversation() !== id) return;
    before = updates;
    body = await read(document.getElementById("thread").dataset.url);
  } while (body && before !== updates); // What was done meanwhile is not in it yet: it would be undone on the screen.
  if (body && openConversation() === id) updatePane(body);
});

// This will bring the open conversation up to date; in a hidden tab it waits until somebody looks.
export function refreshPane() {
  if (document.hidden) {
    stale = true;
    return;
  }
  stale = false;
  return refreshNow();
}

refreshPane.ifStale = () => stale && refreshPane();

// This will show the server's answer for the conversation that is open, in place.
export function updatePane(body) {
  updates += 1;
  pane.dispatchEvent(new CustomEvent("troth:refreshing", { bubbles: true, detail: { body } }));
  morphInto(pane, body);
  pane.dispatchEvent(new CustomEvent("troth:refreshed", { bubbles: true }));
}
