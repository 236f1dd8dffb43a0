// What the dialogs said lately. What is taken back stands in its dialog again, as it was filled in.
const KEPT_MAX = 20;
const said = new Map(); // client id -> what opens its dialog again

export function remember(id, open) {
  said.set(id, open);
  if (said.size > KEPT_MAX) said.delete(said.keys().next().value);
}

// This will open the dialog of a message that was taken back. `files` are those of it that are ours to send again.
export function again(id, files) {
  const open = said.get(id);
  said.delete(id);
  open?.(files);
}

// This will give elements of a form their values: [name, value] pairs, a name as often as it stands among them.
export function refill(elements, pairs) {
  const places = new Map();
  for (const [name, value] of pairs) {
    const nth = places.get(name) ?? 0;
    places.set(name, nth + 1);
    const element = [...elements].filter((one) => one.name === name)[nth];
    if (element && element.type !== "hidden") element.value = value;
    if (value) element?.closest("details")?.toggleAttribute("open", true);
  }
}
