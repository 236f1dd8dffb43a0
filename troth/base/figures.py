"""Figures that one app knows and another one shows: how often something happened, by year."""

from collections.abc import Callable, Mapping

Figure = Callable[[], Mapping[int, int]]

_figures: dict[str, Figure] = {}


def register_figure(name: str, count: Figure) -> None:
    """Offer a figure: counts by year, nothing about anybody. Called once, from an app's `ready`."""
    _figures[name] = count


def figure(name: str) -> Mapping[int, int]:
    """Return a figure by name; nothing where nobody offers it."""
    return _figures[name]() if name in _figures else {}
