// Turn what stands into what the server says, touching only what differs: focus, selection and scrolling stay.
// What carries data-stays belongs to this page and is left alone.

import { showTimes } from "./time.js";

const OURS = new Set(["tabindex", "open", "data-playing"]);

const callbacks = {
  beforeNodeMorphed: (old) => !old.dataset?.hasOwnProperty("stays"),
  beforeNodeRemoved: (node) => !node.dataset?.hasOwnProperty("stays"),
  beforeAttributeUpdated: (name) => !OURS.has(name),
};

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

// What somebody is typing is left alone; a button that was just pressed has to say what it does now.
function isWriting() {
  return Boolean(document.activeElement?.matches("input, textarea, select"));
}

// This will give `element` the children of `content`.
export function morphInto(element, content) {
  showTimes(content); // before it is compared: a time that stands there already in the person's own words is left alone
  const settings = { morphStyle: "innerHTML", ignoreActiveValue: isWriting(), callbacks };
  Idiomorph.morph(element, [...content.childNodes], settings);
  htmx.process(element);
  element.dispatchEvent(new CustomEvent("troth:changed", { bubbles: true }));
}

// This will show `content` instead of what stood in `element`, as another thing altogether.
export function replaceWith(element, content) {
  showTimes(content);
  element.replaceChildren(...content.childNodes);
  htmx.process(element);
  element.dispatchEvent(new CustomEvent("troth:changed", { bubbles: true }));
}
