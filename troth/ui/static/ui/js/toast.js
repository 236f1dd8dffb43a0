// Short words at the foot of the page, often with Undo. The server asks for one by an HX-Trigger header "toast".
import { post } from "./request.js";
import { words } from "./words.js";

const SHOWN_MS = 8000;
const place = document.getElementById("toasts");

function leaveLater(element) {
  let timer = setTimeout(() => element.remove(), SHOWN_MS);
  for (const stay of ["pointerenter", "focusin"]) element.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) {
    element.addEventListener(go, () => {
      clearTimeout(timer);
      timer = setTimeout(() => element.remove(), SHOWN_MS / 2);
    });
  }
}

// This will show the text; `undo`, an address or a function, adds the button that takes it back.
export function toast(text, { undo = null, error = false } = {}) {
  if (!place || !text) return;
  const element = document.createElement("div");
  const says = document.createElement("span");
  says.textContent = text;
  element.className = error ? "toast toast-error" : "toast";
  element.append(says);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words("undo");
    button.addEventListener("click", async () => {
      element.remove();
      if (typeof undo === "function") undo();
      else await takeBack(undo);
    });
    element.append(button);
  }
  while (place.children.length >= 3) place.firstElementChild.remove();
  place.append(element);
  leaveLater(element);
}

async function takeBack(url) {
  try {
    const answer = await post(url);
    if (!answer.ok) throw new Error(String(answer.status));
    document.dispatchEvent(new CustomEvent("troth:look-again"));
  } catch {
    toast(words("failed"), { error: true });
  }
}

document.addEventListener("toast", (event) => {
  const { text, undo_url: undo, error } = event.detail;
  toast(text ?? event.detail.value, { undo, error });
});

document.addEventListener("htmx:sendError", () => toast(words("noConnection"), { error: true }));
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  toast(reason(xhr) || words(xhr.status === 403 ? "notAllowed" : "failed"), { error: true });
});

// The server's own words, where it sent some.
function reason(xhr) {
  try {
    return JSON.parse(xhr.response).error;
  } catch {
    return "";
  }
}

for (const element of place?.querySelectorAll("[data-toast]") ?? []) {
  element.querySelector("[data-dismiss]")?.addEventListener("click", () => element.remove());
  if (!element.classList.contains("toast-error")) leaveLater(element);
}
