// Escape steps out: of the composer to the list, of the details to the thread, of the thread to the list.
import { isTyping } from "../../ui/js/keys.js";
import { closeDetails } from "./details.js";
import { linkOf, openConversation } from "./list.js";
import { toList } from "./pane.js";

const inbox = document.getElementById("inbox");
const narrow = matchMedia("(max-width: 45rem)");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], [popover]:popover-open") || !openConversation()) return;
  event.preventDefault();
  if (inbox.dataset.view === "details") closeDetails();
  else if (isTyping(event.target) && narrow.matches) event.target.blur();
  else if (isTyping(event.target) && linkOf(openConversation())) linkOf(openConversation()).focus();
  else toList(document.querySelector("[data-back]").getAttribute("href"));
});
