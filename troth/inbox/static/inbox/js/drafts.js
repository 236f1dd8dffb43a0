// What is being written, kept here at once and on the server soon after, so that it is there on every device.
import { coalesce } from "../../ui/js/coalesce.js";
import { keep, kept } from "../../ui/js/locally.js";
import { put } from "../../ui/js/request.js";

const PAUSE_MS = 300;
const member = document.getElementById("inbox").dataset.member;
const name = (conversation) => `draft:${member}:${conversation}`;
const unsaved = new Map(); // conversation -> {url, text}
const timers = new Map();

// One request at a time, so that an older text never overtakes a newer one.
const sendUnsaved = coalesce(async () => {
  for (const [conversation, { url, text }] of unsaved) {
    unsaved.delete(conversation);
    await put(url, { text }).catch(() => {});
  }
});

export function draftOf(conversation) {
  return kept(name(conversation));
}

export function saveDraft(conversation, url, text) {
  keep(name(conversation), text);
  unsaved.set(conversation, { url, text });
  clearTimeout(timers.get(conversation));
  timers.set(conversation, setTimeout(sendUnsaved, PAUSE_MS));
}

export function dropDraft(conversation, url) {
  keep(name(conversation), null);
  clearTimeout(timers.get(conversation));
  unsaved.set(conversation, { url, text: "" });
  sendUnsaved();
}
