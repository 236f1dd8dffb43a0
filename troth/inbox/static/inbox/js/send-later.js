// What stands in the composer, its files too, is said later.
import { ask } from "../../ui/js/request.js";
import { toast } from "../../ui/js/toast.js";
import { words } from "../../ui/js/words.js";
import { dropDraft } from "./drafts.js";
import { takeFields } from "./fields.js";
import * as files from "./files.js";
import { chosenTime, schedule, startLater } from "./later.js";
import { refreshList } from "./list.js";
import { refreshPane } from "./pane.js";
import { toFoot } from "./thread.js";

const CAPTIONED = ["image", "video", "document"];
const composer = () => document.getElementById("composer");
const field = () => document.getElementById("composer-text");

export function startSendLater(form, dialog) {
  startLater(form);
  let left = null; // what is not scheduled yet
  let busy = false;
  form.addEventListener("submit", async () => {
    if (busy) return;
    busy = true;
    left ??= gathered();
    const done = await scheduleAll(left, form);
    busy = false;
    if (done) finish(dialog);
    else if (!left?.length) left = null; // gathered again when it is tried again
  });
}

// Another time for what is scheduled already.
export async function press({ dataset: { scheduledUrl } }) {
  const answer = await ask(scheduledUrl).catch(() => null);
  if (!answer?.ok) return toast(words(answer ? "failed" : "noConnection"), { error: true });
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = await schedule(scheduledUrl, chosenTime(form));
    form.querySelector("[data-why]").textContent = problem;
    if (problem) return;
    dialog.close();
    refreshPane();
  });
  startLater(form);
  dialog.showModal();
}

// This will return whether all is scheduled, and say in the form why where it is not.
async function scheduleAll(left, form) {
  const why = form.querySelector("[data-why]");
  why.textContent = left?.length ? "" : words(left ? "writeFirst" : "uploading", {}, "inbox-words");
  if (!left?.length) return false;
  while (left.length) {
    const { item, ...values } = left[0];
    why.textContent = await schedule(composer().dataset.scheduleUrl, { ...values, ...chosenTime(form) });
    if (why.textContent) return false;
    if (item) files.left(item);
    left.shift();
  }
  return true;
}

// Each file is a message; the text stands under the first that can have one, else it is one of its own.
function gathered() {
  const items = files.waiting().filter((item) => item.state !== "failed");
  if (items.some((item) => item.state === "uploading")) return null;
  const text = field().value.trim();
  const under = text && items.find((item) => CAPTIONED.includes(item.kind));
  const all = items.map((item) => ({ item, file: item.id, text: item === under ? text : "" }));
  if (text && !under) all.push({ text });
  const { hold: _hold, ...fields } = takeFields();
  return all.map((one, n) => ({ ...one, ...(n ? {} : fields), client_id: crypto.randomUUID() }));
}

async function finish(dialog) {
  const { conversation, draftUrl } = composer().dataset;
  field().value = "";
  dropDraft(conversation, draftUrl);
  field().dispatchEvent(new Event("input", { bubbles: true }));
  dialog.close();
  await refreshPane();
  refreshList();
  toFoot();
}
