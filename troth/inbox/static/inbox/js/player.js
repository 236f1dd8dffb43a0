// Voice messages and sounds: one plays at a time, each keeps its place, and the speed stays as one likes it.
import { keep, kept } from "../../ui/js/locally.js";

const SPEEDS = [1, 1.5, 2];
const places = new Map(); // audio id -> seconds
const known = new WeakSet();
const parts = (sound) => {
  const one = sound.closest(".voice");
  return {
    one,
    range: one.querySelector('input[type="range"]'),
    played: one.querySelector(".voice-played"),
    time: one.querySelector(".voice-time"),
    speed: one.querySelector("[data-speed]"),
  };
};

export function press(control) {
  const sound = control.closest(".voice").querySelector("audio");
  prepare(sound);
  if (control.matches("[data-speed]")) return faster(sound);
  if (!sound.paused) return sound.pause();
  for (const other of document.querySelectorAll(".voice audio")) if (other !== sound) other.pause();
  sound.playbackRate = kept("speed") ?? 1;
  sound.play().catch(() => {});
}

function prepare(sound) {
  parts(sound).speed.textContent = `${kept("speed") ?? 1}×`;
  if (known.has(sound)) return;
  known.add(sound);
  const { range } = parts(sound);
  sound.addEventListener("loadedmetadata", () => {
    sound.currentTime = places.get(sound.id) ?? Number(range.value);
    sound.playbackRate = kept("speed") ?? 1;
  });
  sound.addEventListener("timeupdate", () => showPlace(sound));
  sound.addEventListener("play", () => parts(sound).one.toggleAttribute("data-playing", true));
  sound.addEventListener("pause", () => parts(sound).one.removeAttribute("data-playing"));
  sound.addEventListener("ended", () => {
    places.delete(sound.id);
    sound.currentTime = 0;
  });
  range.addEventListener("input", () => {
    places.set(sound.id, Number(range.value));
    sound.currentTime = Number(range.value);
    showPlace(sound);
  });
}

function faster(sound) {
  const next = SPEEDS[(SPEEDS.indexOf(kept("speed") ?? 1) + 1) % SPEEDS.length];
  keep("speed", next);
  sound.playbackRate = next;
  parts(sound).speed.textContent = `${next}×`;
}

function showPlace(sound) {
  const { range, played, time } = parts(sound);
  const at = sound.currentTime;
  places.set(sound.id, at);
  if (document.activeElement !== range || !sound.paused) range.value = at;
  played.style.setProperty("--played", `${Math.min(100, (100 * at) / Number(range.max))}%`);
  const seconds = Math.floor(sound.paused && !at ? Number(range.max) : at);
  time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
