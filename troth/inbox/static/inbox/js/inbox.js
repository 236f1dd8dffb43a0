// The inbox: wires the list, the open conversation and the stream of pokes together.
import "./act.js";
import "./hooks.js";
import "./keys.js";
import { connected } from "../../ui/js/connection.js";
import { listen } from "../../ui/js/stream.js";
import { startAttach } from "./attach.js";
import { startComposer } from "./composer.js";
import { startDetails } from "./details.js";
import { openConversation, refreshList, startList } from "./list.js";
import { flush } from "./outbox.js";
import { refreshPane, startPane } from "./pane.js";
import { startThread } from "./thread.js";
import { startWindow } from "./window.js";

const CHECK_MS = 1500;
const inbox = document.getElementById("inbox");

function lookAgain() {
  refreshList();
  refreshPane();
}

startList();
startPane();
startThread();
startComposer();
startAttach();
startDetails();
startWindow();

listen(inbox.dataset.streamUrl, {
  pageAt: inbox.dataset.pageAt,
  onPoke({ t, id }) {
    const ours = t !== "conversation" || id === openConversation();
    Promise.resolve(ours && refreshPane()).then(refreshList);
  },
  onState(live) {
    connected(live);
    if (live) flush();
    else setTimeout(refreshList, CHECK_MS); // A closed stream may mean that this member may no longer look.
  },
  onLost: lookAgain,
});

document.addEventListener("troth:look-again", lookAgain);
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-template-picker]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import("./picker.js").then(({ pick }) => pick(opener.getAttribute("href")));
});
document.addEventListener("visibilitychange", () => document.hidden || refreshPane.ifStale());
