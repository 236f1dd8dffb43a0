// The picker as a page of its own: its search, its preview and its places for files work there too.
import { settled, startFields } from "./file-field.js";
import { hold } from "./fields.js";
import { live } from "./picker-live.js";

startFields(document);
if (document.querySelector("[data-later]")) import("./later.js").then(({ startLater }) => startLater(document));
live(document, () => location.pathname);
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-template-form]")) return;
  for (const [name, value] of Object.entries(hold())) {
    const kept = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    kept.value = value;
  }
  if (!form.querySelector("[data-file-field]")) return;
  event.preventDefault();
  await settled(form);
  form.submit();
});
