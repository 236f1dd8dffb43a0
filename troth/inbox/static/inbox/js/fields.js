// What is posted beside a text: the quote, the preview of links, the wish to take it back.

// What says that a message is to be held for the seconds in which it can be taken back, unless somebody wants none.
export function hold() {
  return document.cookie.includes("troth_hold=off") ? {} : { hold: "1" };
}

// What is written again stands above what is being written.
export function above(text, draft) {
  return draft ? `${text}\n${draft}` : text;
}

// This will return them, and let go of the quote.
export function takeFields() {
  const fields = fieldsNow();
  unquote();
  return fields;
}

// This will return them.
export function fieldsNow() {
  const fields = hold();
  for (const input of document.querySelectorAll("#composer [data-field]")) {
    const wanted = input.type !== "checkbox" || (input.checked && !input.closest("[hidden]"));
    if (input.value && wanted) fields[input.name] = input.value;
  }
  return fields;
}

export function unquote() {
  const bar = document.getElementById("composer-quote");
  if (!bar || bar.hidden) return false;
  bar.hidden = true;
  bar.querySelector("input").value = "";
  return true;
}
