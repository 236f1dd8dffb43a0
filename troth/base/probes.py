"""Looks at the running installation: small, safe questions that a schedule asks and the page of promises shows.

An app registers its own in `ready()`: `register_probe("grants", asks=_("..."), look=count_open_ones)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Seen:
    """What a look found. `words` and `details` hold counts and durations, never an id, a name or an address."""

    ok: bool
    words: str
    details: Mapping[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """One question: its name, its words for readers, and the function that answers it outside of any scope."""

    name: str
    asks: str | Promise
    look: Callable[[], Seen]


_probes: dict[str, Probe] = {}


def register_probe(name: str, look: Callable[[], Seen], *, asks: str | Promise) -> None:
    """Have the question asked with the others. Called once, from an app's `ready`. Raises: ValueError for a name taken."""
    if name in _probes and _probes[name].look is not look:
        raise ValueError(f"there is a probe {name} already")
    _probes[name] = Probe(name, asks, look)


def probes() -> list[Probe]:
    """Return all questions, by name."""
    return [_probes[name] for name in sorted(_probes)]
