// What every page does.
import "./overlays.js";
import "./theme.js";
import "./keys.js";
import "./locally.js";
import "./toast.js";
import "./time.js";

// Few pages ask for a password; the others need not load what shows it.
if (document.querySelector("[data-password]")) import("./password.js");

// Nor does anybody copy on most visits: what does it is loaded at the first press.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) import("./copy.js").then(({ copy }) => copy(button));
});
