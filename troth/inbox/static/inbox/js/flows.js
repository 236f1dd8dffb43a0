// Choosing one of the account's forms: the list is asked of WhatsApp, then what the chosen one begins with.
import { ask } from "../../ui/js/request.js";
import { words } from "../../ui/js/words.js";

let asked = 0;

// `before` is what was chosen already: the form's `id`, and what will `show` in its fields what was filled in.
export async function startFlows(form, before) {
  const place = form.querySelector("[data-flows]");
  await fill(place, place.dataset.flows);
  const choice = form.querySelector("[data-flow-choice]");
  if (document.activeElement === document.body || form.contains(document.activeElement)) choice?.focus();
  choice?.addEventListener("change", () => choose(form, choice));
  const field = form.elements.flow_id;
  if (!before?.id || !field) return;
  field.value = before.id;
  if (choice?.value) await choose(form, choice);
  before.show();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

async function choose(form, choice) {
  const facts = form.querySelector("[data-flow-facts]");
  facts.replaceChildren();
  const [option] = choice.selectedOptions;
  form.elements.asks_us.value = "asksUs" in option.dataset ? "yes" : "";
  if (!choice.value || form.elements.asks_us.value) return;
  const mine = ++asked;
  facts.setAttribute("aria-busy", "true");
  const html = await read(`${form.querySelector("[data-flows]").dataset.flows}${choice.value}/`);
  if (mine !== asked) return;
  facts.removeAttribute("aria-busy");
  facts.replaceChildren(...html.childNodes);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

async function fill(place, url) {
  const html = await read(url);
  place.replaceChildren(...html.childNodes);
  place.removeAttribute("aria-busy");
}

async function read(url) {
  const answer = await ask(url).catch(() => null);
  const text = answer?.ok ? await answer.text() : `<p class="say-why" role="alert"></p>`;
  const { body } = new DOMParser().parseFromString(text, "text/html");
  if (!answer?.ok) body.firstElementChild.textContent = words(answer ? "failed" : "noConnection");
  return body;
}
