"""What entries are called in plain words. Apps above name their actions here; an action without a name is shown as it is."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS = {
    "looks": _("Looks"),
    "support": _("Help and access"),
    "members": _("Members and teams"),
    "channels": _("Channels"),
    "privacy": _("Privacy"),
    "workspace": _("Workspace"),
    "other": _("Other"),
}


@dataclass(frozen=True)
class Said:
    """How an action is told: what was done, after the name of who did it; and the kind under which it is found."""

    words: Any
    kind: str


_said: dict[str, Said] = {}
_values: dict[str, Any] = {}


def register_words(kind: str, words: dict[str, Any]) -> None:
    """Say what actions are called; `kind` is one of KINDS. Called once, from an app's `ready`."""
    if kind not in KINDS:
        raise ValueError(kind)
    _said.update({action: Said(said, kind) for action, said in words.items()})


def register_values(words: dict[str, Any]) -> None:
    """Say what words that stand in the details of entries are called. Called once, from an app's `ready`."""
    _values.update(words)


def value_of(word: str) -> str:
    """Return what a word of an entry's detail is called."""
    return str(_values.get(word, word))


def said_of(action: str) -> Said:
    """Return how an action is told."""
    found = _said.get(action)
    if found is not None:
        return found
    noun, _dot, verb = action.rpartition(".")
    return Said(f"{noun.replace('_', ' ')} {verb.replace('_', ' ')}".strip(), "other")


def actions_of(kind: str) -> list[str]:
    """Return the actions of a kind."""
    return sorted(action for action, said in _said.items() if said.kind == kind)


def known_actions() -> list[str]:
    """Return every action that has words."""
    return sorted(_said)
