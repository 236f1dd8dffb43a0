// What the list and the form of a template do while one types, in the dialog and on a page of their own.
import { parse, replaceWith } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";

const PAUSE_MS = 200;
let timer = 0;
let asking = null; // cancels the answer that is no longer wanted

export async function request(address, options = {}) {
  clearTimeout(timer); // what was typed is of the step that is being left
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

export function values(form) {
  return new URLSearchParams(new FormData(form));
}

async function show(place, address, options) {
  const answer = await request(address, options);
  if (answer?.ok) replaceWith(place, parse(answer.text));
}

// `list` gives the address of the list.
export function live(root, list) {
  root.addEventListener("input", (event) => {
    const form = event.target.form;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (form?.matches("[data-template-search]")) {
        show(document.getElementById("template-list"), `${list()}?${values(form)}`, { target: "list" });
      } else if (form?.matches("[data-template-form]")) {
        show(document.getElementById("template-look"), form.dataset.previewUrl, { method: "POST", body: values(form) });
      }
    }, PAUSE_MS);
  });
}
