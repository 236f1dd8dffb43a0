"""Every pair of text and ground that the screens use can be read, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from troth.ui.tests.product import STATIC

TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("surface", "canvas", "thread", "raised", "hover")
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("text", "muted", "faint") for ground in GROUNDS],
    *[("accent-text", ground, TEXT) for ground in ("surface", "thread", "raised", "hover", "accent-soft")],
    *[(ink, ground, TEXT) for ink in ("text", "muted", "faint") for ground in ("accent-soft", "pressed")],
    *[(ink, "bubble-in", TEXT) for ink in ("text", "muted", "faint", "accent-text", "danger-text")],
    *[(ink, "bubble-out", TEXT) for ink in ("text", "bubble-out-muted", "accent-text")],
    ("tick-read", "bubble-out", TEXT),
    ("danger-text", "bubble-out", TEXT),
    ("warn-text", "bubble-out", TEXT),
    ("text", "note", TEXT),
    ("text", "chosen", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    *[
        (f"{kind}-text", ground, TEXT)
        for kind in ("danger", "warn", "ok", "info")
        for ground in (f"{kind}-soft", "surface")
    ],
    *[("danger-text", ground, TEXT) for ground in ("thread", "raised", "hover", "accent-soft")],
    *[("warn-text", ground, TEXT) for ground in ("thread", "hover", "accent-soft")],
    *[("text", f"{kind}-soft", TEXT) for kind in ("danger", "warn", "ok", "info")],
    *[(f"avatar-{number}-fg", f"avatar-{number}-bg", TEXT) for number in range(12)],
    *[("line-control", ground, SHAPE) for ground in ("surface", "raised", "thread")],
    *[("focus", ground, SHAPE) for ground in (*GROUNDS, "accent-soft", "pressed")],
]


def _tokens() -> dict[str, tuple[str, str]]:
    source = (STATIC / "css" / "tokens.css").read_text()
    both = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", source)
    same = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", source)
    return {name: (light, dark) for name, light, dark in both} | {name: (one, one) for name, one in same}


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, as WCAG defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_it_can_be_read(ink: str, ground: str, least: float, theme: str) -> None:
    index = ["light", "dark"].index(theme)
    assert round(contrast(_tokens()[ink][index], _tokens()[ground][index]), 2) >= least


def test_contrast_is_what_wcag_says() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
