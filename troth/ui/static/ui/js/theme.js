// Light or dark, roomy or compact: at once here, and remembered for the next page.
import { remember } from "./locally.js";

const root = document.documentElement;

function choose(attribute, cookie, value) {
  if (value) root.setAttribute(attribute, value);
  else root.removeAttribute(attribute);
  remember(cookie, value);
}

function press(button, kind) {
  for (const other of document.querySelectorAll(`[data-${kind}-choice]`)) {
    const chosen = other.hasAttribute("aria-checked") ? "aria-checked" : "aria-pressed";
    other.setAttribute(chosen, String(other.getAttribute(`data-${kind}-choice`) === button.getAttribute(`data-${kind}-choice`)));
  }
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-choice]");
  const density = event.target.closest("[data-density-choice]");
  if (theme) {
    choose("data-theme", "troth_theme", theme.dataset.themeChoice);
    press(theme, "theme");
  }
  if (density) {
    choose("data-density", "troth_density", density.dataset.densityChoice);
    press(density, "density");
  }
});
