// The ways in which files come: chosen, dropped, pasted, recorded. What is done with them is loaded when there are some.

const form = () => document.getElementById("composer");
const open = () => form() && !form().hasAttribute("data-shut");
const files = () => import("./files.js");
let within = 0; // how many elements deep a drag stands in the thread
let wish = "";

export function startAttach() {
  document.addEventListener("click", clicked);
  document.addEventListener("change", chosen);
  document.addEventListener("paste", pasted);
  for (const kind of ["dragenter", "dragleave", "dragover", "drop"]) document.addEventListener(kind, dragged);
  for (const kind of ["troth:opened", "troth:refreshed"]) document.addEventListener(kind, showRecord);
  showRecord();
}

function showRecord() {
  const button = document.querySelector("[data-record]");
  if (button) button.hidden = !window.MediaRecorder || !navigator.mediaDevices;
}

function clicked(event) {
  const choice = event.target.closest("[data-choose]");
  if (choice) {
    const input = document.getElementById("composer-file");
    wish = choice.dataset.choose;
    input.accept = choice.dataset.accept;
    input.toggleAttribute("capture", Boolean(choice.dataset.capture));
    input.click();
  }
  if (event.target.closest("[data-record]")) import("./voice.js").then(({ record }) => record());
}

function chosen({ target }) {
  if (target.id !== "composer-file" || !target.files.length) return;
  const all = [...target.files];
  target.value = "";
  files().then(({ add }) => add(all, wish));
}

function pasted(event) {
  const all = [...(event.clipboardData?.files ?? [])];
  if (event.target.id !== "composer-text" || !all.length) return;
  event.preventDefault();
  files().then(({ add }) => add(all));
}

function dragged(event) {
  const inside = event.target.closest?.("#thread");
  if (!inside || !open() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  if (event.type === "dragenter") within += 1;
  if (event.type === "dragleave") within -= 1;
  if (event.type === "drop") {
    within = 0;
    const all = [...event.dataTransfer.files];
    if (all.length) files().then(({ add }) => add(all));
  }
  document.getElementById("drop").hidden = within < 1;
}
