// Choosing a template, filling it, sending it: one dialog, whose steps are parts of the server's own pages.
import { parse, replaceWith } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";

const PAUSE_MS = 200;
const dialog = document.getElementById("template-dialog");
let list = ""; // where the list stands
let timer = 0;
const fileFields = () => import("./file-field.js");
let asking = null; // cancels the answer that is no longer wanted

export function pick(address) {
  list = address;
  dialog.replaceChildren();
  if (!dialog.open) dialog.showModal();
  return step(address);
}

async function request(address, options = {}) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await ask(address, { ...options, signal: asking.signal });
    return { status: answer.status, ok: answer.ok, text: await answer.text() };
  } catch (problem) {
    if (problem instanceof SignedOut) location.reload();
    return null;
  }
}

async function step(address, options) {
  clearTimeout(timer); // what was typed is of the step that is being left
  const answer = await request(address, options);
  if (!answer) return;
  if (answer.status === 201) return sent();
  if (answer.status === 404) return step(list);
  if (answer.status >= 500) return;
  replaceWith(dialog, parse(answer.text));
  if (dialog.querySelector("[data-file-field]")) (await fileFields()).startFields(dialog);
  const first = dialog.querySelector("[aria-invalid], [role=search] input, .picker-fields :is(input:not([type=hidden], [type=file]), [data-pick])");
  (first ?? dialog.querySelector("button.button-primary"))?.focus();
}

function sent() {
  dialog.close();
  document.dispatchEvent(new CustomEvent("troth:look-again"));
}

async function show(place, address, options) {
  const answer = await request(address, options);
  if (answer?.ok) replaceWith(place, parse(answer.text));
}

function values(form) {
  return new URLSearchParams(new FormData(form));
}

dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-template]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  step(link.getAttribute("href"));
});

dialog.addEventListener("input", (event) => {
  const form = event.target.form;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (form?.matches("[data-template-search]")) {
      show(dialog.querySelector("#template-list"), `${list}?${values(form)}`, { target: "list" });
    } else if (form?.matches("[data-template-form]")) {
      show(dialog.querySelector("#template-look"), form.dataset.previewUrl, { method: "POST", body: values(form) });
    }
  }, PAUSE_MS);
});

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches("[data-template-search]")) return;
  if (form.querySelector("[data-file-field]")) await (await fileFields()).settled(form);
  if (!form.isConnected) return;
  step(form.getAttribute("action"), { method: "POST", body: values(form) });
});
