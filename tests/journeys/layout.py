"""What of a page is out of sight though it should be seen."""

from playwright.sync_api import Page

# A page never scrolls sideways; no part of it hides what it holds; bubbles and controls stand within their surroundings.
_CUT = """() => {
  const found = [], page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is wider by ${page.scrollWidth - page.clientWidth}`);
  for (const one of document.querySelectorAll("main, nav, aside:not(.auth-aside), header, section, form, dialog[open]")) {
    const cut = one.scrollWidth - one.clientWidth;
    if (cut > 1 && one.clientWidth && getComputedStyle(one).overflowX !== "visible")
      found.push(`${one.tagName}.${one.className} hides ${cut}`);
  }
  const log = document.querySelector("#log")?.getBoundingClientRect();
  for (const one of document.querySelectorAll("#log .bubble")) {
    const box = one.getBoundingClientRect();
    if (box.left < log.left || box.right > log.right) found.push("a bubble is out of sight: " + one.innerText.slice(0, 40));
  }
  for (const one of document.querySelectorAll("main a[href], main button, main input, main select, main textarea")) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.closest(".sr-only, [popover]") || one.type === "hidden") continue;
    const box = one.getBoundingClientRect();
    if (box.width > 1 && (box.right > page.clientWidth + 1 || box.left < -1)) found.push("out of sight: " + one.outerHTML.slice(0, 90));
  }
  return found;
}"""


def cut_off(page: Page) -> list[str]:
    """Return what cannot be seen of the open page at its present size."""
    found: list[str] = page.evaluate(_CUT)
    return found
