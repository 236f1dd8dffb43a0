// The panel about the person: folded away or not, remembered; over the thread where there is no room beside it.
import { keep, kept, remember } from "../../ui/js/locally.js";

const root = document.documentElement;
const inbox = document.getElementById("inbox");
const DETAILS = "#details";
const beside = matchMedia("(min-width: 75.01rem)");

export function startDetails() {
  document.addEventListener("click", (event) => event.target.closest("[data-details-toggle]") && toggle());
  document.addEventListener("troth:opened", unfold);
  document.addEventListener("toggle", (event) => event.target.dataset?.fold && rememberFold(event.target), true);
  unfold();
  if (location.hash === DETAILS && !beside.matches && document.getElementById("thread")) inbox.dataset.view = "details";
}

function toggle() {
  if (beside.matches) {
    const folded = root.dataset.details !== "folded";
    if (folded) root.dataset.details = "folded";
    else delete root.dataset.details;
    remember("troth_details", folded ? "folded" : "");
  } else if (inbox.dataset.view === "details") closeDetails();
  else {
    history.pushState({ troth: "details", from: "thread" }, "", DETAILS);
    inbox.dataset.view = "details";
  }
}

// This will fold the panel away where it lies over the thread: one step back, since opening it was one step on.
export function closeDetails() {
  if (history.state?.from === "thread") return history.back();
  history.replaceState(history.state, "", location.pathname + location.search);
  inbox.dataset.view = "thread";
}

function rememberFold(fold) {
  keep(`fold:${fold.dataset.fold}`, fold.open ? null : "shut");
}

function unfold() {
  for (const fold of document.querySelectorAll("[data-fold]")) fold.open = kept(`fold:${fold.dataset.fold}`) !== "shut";
}
