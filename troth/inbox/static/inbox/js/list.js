// The list: refreshed by pokes without moving what is being read, longer on demand, one tab stop, j and k.
import { coalesce } from "../../ui/js/coalesce.js";
import { onKey } from "../../ui/js/keys.js";
import { morphInto, parse } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";
import { showUnread } from "../../ui/js/title.js";
import { words } from "../../ui/js/words.js";

// Which conversation is open, as the page itself says.
export function openConversation() {
  return document.getElementById("thread")?.dataset.conversation ?? null;
}

const AT_TOP_PX = 48;
const HIDDEN_PAUSE_MS = 3000;
const LIST_REST_MS = 300; // while news keep coming, the open conversation has the server's first attention
const list = document.getElementById("list");
let url = "";
let held = null; // the newest answer, kept back while the person reads further down

const scroller = () => document.getElementById("list-scroll");
const rows = () => [...document.querySelectorAll("#rows > [data-row]")];
const links = () => rows().map((row) => row.querySelector("[data-open]"));
const pill = () => document.getElementById("list-pill");

export function startList() {
  url = currentFilter() ?? location.pathname + location.search;
  list.addEventListener("click", clicked);
  list.addEventListener("keydown", arrows);
  list.addEventListener("focusin", (event) => {
    const link = event.target.closest("[data-open]");
    if (link) tabStop(link);
  });
  list.addEventListener("scroll", () => scroller()?.scrollTop < AT_TOP_PX && held && apply(), { capture: true, passive: true });
  new IntersectionObserver(sawEnd, { rootMargin: "400px" }).observe(document.getElementById("list-more") ?? list);
  onKey("j", () => step(1));
  onKey("k", () => step(-1));
  onKey("o", () => document.activeElement?.matches("[data-open]") && document.activeElement.click());
  changed();
}

function currentFilter() {
  return list.querySelector("[data-filter][aria-current]")?.getAttribute("href");
}

// This will show another filter's conversations and keep its address.
export async function showFilter(address) {
  url = address;
  held = null;
  const answer = await read(address);
  if (!answer || url !== address) return;
  morphInto(list, answer);
  scroller().scrollTop = 0;
  changed();
}

const refreshNow = coalesce(async () => {
  const asked = url;
  const answer = await read(asked);
  if (!answer || asked !== url) return;
  if (scroller().scrollTop < AT_TOP_PX) {
    held = answer;
    apply();
  } else hold(answer);
}, { restMs: LIST_REST_MS });

let pause = 0;

export function refreshList() {
  if (!document.hidden) return refreshNow();
  pause ||= setTimeout(() => {
    pause = 0;
    refreshNow();
  }, HIDDEN_PAUSE_MS);
}

async function read(address, target = "list") {
  try {
    const answer = await ask(address, { target });
    if (answer.ok) return parse(await answer.text());
    if (answer.status === 403 || answer.status === 404) location.reload();
  } catch (problem) {
    if (problem instanceof SignedOut) location.reload();
  }
  return null;
}

// Show the held answer, keeping the further pages that were already loaded below it.
function apply() {
  const answer = held;
  held = null;
  keepFurtherPages(answer);
  const focused = document.activeElement?.dataset?.open;
  morphInto(list, answer);
  changed();
  if (focused && !document.activeElement?.dataset?.open) linkOf(focused)?.focus({ preventScroll: true });
}

function keepFurtherPages(answer) {
  const fresh = answer.querySelector("#rows");
  const last = fresh?.lastElementChild?.dataset.at;
  const more = document.getElementById("list-more");
  if (!last || !more || !list.dataset.longer) return;
  const known = new Set([...fresh.children].map((row) => row.id));
  const further = rows().filter((row) => row.dataset.at < last && !known.has(row.id));
  if (!further.length) return;
  fresh.append(...further.map((row) => row.cloneNode(true)));
  answer.querySelector("#list-more")?.replaceWith(more.cloneNode(true));
}

// Bring rows in view up to date where they stand; what moved up or came new waits behind the pill.
function hold(answer) {
  held = answer;
  const newest = rows()[0]?.dataset.at ?? "";
  let above = 0;
  for (const fresh of answer.querySelectorAll("#rows > [data-row]")) {
    const here = document.getElementById(fresh.id);
    if (fresh.dataset.at > newest) above += 1;
    if (here && here.outerHTML !== fresh.outerHTML) morphInto(here, fresh.cloneNode(true));
  }
  changed();
  pill().hidden = above === 0;
  pill().querySelector("[data-words]").textContent =
    above === 1 ? words("newOne", {}, "inbox-words") : words("newMany", { count: above }, "inbox-words");
}

function clicked(event) {
  const filter = event.target.closest("[data-filter]");
  const next = event.target.closest("[data-next]");
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (event.target.closest("#list-pill")) {
    scroller().scrollTo({ top: 0 });
    apply();
  } else if (next) {
    event.preventDefault();
    longer(next);
  } else if (filter) {
    event.preventDefault();
    for (const tab of list.querySelectorAll("[data-filter]")) tab.removeAttribute("aria-current");
    filter.setAttribute("aria-current", "page");
    if (!openConversation()) history.pushState({ troth: "list" }, "", filter.href);
    showFilter(filter.getAttribute("href"));
  }
}

let loading = false;

async function longer(link) {
  if (loading) return;
  loading = true;
  const answer = await read(link.getAttribute("href"), "rows");
  loading = false;
  if (!answer) return;
  const more = answer.querySelector("#list-more");
  const known = new Set(rows().map((row) => row.id));
  const fresh = [...answer.querySelectorAll("[data-row]")].filter((row) => !known.has(row.id));
  document.getElementById("rows").append(...fresh);
  document.getElementById("list-more").replaceChildren(...(more?.childNodes ?? []));
  list.dataset.longer = "true";
  htmx.process(document.getElementById("rows"));
  changed();
  list.dispatchEvent(new CustomEvent("troth:changed", { bubbles: true }));
}

function sawEnd([entry]) {
  const link = list.querySelector("[data-next]");
  if (entry.isIntersecting && link && scroller().scrollTop > 0) longer(link);
}

// After every change: which row is open, which one is the tab stop, how many are unread.
function changed() {
  markOpen();
  const all = links();
  const stop = all.find((link) => link === document.activeElement) ?? all.find((link) => link.hasAttribute("aria-current"));
  tabStop(stop ?? all.find((link) => link.tabIndex === 0) ?? all[0]);
  showUnread(rows().filter((row) => row.dataset.unread !== "0").length);
}

export function markOpen(id = openConversation()) {
  for (const link of links()) {
    if (link.dataset.open === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function tabStop(chosen) {
  for (const link of links()) link.tabIndex = link === chosen ? 0 : -1;
}

export function linkOf(id) {
  return links().find((link) => link.dataset.open === id);
}

export function step(by) {
  const all = links();
  const focused = all.indexOf(document.activeElement);
  const open = all.findIndex((link) => link.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : open;
  const next = all[Math.max(0, Math.min(all.length - 1, from < 0 ? 0 : from + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function arrows(event) {
  if (!event.target.matches("[data-open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const end = { Home: 0, End: -1 }[event.key];
  if (by) step(by);
  else if (end !== undefined) links().at(end)?.focus();
  else return;
  event.preventDefault();
}
