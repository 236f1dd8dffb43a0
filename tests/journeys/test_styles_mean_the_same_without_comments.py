"""Styles are served without comments and indentation; a browser must read the same in what is left."""

import pytest
from playwright.sync_api import Browser

from troth.ui.shortening import shorten_style
from troth.ui.tests.product import name_of, styles

# What a browser understood of each, one rule a line. Values with var() stay as written, so spaces are no difference.
UNDERSTOOD = r"""(sources) => sources.map((source) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  const tidy = (text) => text.replace(/\s+/g, " ").replace(/ ?([,;{}]) ?/g, "$1").replace(/\( | \)/g, (at) => at.trim());
  return [...sheet.cssRules].map((rule) => tidy(rule.cssText)).join("\n").replaceAll("}", "}\n");
})"""


@pytest.mark.browser
def test_styles_mean_the_same_without_comments(chromium: Browser) -> None:
    page = chromium.new_page()
    try:
        for path in styles():
            source = path.read_text()
            shortened = shorten_style(source)
            assert len(shortened) < len(source), name_of(path)
            as_written, as_served = page.evaluate(UNDERSTOOD, [source, shortened])
            assert as_written.splitlines() == as_served.splitlines(), name_of(path)
    finally:
        page.close()
