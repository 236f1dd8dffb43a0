// Dialogs open from [data-opens], close from [data-closes], and on a click beside them.

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) openDialog(opener.dataset.opens);
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close();
});
