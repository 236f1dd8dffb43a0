// Puts a value on the clipboard and says so.
import { toast } from "./toast.js";
import { words } from "./words.js";

export async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(words("copied"));
  } catch {
    const code = button.parentElement.querySelector("code");
    if (code) getSelection().selectAllChildren(code);
  }
}
