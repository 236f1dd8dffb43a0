// The 24-hour window: how much is left, and at its end the composer gives way by itself; it comes back when they write.
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
  const open = place?.dataset.ends && place.dataset.window === "open";
  const ms = open ? left(place) : Infinity;
  if (open) composer(place, ms);
  else if (place) document.getElementById("composer-window").textContent = "";
  clearTimeout(timer);
  timer = setTimeout(show, ms > 0 && ms < LAST_MS + TICK_MS ? 1000 : TICK_MS);
}

function composer(place, ms) {
  const says = document.getElementById("composer-window");
  const line = ms > 0 ? words("window", { left: spoken(ms) }, "inbox-words") : "";
  if (says.textContent !== line) says.textContent = line;
  says.dataset.near = near(ms);
  const form = document.getElementById("composer");
  const closes = ms <= 0 && !form.hidden;
  const hadFocus = closes && form.contains(document.activeElement);
  form.hidden = ms <= 0;
  const shut = document.getElementById("composer-closed");
  shut.hidden = ms > 0;
  if (closes) document.dispatchEvent(new CustomEvent("troth:window-closed")); // the draft is kept as it was typed
  if (hadFocus) {
    shut.tabIndex = -1;
    shut.focus({ preventScroll: true });
  }
}
