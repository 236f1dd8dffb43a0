// Sounds and films: one plays at a time, each keeps its place, in this tab only, and the speed stays as one likes it.
import { keep, kept } from "../../ui/js/locally.js";

const SPEEDS = [1, 1.5, 2];
const PLACES = "places"; // the id of a file -> seconds, of the latest few
const KEPT_MAX = 100;
const END_S = 0.5; // who stopped so near the end has heard it all
const known = new WeakSet();
const speed = () => kept("speed") ?? 1;
const parts = (player) => {
  const one = player.closest(".voice");
  return {
    one,
    range: one?.querySelector('input[type="range"]'),
    played: one?.querySelector(".voice-played"),
    time: one?.querySelector(".voice-time"),
  };
};

// Media events do not bubble, but are caught on their way down. A recording in the tray stops what plays, too.
document.addEventListener("play", ({ target }) => began(target), true);
document.addEventListener("loadedmetadata", ({ target }) => known.has(target) && settle(target), true);

// This will make the players of the page remember their places, and show where they were left.
export function restore() {
  for (const player of document.querySelectorAll("#log :is(audio, video)[id]")) prepare(player);
}

export function press(control) {
  const player = control.closest("[data-player]").querySelector("audio, video");
  prepare(player);
  if (control.matches("[data-speed]")) return faster();
  if (!player.paused) return player.pause();
  player.play().catch(() => {});
}

function began(player) {
  for (const other of document.querySelectorAll("audio, video")) if (other !== player) other.pause();
  if (player.closest("#log") && player.id) prepare(player);
}

function prepare(player) {
  if (known.has(player)) return;
  known.add(player);
  showSpeed();
  const { one, range } = parts(player);
  player.addEventListener("timeupdate", () => moved(player));
  player.addEventListener("seeked", () => moved(player));
  player.addEventListener("ratechange", () => player.readyState && player.playbackRate !== speed() && choose(player.playbackRate));
  player.addEventListener("ended", () => {
    note(player, 0);
    player.currentTime = 0;
  });
  if (one) dress(player, one, range);
  if (player.readyState) settle(player);
  else show(player, placeOf(player));
}

function dress(player, one, range) {
  player.addEventListener("play", () => one.toggleAttribute("data-playing", true));
  player.addEventListener("pause", () => one.removeAttribute("data-playing"));
  range.addEventListener("input", () => {
    note(player, Number(range.value));
    if (player.readyState) player.currentTime = Number(range.value);
    show(player, Number(range.value));
  });
}

// What a player is told before it knows its file it forgets again.
function settle(player) {
  player.defaultPlaybackRate = player.playbackRate = speed();
  const at = placeOf(player);
  if (at && at < player.duration - END_S) player.currentTime = at;
  show(player, player.currentTime);
}

function placeOf(player) {
  return (kept(PLACES, { tab: true }) ?? {})[player.id] ?? 0;
}

function note(player, seconds) {
  const { [player.id]: _before, ...others } = kept(PLACES, { tab: true }) ?? {};
  const rest = Object.entries(others).slice(1 - KEPT_MAX);
  if (seconds > 0) rest.push([player.id, Math.round(seconds * 10) / 10]);
  keep(PLACES, Object.fromEntries(rest), { tab: true });
}

function faster() {
  choose(SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length]);
}

function choose(next) {
  keep("speed", next);
  for (const player of document.querySelectorAll("#log :is(audio, video)")) {
    if (known.has(player)) player.defaultPlaybackRate = player.playbackRate = next;
  }
  showSpeed();
}

function showSpeed() {
  const shown = new Intl.NumberFormat(document.documentElement.lang).format(speed());
  for (const button of document.querySelectorAll("[data-speed]")) button.textContent = `${shown}×`;
}

function moved(player) {
  if (!player.readyState || player.ended) return;
  note(player, player.currentTime);
  show(player, player.currentTime);
}

function show(player, at) {
  const { one, range, played, time } = parts(player);
  if (!one) return;
  if (document.activeElement !== range || !player.paused) range.value = at;
  played.style.setProperty("--played", `${Math.min(100, (100 * at) / Number(range.max))}%`);
  const seconds = Math.floor(player.paused && !at ? Number(range.max) : at);
  time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
