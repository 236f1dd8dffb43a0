// Dialogs open from [data-opens], close from [data-closes], and on a click beside them.
// Menus are popovers that the browser opens, closes and places; this adds the arrow keys, and a place where it cannot.

const ITEM = '[role^="menuitem"]:not(:disabled)';

function items(menu) {
  return [...menu.querySelectorAll(ITEM)].filter((item) => item.offsetParent !== null || item.getClientRects().length);
}

function place(menu) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!opener || CSS.supports("position-area", "block-end")) return;
  const at = opener.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8));
  const below = at.bottom + size.height + 8 < innerHeight;
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${below ? at.bottom : Math.max(8, at.top - size.height - 8)}px`);
}

// What few people open stands folded in a template: it costs a page nothing until it is wanted.
function unfold(element) {
  const folded = element.querySelector(":scope > template");
  folded?.replaceWith(folded.content);
}

document.addEventListener("beforetoggle", ({ target, newState }) => newState === "open" && unfold(target), true);

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches('[popover][role="menu"]')) return;
    const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    opener?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    place(menu);
    items(menu)[0]?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.('[popover][role="menu"]');
  if (!menu || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all.at(to >= all.length ? 0 : to)?.focus();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLocaleLowerCase();
    const next = [...all.slice(here + 1), ...all.slice(0, here + 1)];
    next.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    event.stopPropagation();
  }
});

// Only after the form of the item has gone: the focus leaves with the menu, and with it the value of the button.
// Looks stay open to be tried.
document.addEventListener("click", (event) => {
  const menu = event.target.closest(`${ITEM}:not(.segments *)`)?.closest("[popover]");
  if (menu?.matches(":popover-open")) setTimeout(() => menu.hidePopover());
});

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  unfold(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) openDialog(opener.dataset.opens);
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close();
});
