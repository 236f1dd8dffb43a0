// The panel about the person: folded away or not, remembered; over the thread where there is no room beside it.
import { remember } from "../../ui/js/cookie.js";
import { keep, kept } from "../../ui/js/locally.js";

const root = document.documentElement;
const inbox = document.getElementById("inbox");
const beside = matchMedia("(min-width: 75.01rem)");

export function startDetails() {
  document.addEventListener("click", (event) => event.target.closest("[data-details-toggle]") && toggle());
  document.addEventListener("troth:opened", unfold);
  document.addEventListener("toggle", (event) => event.target.dataset?.fold && rememberFold(event.target), true);
  unfold();
}

function toggle() {
  if (beside.matches) {
    const folded = root.dataset.details !== "folded";
    if (folded) root.dataset.details = "folded";
    else delete root.dataset.details;
    remember("troth_details", folded ? "folded" : "");
  } else inbox.dataset.view = inbox.dataset.view === "details" ? "thread" : "details";
}

function rememberFold(fold) {
  keep(`fold:${fold.dataset.fold}`, fold.open ? null : "shut");
}

function unfold() {
  for (const fold of document.querySelectorAll("[data-fold]")) fold.open = kept(`fold:${fold.dataset.fold}`) !== "shut";
}
