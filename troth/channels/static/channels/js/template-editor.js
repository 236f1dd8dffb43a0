// Writing a template: the server shows the form again as it would be, its preview and what is missing, while one types.
import { morphInto, parse } from "../../ui/js/morph.js";
import { ask, SignedOut } from "../../ui/js/request.js";

const PAUSE_MS = 300;
const form = document.getElementById("editor");
let timer = 0;
let asking = null; // cancels the answer that is no longer wanted
let uploading = null; // ends with the upload of a sample, which nothing else may cancel

async function look(act, { files = false } = {}) {
  clearTimeout(timer);
  await uploading;
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  body.set("act", act);
  if (!files) for (const input of form.querySelectorAll("[type=file]")) body.delete(input.name);
  form.toggleAttribute("aria-busy", files);
  try {
    const answer = await ask(form.dataset.url, { method: "POST", body, signal: asking.signal });
    if (answer.status === 200 || answer.status === 422) {
      const focused = document.activeElement;
      morphInto(form, parse(await answer.text()));
      if (!focused?.isConnected) form.querySelector("#editor-said")?.scrollIntoView({ block: "nearest" });
    }
  } catch (problem) {
    if (problem instanceof SignedOut) location.reload();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

form.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS, "look");
});

form.addEventListener("change", (event) => {
  if (event.target.dataset.upload && event.target.files.length) {
    const done = look(event.target.dataset.upload, { files: true }).then(() => {
      for (const input of form.querySelectorAll("[type=file]")) input.value = "";
      uploading = null;
    });
    uploading = done;
  } else if (event.target.matches("select, [type=checkbox]")) look("look");
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=act]");
  if (!button || button.value === "submit" || button.value.startsWith("upload:")) return;
  event.preventDefault();
  look(button.value).then(() => follow(button.value));
});

// What was moved keeps the focus in its new place; at the end of the row, on the way back.
function follow(act) {
  const [word] = /^(?:card_)?(?:up|down)(?=:)/.exec(act) ?? [];
  const place = word && document.getElementById(form.querySelector("[data-moved]")?.dataset.moved);
  const on = (name) => place?.querySelector(`button[name=act][value^="${name}:"]:not([disabled])`);
  if (place) (on(word) ?? on(word.endsWith("up") ? word.replace("up", "down") : word.replace("down", "up")))?.focus();
}
