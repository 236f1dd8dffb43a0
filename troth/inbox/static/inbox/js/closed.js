// What stands in place of the composer while the window is closed: the templates that may be sent instead, to search and to
// choose from. The draft stays in its field above them.
import { parse, replaceWith } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";

const PAUSE_MS = 200;
const place = () => document.getElementById("closed-list");
const search = () => document.getElementById("closed-words");
let timer = 0;
let asking = null; // cancels the answer that is no longer wanted
let wasHere = false; // the focus stood on what goes when the window opens

// This will list the templates, once for each time that the conversation is shown with its window closed.
export function offer() {
  const list = place();
  if (!list || list.dataset.asked) return;
  list.dataset.asked = "yes";
  show();
}

async function show() {
  asking?.abort();
  asking = new AbortController();
  const list = place();
  const query = search().value.trim();
  try {
    const address = query ? `${list.dataset.url}?${new URLSearchParams({ q: query })}` : list.dataset.url;
    const answer = await ask(address, { target: "closed", signal: asking.signal });
    if (!answer.ok || !list.isConnected) return;
    replaceWith(list, parse(await answer.text()));
    document.getElementById("closed-search").hidden = !query && !list.querySelector("li");
  } catch (problem) {
    if (problem instanceof SignedOut) location.reload();
    else if (problem.name !== "AbortError") delete list.dataset.asked; // asked again when the window is looked at next
  }
}

function choose(link) {
  import("./picker.js").then(({ pick }) => pick(place().dataset.url, link.getAttribute("href")));
}

document.addEventListener("input", ({ target }) => {
  if (target !== search()) return;
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE_MS);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#closed-list a[data-template]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  choose(link);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== search() || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  const first = place().querySelector("a[data-template]");
  if (first && search().value.trim()) choose(first);
});

document.addEventListener("troth:refreshing", () => {
  wasHere = Boolean(document.getElementById("composer-closed")?.contains(document.activeElement));
});

// Whoever was choosing a template when the customer wrote can write to them now.
document.addEventListener("troth:window-opened", () => {
  if (wasHere) document.getElementById("composer-text").focus({ preventScroll: true });
  wasHere = false;
  const list = place();
  if (list) delete list.dataset.asked;
});
