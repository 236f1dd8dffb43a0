"""Trouble on demand: by the recipient's last four digits, by rates, or for everybody."""

import random
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What goes wrong."""

    REFUSED = "refused"  # answered with an error code
    FAILED = "failed"  # accepted, then a `failed` status
    PAGE = "page"  # a proxy's page with status 500
    PAGE_BUT_SENT = "page-but-sent"  # the same, yet the message goes out
    HANGS = "hangs"  # no answer in time, the message is lost
    HANGS_BUT_SENT = "hangs-but-sent"  # no answer in time, yet the message goes out
    EXPIRED = "expired"  # the token has run out
    SENT_ONLY = "sent-only"  # never delivered
    UNREAD = "unread"  # delivered, never read
    READ_ONLY = "read-only"  # `delivered` is skipped
    EARLY = "early"  # statuses come before the answer
    TWICE = "twice"  # every status comes twice
    BACKWARDS = "backwards"  # read, delivered, sent
    ODD = "odd"  # a status that nobody has heard of
    HELD = "held"  # held for quality assessment


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble. `times` is how often it strikes one recipient; 0 is always."""

    kind: Kind
    code: int = 0
    times: int = 0


RECIPIENTS: dict[str, Fault] = {
    "0100": Fault(Kind.REFUSED, 100),
    "0010": Fault(Kind.REFUSED, 10),
    "0368": Fault(Kind.REFUSED, 368),
    "0429": Fault(Kind.REFUSED, 130429),
    "2429": Fault(Kind.REFUSED, 130429, times=2),
    "1056": Fault(Kind.REFUSED, 131056),
    "2056": Fault(Kind.REFUSED, 131056, times=2),
    "1016": Fault(Kind.REFUSED, 131016),
    "2016": Fault(Kind.REFUSED, 131016, times=2),
    "1031": Fault(Kind.REFUSED, 131031),
    "1042": Fault(Kind.REFUSED, 131042),
    "1048": Fault(Kind.REFUSED, 131048),
    "2047": Fault(Kind.REFUSED, 131047),
    "2026": Fault(Kind.REFUSED, 131026),
    "3010": Fault(Kind.REFUSED, 133010),
    "0472": Fault(Kind.FAILED, 130472),
    "1000": Fault(Kind.FAILED, 131000),
    "1026": Fault(Kind.FAILED, 131026),
    "1047": Fault(Kind.FAILED, 131047),
    "1049": Fault(Kind.FAILED, 131049),
    "1050": Fault(Kind.FAILED, 131050),
    "1053": Fault(Kind.FAILED, 131053),
    "0190": Fault(Kind.EXPIRED, 190),
    "5000": Fault(Kind.PAGE),
    "5001": Fault(Kind.PAGE, times=2),
    "5002": Fault(Kind.PAGE_BUT_SENT),
    "5003": Fault(Kind.REFUSED, 2, times=2),
    "0408": Fault(Kind.HANGS_BUT_SENT),
    "0409": Fault(Kind.HANGS),
    "7001": Fault(Kind.SENT_ONLY),
    "7002": Fault(Kind.UNREAD),
    "7003": Fault(Kind.READ_ONLY),
    "7004": Fault(Kind.EARLY),
    "7005": Fault(Kind.TWICE),
    "7006": Fault(Kind.BACKWARDS),
    "7007": Fault(Kind.ODD),
    "7008": Fault(Kind.HELD),
}
RATE_NAMES = frozenset({"page", "page-but-sent", "hangs", "hangs-but-sent"})


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Trouble for everybody, set through the control address.

    `rates` maps an error code, or one of page, page-but-sent, hangs, hangs-but-sent, to the share of sends it
    strikes; `failed_rates` maps a code to the share of accepted sends that end `failed`. `media_code` is the error with
    which every upload of a file is refused, 0 for none.
    """

    outage: bool = False
    outage_hangs: bool = False
    latency_ms: tuple[int, int] = (0, 0)
    hang_ms: int = 60_000
    rates: dict[str, float] = {}
    failed_rates: dict[str, float] = {}
    media_code: int = 0
    by_recipient: bool = True

    def __post_init__(self) -> None:
        for name, rate in (*self.rates.items(), *self.failed_rates.items()):
            if not name.isdigit() and name not in RATE_NAMES:
                raise ValueError(f"{name!r} is neither an error code nor one of {', '.join(sorted(RATE_NAMES))}")
            if not 0 <= rate <= 1:
                raise ValueError(f"The rate of {name} lies between 0 and 1")
        if not 0 <= self.latency_ms[0] <= self.latency_ms[1]:
            raise ValueError("latency_ms wants [least, most], both at least 0")


class Trouble:
    """Decides what strikes whom."""

    def __init__(self, chance: random.Random) -> None:
        self.faults = Faults()
        self._chance = chance
        self._struck: dict[str, int] = {}

    def reset(self) -> None:
        self.faults = Faults()
        self._struck.clear()

    def latency_s(self) -> float:
        """Return how long the next request has to wait."""
        least, most = self.faults.latency_ms
        return self._chance.uniform(least, most) / 1000 if most else 0.0

    def for_send(self, recipient: str) -> Fault | None:
        """Return what strikes a send to this recipient, if anything does."""
        if self.faults.by_recipient and (fault := RECIPIENTS.get(recipient[-4:])):
            struck = self._struck.get(recipient, 0)
            if not fault.times or struck < fault.times:
                if fault.times:
                    self._struck[recipient] = struck + 1
                return fault
        if self.faults.rates:
            return self._drawn(self.faults.rates)
        return None

    def failure_of_accepted(self) -> int | None:
        """Return the code with which an accepted message will fail, if it will."""
        fault = self._drawn(self.faults.failed_rates) if self.faults.failed_rates else None
        return fault.code if fault else None

    def _drawn(self, rates: dict[str, float]) -> Fault | None:
        draw = self._chance.random()
        for name, rate in rates.items():
            if draw < rate:
                return Fault(Kind.REFUSED, int(name)) if name.isdigit() else Fault(Kind(name))
            draw -= rate
        return None
