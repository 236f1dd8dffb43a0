"""Figures that the public may read, by year: each is counted by the app that keeps the register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Figure:
    """One count. `by_year` returns how many there were in each year that has any."""

    name: str
    label: str | Promise
    by_year: Callable[[], Mapping[int, int]]


_figures: dict[str, Figure] = {}


def register_figure(name: str, by_year: Callable[[], Mapping[int, int]], *, label: str | Promise) -> None:
    """Show a count on the public page. Called once, from an app's `ready`."""
    _figures[name] = Figure(name, label, by_year)


def figures() -> list[Figure]:
    """Return all counts, by name."""
    return [_figures[name] for name in sorted(_figures)]


def figure(name: str) -> Mapping[int, int]:
    """Return one count by year; nothing where nobody keeps it."""
    return _figures[name].by_year() if name in _figures else {}
