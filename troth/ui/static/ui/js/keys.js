// Single-key shortcuts. An element with data-key is pressed by that key; a text field is focused by it.
// They rest while somebody types, and can be switched off.
import { openDialog } from "./overlays.js";
import { remember } from "./locally.js";

const root = document.documentElement;
const bound = new Map();
let prefix = "";
let prefixTimer = 0;

// This will run `action` when the key is pressed and nobody is typing.
export function onKey(key, action) {
  bound.set(key, action);
}

export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function isVisible(element) {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
}

function pressed(key) {
  for (const element of document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) {
    const inMenu = element.closest("[popover]");
    if (!inMenu && !isVisible(element)) continue;
    if (element.matches("textarea, input")) element.focus();
    else element.click();
    return true;
  }
  const action = bound.get(key);
  return action ? action() !== false : false;
}

// Letters are taken by their place on the keyboard when the layout is not Latin, so that "j" works in Arabic too.
function keyOf(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) > 127 && event.code.startsWith("Key")) {
    return event.code.slice(3).toLowerCase();
  }
  return event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (root.dataset.keys === "off" || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || event.target.closest?.("[popover]")) return;
  const key = keyOf(event);
  const wanted = prefix ? `${prefix} ${key}` : key;
  clearTimeout(prefixTimer);
  if (!prefix && key === "g") {
    prefix = "g";
    prefixTimer = setTimeout(() => (prefix = ""), 1200);
    return;
  }
  prefix = "";
  if (pressed(wanted)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-single-keys]")) return;
  const value = event.target.checked ? "" : "off";
  if (value) root.dataset.keys = value;
  else delete root.dataset.keys;
  remember("troth_keys", value);
});

onKey("?", () => openDialog("shortcuts"));
