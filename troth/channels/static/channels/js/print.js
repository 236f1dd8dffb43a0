// The sheet is printed by the browser.
document.querySelector("[data-print]").addEventListener("click", () => print());
