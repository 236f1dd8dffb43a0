// When something is to be said: on the clock of the person, whose hours count, with one's own beside it.
import { showTimes } from "../../ui/js/time.js";
import { words } from "../../ui/js/words.js";
import { post } from "../../ui/js/request.js";

const HOUR_MS = 3600000;
const SOONEST_MS = HOUR_MS / 2;
const [FROM_H, TO_H] = [9, 20]; // decent hours
const page = document.documentElement;
const locale = navigator.languages.find((tag) => tag.split("-")[0] === page.lang.split("-")[0]) ?? page.lang;
const own = page.dataset.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
const place = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
const two = (n) => String(n).padStart(2, "0");

// This will make the choice of a time within an element work.
export function startLater(root) {
  const later = root.querySelector("[data-later]:not([data-started])");
  if (!later) return;
  later.dataset.started = "";
  const { at, zone } = fields(later);
  const mine = later.querySelector("[data-own]");
  mine.value = own;
  mine.textContent = mine.textContent.replace("%", place(own));
  if (mine.dataset.was === own || zone.options.length === 1) zone.value = own;
  let proposes = !("given" in later.dataset);
  at.addEventListener("input", () => (proposes = false));
  zone.addEventListener("change", () => {
    if (proposes) at.value = proposal(zone.value || own);
  });
  for (const kind of ["input", "change"]) later.addEventListener(kind, () => show(later));
  if (proposes) at.value = proposal(zone.value || own);
  fold(later);
  showTimes(later);
  show(later);
}

// This will return the time that is chosen in a form, null where it is to be said at once.
export function chosenTime(form) {
  const later = form.querySelector("[data-later]");
  if (!later || later.closest("fieldset:disabled")) return null;
  const { at, zone } = fields(later);
  return { at: at.value, zone: zone.value };
}

// This will have something said later, and return why that cannot be, in words; empty where it is done.
export async function schedule(url, values) {
  const answer = await post(url, values).catch(() => null);
  if (answer?.ok) return "";
  const told = answer && (await answer.json().catch(() => ({})));
  return told?.error || words(answer ? "failed" : "noConnection");
}

const fields = (later) => ({ at: later.querySelector("[name=at]"), zone: later.querySelector("[name=zone]") });

// Folded away it counts for nothing; opened, the button says what it will do.
function fold(later) {
  const details = later.closest("[data-later-fold]");
  const says = details?.closest("form").querySelector("button.button-primary")?.lastChild;
  const atOnce = says?.textContent;
  const turn = () => {
    later.closest("fieldset").disabled = !details.open;
    says.textContent = details.open ? later.dataset.schedule : atOnce;
  };
  details?.addEventListener("toggle", turn);
  if (details) turn();
}

// The next full hour, or the next morning where that is too early or too late for whoever reads it.
function proposal(zone) {
  const wall = new Date(wallOf(Date.now() + SOONEST_MS, zone));
  if (wall.getUTCMinutes() || wall.getUTCSeconds()) wall.setUTCHours(wall.getUTCHours() + 1, 0, 0, 0);
  if (wall.getUTCHours() >= TO_H) wall.setUTCDate(wall.getUTCDate() + 1);
  if (wall.getUTCHours() >= TO_H || wall.getUTCHours() < FROM_H) wall.setUTCHours(FROM_H, 0, 0, 0);
  return `${wall.getUTCFullYear()}-${two(wall.getUTCMonth() + 1)}-${two(wall.getUTCDate())}T${two(wall.getUTCHours())}:00`;
}

// What a clock on the wall shows, as if it were the world's.
function wallOf(instant, zone) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", dateStyle: "short", timeStyle: "medium" });
  const [day, clock] = format.format(instant).split(", ");
  return Date.parse(`${day}T${clock}Z`);
}

function instantOf(wall, zone) {
  const shown = Date.parse(`${wall}Z`);
  const near = shown - (wallOf(shown, zone) - shown);
  return near - (wallOf(near, zone) - shown); // once more: the clock may have been changed in between
}

function show(later) {
  const { at, zone } = fields(later);
  const late = later.querySelector("[data-late]");
  const instant = at.value && zone.value ? instantOf(at.value, zone.value) : NaN;
  const theirs = "theirs" in (zone.selectedOptions[0]?.dataset ?? {}) ? zone.value : later.dataset.likely;
  const says = later.querySelector("[data-says]");
  const called = [...zone.options].find((one) => "theirs" in one.dataset && one.value === theirs)?.dataset.place;
  const line = Number.isNaN(instant) || !theirs ? "" : bothWays(later.id, instant, theirs, called);
  if (says.textContent !== line) says.textContent = line;
  if (late) late.hidden = !(instant > Date.parse(later.dataset.until));
}

function bothWays(holder, instant, theirs, called) {
  const form = { weekday: "short", hour: "numeric", minute: "2-digit" };
  const clock = (timeZone) => new Intl.DateTimeFormat(locale, { ...form, timeZone }).format(instant);
  const same = wallOf(instant, theirs) === wallOf(instant, own);
  const name = document.getElementById("thread-name")?.textContent.trim() ?? "";
  return words(same ? "same" : "both", { theirs: clock(theirs), yours: clock(own), place: called ?? place(theirs), name }, holder);
}
