// What the dialogs said lately, for as long as this tab lasts. What is taken back stands in its dialog again, as it was filled in.
import { keep, kept } from "../../ui/js/locally.js";

const KEPT_MAX = 20;
const SHELF = "said";
const all = () => kept(SHELF, { tab: true }) ?? [];
const without = (id) => all().filter((one) => one.id !== id);
const put = (entries) => keep(SHELF, entries.length ? entries.slice(-KEPT_MAX) : null, { tab: true });

// This will note what was filled in: `template`, where it is one, says where that is chosen, else `what` which dialog it was.
export function remember(id, filled) {
  put([...without(id), { id, ...filled }]);
}

// This will return it once, undefined where it is not known any more.
export function recall(id) {
  const filled = all().find((one) => one.id === id);
  if (filled) put(without(id));
  return filled;
}

// This will give elements of a form their values: [name, value] pairs, a name as often as it stands among them.
export function refill(elements, pairs) {
  const places = new Map();
  for (const [name, value] of pairs) {
    const nth = places.get(name) ?? 0;
    places.set(name, nth + 1);
    const element = [...elements].filter((one) => one.name === name)[nth];
    if (element) element.value = value;
    if (value) element?.closest("details")?.toggleAttribute("open", true);
  }
}
