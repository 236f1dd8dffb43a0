// The picker as a page of its own: its places for files work there too.
import { settled, startFields } from "./file-field.js";

startFields(document);
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-template-form]") || !form.querySelector("[data-file-field]")) return;
  event.preventDefault();
  await settled(form);
  form.submit();
});
