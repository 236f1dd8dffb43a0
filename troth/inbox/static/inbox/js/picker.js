// Choosing a template, filling it, sending it: one dialog, whose steps are parts of the server's own pages. It brings its own
// place along, so that any page may open it.
import { parse, replaceWith } from "../../ui/js/morph.js";
import { live, request, values } from "./picker-live.js";

const dialog = Object.assign(document.createElement("dialog"), { id: "template-dialog", className: "dialog picker" });
dialog.setAttribute("aria-labelledby", "template-title");
document.body.append(dialog);
let list = ""; // where the list stands
const fileFields = () => import("./file-field.js");

// This will open the list of templates at `address`, or one of them at once.
export function pick(address, first = address) {
  list = address;
  dialog.replaceChildren();
  if (!dialog.open) dialog.showModal();
  return step(first);
}

async function step(address, options) {
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

live(dialog, () => list);

dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-template]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  step(link.getAttribute("href"));
});

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches("[data-template-search]")) return;
  if (form.querySelector("[data-file-field]")) await (await fileFields()).settled(form);
  if (!form.isConnected) return;
  step(form.getAttribute("action"), { method: "POST", body: values(form) });
});
