"""The icon sprite holds what is used, and nothing else."""

import re
from pathlib import Path

from troth.ui.sprite import SPRITE, names
from troth.ui.tests.product import TROTH, scripts, templates

# Asked for by pages that are being made.
SOON = {"arrow-right", "chevron-right", "circle-x", "external-link"}
IN_TEMPLATES = re.compile(r"""\{%\s*(?:icon|empty)\s+"([a-z0-9-]+)\"""")


def _in_templates() -> set[str]:
    return {name for path in templates() for name in IN_TEMPLATES.findall(path.read_text())}


def _quoted_somewhere() -> set[str]:
    python = [path for path in TROTH.glob("**/*.py") if "tests" not in path.parts]
    sources = [path.read_text() for path in [*templates(), *scripts(), *python]]
    return {name for name in names() if any(re.search(rf"""["'#`]{name}["'`]""", source) for source in sources)}


def test_every_icon_that_a_template_shows_is_in_the_sprite() -> None:
    assert _in_templates() - set(names()) == set()


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    assert re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()) == names()


def test_no_icon_is_carried_in_vain() -> None:
    assert set(names()) - _quoted_somewhere() <= SOON


def test_the_list_is_sorted_and_without_doubles() -> None:
    assert names() == sorted(set(names()))


def test_icons_carry_no_script_and_no_style() -> None:
    assert not re.search(r"<script|style=|\son\w+=|href=", Path(SPRITE).read_text())
