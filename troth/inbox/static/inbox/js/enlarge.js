// A picture of the thread over the whole window. The arrows go on to the next one; Escape and a press beside it close it.
import { words } from "../../ui/js/words.js";

const links = () => [...document.querySelectorAll("[data-enlarges]")];

export function enlarge(link) {
  const dialog = document.createElement("dialog");
  const image = document.createElement("img");
  const close = document.createElement("button");
  dialog.className = "lightbox";
  close.className = "lightbox-close";
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words("close"));
  dialog.append(image, close);

  function show(one) {
    link = one;
    image.src = one.href;
    image.alt = one.querySelector("img")?.alt ?? "";
    dialog.setAttribute("aria-label", image.alt);
  }

  function step(by) {
    const all = links();
    const next = all[all.indexOf(link) + by];
    if (next) show(next);
  }

  dialog.addEventListener("click", (event) => event.target === image || dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.addEventListener("keydown", (event) => {
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") step(event.key === forward ? 1 : -1);
  });
  document.body.append(dialog);
  show(link);
  dialog.showModal();
}
