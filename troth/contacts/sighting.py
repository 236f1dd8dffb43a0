"""One naming of a person on the wire."""

from dataclasses import dataclass
from datetime import datetime

from troth.contacts.models import Source


@dataclass(frozen=True, slots=True)
class Sighting:
    """One naming of a person on the wire. `create` is False where an unknown person should stay unknown.

    `phone` is digits without plus; `at` the instant of the event; `account` the business account that heard it, `source`
    where it was named.
    """

    at: datetime
    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    group: str | None = None
    name: str | None = None
    username: str | None = None
    create: bool = True
    account: str = ""
    source: str = Source.MESSAGE.value
