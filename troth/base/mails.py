"""The kinds of mail that we send: each is declared, and each mail names its kind. There is no other mail: an undeclared
kind raises, so there is none that advertises, because nobody declared one.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class MailKind(StrEnum):
    """What a mail is for, which decides whether it can be switched off."""

    TRANSACTIONAL = "transactional"  # somebody asked for it a moment ago: a code, an invitation
    SECURITY = "security"  # something changed that could be somebody else's doing
    NOTICE = "notice"  # news that a member chose to hear by mail


@dataclass(frozen=True)
class MailType:
    """One kind of mail.

    `label` and `words` say to people what it is and when it comes. What cannot be chosen says in `why` why not.
    `on` is whether it comes to somebody who has chosen nothing.
    """

    key: str
    label: Text
    words: Text
    choosable: bool
    kind: MailKind = MailKind.NOTICE
    on: bool = False
    why: Text = ""

    def __post_init__(self) -> None:
        if self.choosable == bool(self.why):
            raise ValueError(f"{self.key}: what cannot be switched off says why, and only that")
        if self.choosable != (self.kind is MailKind.NOTICE):
            raise ValueError(f"{self.key}: notices can be switched off, everything else cannot")


class Undeclared(LookupError):
    """A mail of a kind that nobody declared was about to be sent."""


_declared: dict[str, MailType] = {}


def declare_mail(kind: MailType) -> None:
    """Declare a kind of mail. Called from an app's `ready`. Raises: ValueError for a key that is another's already."""
    if _declared.get(kind.key, kind) != kind:
        raise ValueError(f"the mail {kind.key} is declared twice")
    _declared[kind.key] = kind


def forget_mail(kind: MailType) -> None:
    """Take a declaration back, as tests do."""
    del _declared[kind.key]


def mail_types() -> tuple[MailType, ...]:
    """Return every kind of mail that there is."""
    return tuple(_declared.values())


def mail_type(key: str) -> MailType:
    """Return the kind of mail with this key. Raises: Undeclared."""
    try:
        return _declared[key]
    except KeyError:
        raise Undeclared(key) from None
