// A place in a form for a file of one's own: chosen, dropped or pasted there, refused at once where WhatsApp would refuse it,
// uploaded with its progress, and taken away again.
import { forget, sizeText, upload } from "./upload.js";

const items = new WeakMap(); // place -> what is chosen there
const waits = new WeakMap(); // place -> what ends with its upload

// This will make the places within an element work.
export function startFields(root) {
  for (const place of root.querySelectorAll("[data-file-field]:not([data-started])")) {
    place.dataset.started = "";
    const input = place.querySelector("input[type=file]");
    place.querySelector("[data-pick]").addEventListener("click", () => input.click());
    input.addEventListener("change", (event) => {
      event.stopPropagation();
      take(place, [...input.files]);
      input.value = "";
    });
    place.querySelector("[data-remove]").addEventListener("click", () => {
      clear(place);
      place.querySelector("[data-pick]").focus();
    });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) place.addEventListener(kind, (event) => dragged(event, place));
    place.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      take(place, [...event.clipboardData.files]);
    });
  }
}

// This will show a file that is with the server already as chosen in a place.
export function place(element, { id, name, size, preview, kind }) {
  const { url, wish, purpose } = element.dataset;
  items.set(element, { id, url, wish, purpose, name, size, preview, kind, state: "ready" });
  show(element, { tells: true });
}

// This will end when nothing of a form is being uploaded any more.
export function settled(form) {
  return Promise.all([...form.querySelectorAll("[data-file-field]")].map((place) => waits.get(place)));
}

function dragged(event, place) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopPropagation();
  place.toggleAttribute("data-over", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop") take(place, [...event.dataTransfer.files]);
}

function take(place, files) {
  if (!files.length) return;
  clear(place, { quietly: true });
  const [file] = files;
  const why = refusal(place, file);
  const { url, wish, purpose } = place.dataset;
  const item = { file, url, wish, purpose, name: file.name ?? "", state: why ? "failed" : "uploading", why };
  items.set(place, item);
  show(place);
  if (!why) waits.set(place, run(place, item));
}

// What WhatsApp would refuse is told before anything is sent.
function refusal({ dataset }, file) {
  if (!file.size) return dataset.empty;
  const fits = (type) => (type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type);
  const taken = JSON.parse(dataset.takes).find(({ types }) => types.some(fits));
  if (!taken) return dataset.wrong;
  return file.size > taken.most ? taken.large : "";
}

async function run(place, item) {
  try {
    const told = await upload(item, (bytes) => {
      place.querySelector("progress").value = bytes / item.file.size;
    });
    if (told) Object.assign(item, told, { state: place.dataset.kind.split(" ").includes(told.kind) ? "ready" : "failed", why: place.dataset.wrong });
    if (item.state === "failed") forget(item);
  } catch (problem) {
    if (item.state === "uploading") Object.assign(item, { state: "failed", why: problem.message || place.dataset.lost });
  }
  if (items.get(place) === item) show(place, { tells: true });
}

function clear(place, { quietly = false } = {}) {
  const item = items.get(place);
  if (item) {
    item.state = "gone";
    forget(item);
  }
  items.delete(place);
  waits.delete(place);
  for (const input of place.querySelectorAll("[data-id], [data-of-kind]")) input.value = "";
  place.querySelector("[data-name]").textContent = "";
  place.querySelector("[data-look]").replaceChildren();
  if (!quietly) show(place, { tells: true });
}

function show(place, { tells = false } = {}) {
  const item = items.get(place);
  const find = (name) => place.querySelector(`[data-${name}]`);
  const state = { failed: item?.why, ready: item && sizeText(item.size ?? item.file.size), uploading: place.dataset.uploading }[item?.state] ?? "";
  place.toggleAttribute("data-failed", item?.state === "failed");
  find("state").textContent = state;
  find("name").textContent = item?.name ?? "";
  find("progress").hidden = item?.state !== "uploading";
  find("remove").hidden = !item;
  find("pick").hidden = item?.state === "uploading" || item?.state === "ready";
  find("id").value = item?.state === "ready" ? item.id : "";
  if (find("of-kind")) find("of-kind").value = item?.state === "ready" ? item.kind : "";
  find("look").replaceChildren(...(item?.state === "ready" && item.preview ? [picture(item.preview)] : []));
  if (tells) find("id").dispatchEvent(new Event("input", { bubbles: true }));
}

function picture(address) {
  const image = new Image();
  image.src = address;
  image.alt = "";
  return image;
}
