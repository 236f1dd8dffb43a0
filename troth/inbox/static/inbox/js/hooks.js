// What can be done with a bubble, and said beside plain text. Each part is loaded when it is first wanted.
import { unquote } from "./fields.js";

const parts = {
  bubble: () => import("./bubble.js"),
  say: () => import("./say.js"),
  emoji: () => import("./emoji.js"),
  later: () => import("./send-later.js"),
  format: () => import("./format.js"),
};
const LONG_MS = 450;
const FORMATTED = /[*_~`]\S|^(?:>|[-*]|\d+\.) |https?:\/\//m;
const MARKS = { b: "*", i: "_", X: "~", M: "```" };
let bubble = null; // the one whose menu was opened last
let pressing = 0;

const part = (name) => parts[name]();

// Only what can be done with this message is in its menu.
function opens(opener) {
  bubble = opener.closest("[data-message]");
  const told = document.getElementById("bubble-told"); // what became of it, and what it cost: for whoever cannot point
  told.textContent = bubble.querySelector(".tick")?.title ?? "";
  told.hidden = !told.textContent;
  const has = { mine: Boolean(bubble.querySelector(".reaction-mine")), ...bubble.dataset };
  for (const item of document.querySelectorAll("#bubble-menu [data-needs]")) {
    const needs = item.dataset.needs;
    item.hidden = needs === "mine" ? !(has.mine && "react" in has) : !(needs in has);
  }
}

document.addEventListener(
  "click",
  (event) => {
    const opener = event.target.closest?.(".bubble-acts");
    if (opener) opens(opener);
    const pressed = event.target.closest?.("[data-part]");
    if (pressed) part(pressed.dataset.part).then((module) => module.press(pressed, bubble));
  },
  true,
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing) return;
    const { target, key } = event;
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (by && target.matches(".bubble-acts")) {
      const all = [...document.querySelectorAll(".bubble-acts")];
      all[all.indexOf(target) + by]?.focus();
      event.preventDefault();
    }
    if (target.id !== "composer-text") return;
    if (key === "Escape" && unquote()) event.preventDefault();
    const mark = (event.ctrlKey || event.metaKey) && !event.altKey && MARKS[event.shiftKey ? key.toUpperCase() : key];
    if (!mark) return;
    event.preventDefault();
    part("format").then((module) => module.wrap(mark));
  },
  true,
);

document.addEventListener(
  "toggle",
  ({ target, newState }) => target.id === "say-menu" && newState === "open" && part("say").then((module) => module.showHold()),
  true,
);

document.addEventListener("input", ({ target }) => {
  if (target.id === "composer-text" && (FORMATTED.test(target.value) || !document.getElementById("composer-format").hidden)) {
    part("format").then((module) => module.show());
  }
});

// A finger that rests on a bubble opens its menu.
document.addEventListener("pointerdown", ({ target, pointerType }) => {
  const opener = pointerType === "touch" && target.closest?.(".bubble")?.querySelector(".bubble-acts");
  if (opener && !target.closest("a, button, audio, video, summary")) pressing = setTimeout(() => opener.click(), LONG_MS);
});
for (const name of ["pointerup", "pointercancel", "scroll"]) {
  document.addEventListener(name, () => clearTimeout(pressing), { capture: true, passive: true });
}
