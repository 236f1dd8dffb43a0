// Assign, close, reopen, mark unread: htmx sends the form, the answer is the pane, and Undo takes it back.
import { parse } from "../../ui/js/morph.js";
import { toast } from "../../ui/js/toast.js";
import { refreshList } from "./list.js";
import { updatePane } from "./pane.js";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (target?.id !== "pane" || xhr.status >= 400) return;
  event.detail.shouldSwap = false;
  const { toast: text, undoUrl } = requestConfig.elt.closest("form")?.dataset ?? {};
  if (xhr.status !== 204) updatePane(parse(xhr.response));
  if (text) toast(text, { undo: undoUrl });
  refreshList();
});
