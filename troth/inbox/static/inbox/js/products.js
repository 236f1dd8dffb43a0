// Choosing a product out of the catalogue: the list is asked of WhatsApp, by name where somebody searches.
import { ask } from "../../ui/js/request.js";
import { words } from "../../ui/js/words.js";

const PAUSE_MS = 350;
let asked = 0;

// `rowFor` returns the place for one more product: a row of the form, or the form itself.
export function startProducts(form, rowFor) {
  const place = form.querySelector("[data-products]");
  const search = place.querySelector("[data-find]");
  let timer = 0;
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(() => find(place, search.value), PAUSE_MS);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  place.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-product]");
    if (chosen) choose(chosen.dataset, rowFor());
  });
  // An id that somebody types is no longer that of the name.
  form.addEventListener("input", ({ target, isTrusted }) => {
    if (isTrusted && target.name === "product") named(target).value = "";
  });
  return find(place, "");
}

function choose({ product, called }, part) {
  const field = part?.querySelector('[name="product"]');
  if (!field) return;
  field.value = product;
  named(field).value = called;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const named = (field) => field.closest("[data-row], .field").querySelector('[name="name"]');

async function find(place, wanted) {
  const found = place.querySelector("[data-found]");
  const mine = ++asked;
  found.setAttribute("aria-busy", "true");
  const answer = await ask(`${place.dataset.products}?${new URLSearchParams({ q: wanted.trim() })}`).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (mine !== asked) return;
  found.removeAttribute("aria-busy");
  if (html) found.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  else found.textContent = words(answer ? "failed" : "noConnection");
}
