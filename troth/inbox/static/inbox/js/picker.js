// Choosing a template, filling it, sending it: one dialog, whose steps are parts of the server's own pages. It brings its own
// place along, so that any page may open it.
import { parse, replaceWith } from "../../ui/js/morph.js";
import { refill, remember } from "./again.js";
import { hold } from "./fields.js";
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
  if (dialog.querySelector("[data-later]")) (await import("./later.js")).startLater(dialog);
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
  const [address, given, where] = [form.getAttribute("action"), values(form), list];
  remember(given.get("client_id"), { template: { where, address, given: [...given] } });
  for (const [name, value] of Object.entries(hold())) given.set(name, value);
  step(address, { method: "POST", body: given });
});

// This will show the form of a template that was taken back, filled in as it was.
export async function openAgain({ template: { where, address, given } }, files) {
  await pick(where, address);
  const form = dialog.querySelector("[data-template-form]");
  if (!form) return;
  refill(form.querySelectorAll("[name]:not([type=hidden])"), given);
  for (const file of files) {
    const id = [...form.querySelectorAll("[data-id]")].find((one) => one.name === `file-${file.slot}`);
    if (id) (await fileFields()).place(id.closest("[data-file-field]"), file);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
