// The 24-hour window: how much is left. At its end the composer turns into the choice of a template by itself, and back
// when they write. What was being written stays where it is, with whoever writes it.
import { words } from "../../ui/js/words.js";

const HOUR_MS = 3600000;
const SOON_MS = 4 * HOUR_MS;
const LAST_MS = 5 * 60000; // from here on seconds count
const TICK_MS = 15000;
// This machine's clock may be wrong; the server's time at which the page was made says by how much.
const inbox = document.getElementById("inbox");
const ahead = Date.now() - performance.now() - Number(inbox.dataset.pageAt);
const skew = Number.isFinite(ahead) && Math.abs(ahead) > 60000 ? ahead : 0;
let timer = 0;
let told = null; // the conversation whose window was shown last, and how it stood

export function startWindow() {
  show();
  for (const name of ["troth:opened", "troth:changed", "troth:refreshed"]) document.addEventListener(name, show);
  document.addEventListener("visibilitychange", () => document.hidden || show()); // timers sleep in hidden tabs
}

function left(element) {
  return Date.parse(element.dataset.ends) - (Date.now() - skew);
}

function spoken(ms) {
  if (ms < LAST_MS) {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const two = String(seconds % 60).padStart(2, "0");
    return `${Math.floor(seconds / 60)}:${two}`;
  }
  const minutes = Math.max(1, Math.ceil(ms / 60000));
  const hours = Math.floor(minutes / 60);
  return hours
    ? words("hours", { hours, minutes: minutes % 60 }, "inbox-words")
    : words("minutes", { minutes }, "inbox-words");
}

function near(ms) {
  if (ms >= SOON_MS) return "far";
  return ms < HOUR_MS ? "now" : "soon";
}

function show() {
  for (const element of document.querySelectorAll(".row-left[data-ends]")) {
    const ms = left(element);
    element.hidden = ms <= 0;
    element.dataset.near = near(ms);
    element.querySelector("[data-words]").textContent = spoken(ms);
  }
  const place = document.getElementById("composer-place");
  const ends = place?.dataset.ends && place.dataset.window === "open";
  const ms = ends ? left(place) : Infinity;
  if (place) composer(place, { ms, open: place.dataset.window === "open" && ms > 0 });
  clearTimeout(timer);
  timer = setTimeout(show, ms > 0 && ms < LAST_MS + TICK_MS ? 1000 : TICK_MS);
}

function composer(place, { ms, open }) {
  const says = document.getElementById("composer-window");
  const line = open && ms < Infinity ? words("window", { left: spoken(ms) }, "inbox-words") : "";
  if (says.textContent !== line) says.textContent = line;
  says.dataset.near = near(ms);
  const form = document.getElementById("composer");
  form.toggleAttribute("data-shut", !open);
  document.getElementById("composer-closed").hidden = open;
  const { conversation } = form.dataset;
  if (told?.conversation === conversation && told.open !== open) turned(open);
  told = { conversation, open };
  if (!open) import("./closed.js").then(({ offer }) => offer());
}

// Said to whoever cannot see it. Nobody's focus moves, but of what is gone.
function turned(open) {
  document.getElementById("window-told").textContent = words(open ? "windowOpen" : "windowClosed", {}, "inbox-words");
  document.dispatchEvent(new CustomEvent(open ? "troth:window-opened" : "troth:window-closed"));
}
