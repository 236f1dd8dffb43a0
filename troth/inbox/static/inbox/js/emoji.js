// Choosing an emoji: into the text, or as a reaction.
import { words } from "../../ui/js/words.js";
import { groups } from "./emoji-data.js";

const field = () => document.getElementById("composer-text");

export function press(button) {
  pick(button, (emoji) => {
    const element = field();
    element.setRangeText(emoji, element.selectionStart, element.selectionEnd, "end");
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.focus();
  });
}

// This will show all emoji beside `opener` and give the chosen one to `chosen`.
export function pick(opener, chosen) {
  document.getElementById("emoji")?.remove();
  const panel = document.createElement("div");
  panel.id = "emoji";
  panel.className = "emoji";
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words("emoji", {}, "inbox-words"));
  const search = Object.assign(document.createElement("input"), { type: "search", className: "input", autocomplete: "off" });
  search.placeholder = words("searchEmoji", {}, "inbox-words");
  search.setAttribute("aria-label", search.placeholder);
  const place = document.createElement("div");
  place.className = "emoji-all";
  panel.append(search, place);
  fill(place, "");
  search.addEventListener("input", () => fill(place, search.value.trim().toLowerCase()));
  panel.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-one]")) return;
    panel.hidePopover();
    chosen(target.textContent);
  });
  panel.addEventListener("keydown", (event) => arrows(event, place, search));
  panel.addEventListener("toggle", ({ newState }) => newState === "closed" && panel.remove());
  document.body.append(panel);
  panel.showPopover({ source: opener });
  put(panel, opener);
  search.focus({ preventScroll: true });
}

function fill(place, wanted) {
  place.replaceChildren();
  for (const [name, all] of groups) {
    const some = wanted ? all.filter(([, said]) => said.includes(wanted)) : all;
    if (!some.length) continue;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    for (const [sign, said] of some) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign, title: said });
      button.dataset.one = "";
      button.tabIndex = -1;
      button.setAttribute("aria-label", said);
      group.append(button);
    }
    place.append(group);
  }
  const first = place.querySelector("[data-one]");
  if (first) first.tabIndex = 0;
  else place.textContent = words("noEmoji", {}, "inbox-words");
}

const COLUMNS = 8;

function arrows(event, place, search) {
  const all = [...place.querySelectorAll("[data-one]")];
  const here = all.indexOf(document.activeElement);
  const forward = document.dir === "rtl" ? -1 : 1;
  const by = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (event.key === "Enter" && event.target === search) {
    event.preventDefault();
    all[0]?.click();
  }
  if (!by || (here < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const next = here < 0 ? all[0] : all[here + by];
  if (next) next.focus();
  else if (by < 0) search.focus();
}

function put(panel, opener) {
  const at = opener.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const top = at.top - size.height - 8 > 8 ? at.top - size.height - 8 : Math.min(at.bottom + 8, innerHeight - size.height - 8);
  panel.style.setProperty("left", `${left}px`);
  panel.style.setProperty("top", `${Math.max(8, top)}px`);
}
