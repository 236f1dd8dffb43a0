"""Styles read in both directions, ask no other host, and keep to the tokens."""

import re
from pathlib import Path

import pytest

from troth.ui.tests.product import name_of, styles

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:top|right|bottom|left)[\w-]*"
    r"|(?:min-|max-)?(?:width|height)|top|right|bottom|left|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CONDITION = re.compile(r"@(?:media|container)[^{]*")

every_stylesheet = pytest.mark.parametrize("path", styles(), ids=name_of)


def _source(path: Path) -> str:
    return CONDITION.sub("", COMMENT.sub("", path.read_text()))


@every_stylesheet
def test_it_uses_logical_properties_only(path: Path) -> None:
    assert PHYSICAL.findall(_source(path)) == []


@every_stylesheet
@pytest.mark.clause("A2.3b")
def test_it_asks_no_other_host(path: Path) -> None:
    assert not re.search(r"//|@import|url\(", _source(path))


@every_stylesheet
def test_every_token_that_it_uses_exists(path: Path) -> None:
    known = {name for sheet in styles() for name in re.findall(r"(--[\w-]+)\s*:", sheet.read_text())}
    assert set(re.findall(r"var\((--[\w-]+)", _source(path))) <= known


def test_the_check_sees_physical_properties() -> None:
    assert (
        len(PHYSICAL.findall("a{margin-left:1px;left:0;text-align:left;max-width:1px;border-top-left-radius:0}")) == 5
    )
    assert not PHYSICAL.findall("a{margin-inline:1px;inset-inline-start:0;line-height:1;min-inline-size:0}")
