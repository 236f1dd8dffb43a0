// WhatsApp's marks: set by buttons and keys, and shown as they will look.
import { post } from "../../ui/js/request.js";

const PAUSE_MS = 250;
const field = () => document.getElementById("composer-text");
const bar = () => document.getElementById("composer-format");
let timer = 0;
let asked = 0;

export function press(button) {
  if ("toggle" in button.dataset) {
    bar().hidden = !bar().hidden;
    field().focus();
    if (!bar().hidden) show();
  } else if (button.dataset.mark) wrap(button.dataset.mark);
  else lines(button.dataset.line);
}

// This will set the mark around what is selected, or take it away.
export function wrap(mark) {
  const { selectionStart: start, selectionEnd: end, value } = field();
  const size = mark.length;
  const is = value.slice(start - size, start) === mark && value.slice(end, end + size) === mark;
  if (is) replace(start - size, end + size, value.slice(start, end), 0);
  else replace(start, end, mark + value.slice(start, end) + mark, size);
}

function lines(sign) {
  const { selectionStart: start, selectionEnd: end, value } = field();
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const some = value.slice(from, end).split("\n");
  const marked = some.map((line, n) => (sign === "1. " ? `${n + 1}. ` : sign) + line);
  replace(from, end, marked.join("\n"), 0);
}

function replace(from, to, text, inner) {
  const element = field();
  element.focus();
  element.setRangeText(text, from, to, "select");
  element.setSelectionRange(from + inner, from + text.length - inner);
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

// This will show how the text will look, a moment after the last change.
export function show() {
  bar().hidden = false;
  document.getElementById("composer-links").hidden = !/https?:\/\/\S/i.test(field().value);
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE_MS);
}

async function draw() {
  const mine = ++asked;
  const place = document.getElementById("composer-preview");
  const text = field()?.value ?? "";
  if (!text.trim()) {
    place.replaceChildren();
    bar().hidden = true;
    return;
  }
  const answer = await post(document.getElementById("composer").dataset.previewUrl, { text }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const body = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  place.replaceChildren(...(body.querySelector("[data-preview]")?.childNodes ?? []));
}
