// The picture of a number: what it will look like, and what is wrong with it, before it goes anywhere.

const BYTES_MAX = 5 * 1024 * 1024;
const PIXELS_MIN = 192;
const TYPES = ["image/jpeg", "image/png", "image/webp"];

const input = document.querySelector("[data-picture]");
const shown = document.querySelector("[data-picture-shown]");
const says = document.querySelector("[data-picture-says]");
const save = document.querySelector("[data-picture-save]");

function say(word) {
  says.textContent = says.dataset[word];
  save.disabled = word !== "fine";
}

function forget() {
  if (shown.src) URL.revokeObjectURL(shown.src);
  shown.removeAttribute("src");
  shown.hidden = true;
}

input?.addEventListener("change", () => {
  forget();
  const [file] = input.files;
  if (!file) return;
  if (!TYPES.includes(file.type)) return say("other");
  if (file.size > BYTES_MAX) return say("large");
  shown.src = URL.createObjectURL(file);
});

shown?.addEventListener("load", () => {
  const fits = Math.min(shown.naturalWidth, shown.naturalHeight) >= PIXELS_MIN;
  shown.hidden = !fits;
  say(fits ? "fine" : "small");
});

shown?.addEventListener("error", () => {
  forget();
  say("other");
});
