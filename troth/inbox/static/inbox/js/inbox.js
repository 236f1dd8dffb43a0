// The inbox: wires the list, the open conversation and the stream of pokes together.
import "./act.js";
import "./keys.js";
import { connected } from "../../ui/js/connection.js";
import { listen } from "../../ui/js/stream.js";
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
startDetails();
startWindow();

listen(inbox.dataset.streamUrl, {
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
document.addEventListener("visibilitychange", () => document.hidden || refreshPane.ifStale());
