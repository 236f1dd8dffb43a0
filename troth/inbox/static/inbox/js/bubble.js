// What is done with one message: reply, react, forward, copy; take it back while it waits.
import { post } from "../../ui/js/request.js";
import { toast } from "../../ui/js/toast.js";
import { words } from "../../ui/js/words.js";
import { above, unquote } from "./fields.js";
import { refreshList } from "./list.js";
import { refreshPane } from "./pane.js";

const composer = () => document.getElementById("composer");
const field = () => document.getElementById("composer-text");

export function press(button, bubble) {
  const { act, emoji, undo, scheduledUrl, then } = button.dataset;
  const id = button.closest("li")?.id.replace(/^m-/, "");
  if (undo) return takeBack(undo, {}, { id });
  if (scheduledUrl) return takeBack(scheduledUrl, { [then]: "1" }, { id, then });
  if ("leave" in button.dataset) return tell(addressOf(button.closest("[data-message]"), "reaction"), { leave: "1" });
  if (act === "unquote") return unquote() && field().focus();
  if (!bubble?.isConnected) return;
  document.getElementById("bubble-menu").hidePopover();
  if (emoji !== undefined) return tell(addressOf(bubble, "reaction"), { emoji });
  if (act === "reply") reply(bubble);
  if (act === "copy") copy(bubble);
  if (act === "more") more(bubble);
  if (act === "forward") import("./say.js").then((module) => module.forward(addressOf(bubble, "forwarding")));
}

// All bubbles of a thread have their addresses below the thread's.
function addressOf(bubble, what) {
  const { pathname } = new URL(document.getElementById("thread").dataset.url, location.href);
  return `${pathname}messages/${bubble.dataset.message}/${what}/`;
}

function saidIn(bubble) {
  const said = bubble.querySelector(".bubble .said") ?? bubble.querySelector(".piece-name, .order-head, .picture img, .answers");
  return (said?.innerText || said?.alt || "").trim();
}

function reply(bubble) {
  const bar = document.getElementById("composer-quote");
  const mine = bubble.dataset.direction === "out";
  bar.querySelector("input").value = bubble.dataset.message;
  bar.querySelector("[data-who]").textContent = mine ? bar.dataset.you : document.getElementById("thread-name").textContent.trim();
  bar.querySelector("[data-text]").textContent = saidIn(bubble);
  bar.hidden = false;
  field().focus();
}

async function more(bubble) {
  const { pick } = await import("./emoji.js");
  pick(bubble.querySelector(".bubble-acts"), (emoji) => tell(addressOf(bubble, "reaction"), { emoji }));
}

async function copy(bubble) {
  await navigator.clipboard.writeText(saidIn(bubble));
  toast(words("copied", {}, "inbox-words"));
}

// This will post, say what went wrong if it did, and show the conversation as it is then.
export async function tell(url, values) {
  try {
    const answer = await post(url, values);
    const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok) toast(told.error || words("failed"), { error: true });
    await refreshPane();
    refreshList();
    return answer.ok ? told : null;
  } catch {
    toast(words("noConnection"), { error: true });
    return null;
  }
}

// What was said goes back to where it was written, its quote and its files too, unless it is only taken away.
async function takeBack(url, values, { id, then = "edit" }) {
  const { conversation, draftUrl } = composer()?.dataset ?? {};
  const told = await tell(url, values);
  if (!told || then !== "edit" || !told.kind || !conversation) return;
  // Whoever has gone on to somebody else finds the text where it was written, and writes it to nobody else.
  if (composer()?.dataset.conversation !== conversation) return keepFor(conversation, draftUrl, told.text);
  const files = told.files ?? [];
  const whole = files.filter((file) => !file.slot);
  if (whole.length) (await import("./files.js")).putBack(whole);
  const quoted = told.quoted && document.querySelector(`#log [data-message="${CSS.escape(told.quoted)}"]`);
  if (quoted) reply(quoted);
  if (told.kind !== "text" && !whole.length) return again(id, files);
  if (!told.text) return field().focus();
  field().value = above(told.text, field().value);
  field().dispatchEvent(new Event("input", { bubbles: true }));
  field().focus();
}

// The dialog that it was filled in with. `files` are those of it that are ours to send again.
async function again(id, files) {
  const { recall } = await import("./again.js");
  const filled = recall(id);
  if (!filled) return;
  const { openAgain } = await (filled.template ? import("./picker.js") : import("./say.js"));
  await openAgain(filled, files);
}

async function keepFor(conversation, draftUrl, text) {
  if (!text) return;
  const { draftOf, saveDraft } = await import("./drafts.js");
  saveDraft(conversation, draftUrl, above(text, draftOf(conversation)));
}
