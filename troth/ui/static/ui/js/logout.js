// Logging out takes drafts and waiting messages off this machine.
import { forgetEverything } from "./locally.js";

document.addEventListener("submit", (event) => {
  if (event.target.querySelector("[data-logout]")) forgetEverything();
});
