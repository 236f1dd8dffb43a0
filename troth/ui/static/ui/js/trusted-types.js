// The one Trusted Types policy. htmx and the morph library parse the server's answers as HTML; nothing else may,
// and no string ever becomes a script.
(() => {
  const parsers = new Set([
    "DOMParser parseFromString",
    "Document parseHTMLUnsafe",
    "Range createContextualFragment",
  ]);
  window.trustedTypes?.createPolicy("default", {
    createHTML(text, type, sink) {
      if (!parsers.has(sink)) throw new TypeError(`No HTML from strings at ${sink}`);
      return text;
    },
    createScript() {
      throw new TypeError("No script from strings");
    },
    createScriptURL() {
      throw new TypeError("No script addresses from strings");
    },
  });
})();
