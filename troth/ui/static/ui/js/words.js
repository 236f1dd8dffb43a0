// Translated words that scripts need, written into the page by the server.

export function words(name, values = {}, holder = "words") {
  const text = document.getElementById(holder)?.dataset[name] ?? "";
  return text.replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}
