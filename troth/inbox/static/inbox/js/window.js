// The 24-hour window: how much is left, and at its end the composer gives way by itself.
import { words } from "../../ui/js/words.js";

const HOUR_MS = 3600000;
const SOON_MS = 4 * HOUR_MS;
const TICK_MS = 15000;

export function startWindow() {
  show();
  for (const name of ["troth:opened", "troth:changed"]) document.addEventListener(name, show);
  setInterval(show, TICK_MS);
}

function left(element) {
  return Date.parse(element.dataset.ends) - Date.now();
}

function spoken(ms) {
  const minutes = Math.max(1, Math.ceil(ms / 60000));
  const hours = Math.floor(minutes / 60);
  return hours
    ? words("hours", { hours, minutes: minutes % 60 }, "inbox-words")
    : words("minutes", { minutes }, "inbox-words");
}

function near(ms) {
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
  if (place?.dataset.ends && place.dataset.window === "open") composer(place, left(place));
}

function composer(place, ms) {
  const says = document.getElementById("composer-window");
  says.textContent = ms < SOON_MS && ms > 0 ? words("window", { left: spoken(ms) }, "inbox-words") : "";
  says.dataset.near = near(ms);
  const closed = ms <= 0;
  document.getElementById("composer").hidden = closed;
  document.getElementById("composer-closed").hidden = !closed;
}
