"""Which version of the policy counts, here and now.

A version that matters counts thirty days after this installation told its owners of it, and never without that. All
others count from their own day on.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time

from troth.base.clock import now
from troth.privacy.models import PolicyNotice
from troth.privacy.policy.versions import Version, versions

LOOK_AGAIN_AFTER_S = 60.0
_kept: tuple[float, dict[str, PolicyNotice]] | None = None


@dataclass(frozen=True)
class Standing:
    """A version, and the instant from which it counts here; None while its owners have not been told."""

    version: Version
    effective_at: datetime | None

    def counts_at(self, instant: datetime) -> bool:
        return self.effective_at is not None and self.effective_at <= instant


def in_force() -> Version:
    """Return the version that counts now."""
    found = [standing.version for standing in standings() if standing.counts_at(now())]
    return found[-1] if found else versions()[0]


def coming() -> list[Standing]:
    """Return the versions that were announced and do not count yet."""
    return [one for one in standings() if one.effective_at is not None and not one.counts_at(now())]


def standings() -> list[Standing]:
    """Return every version with the instant from which it counts here, the oldest first."""
    all_versions = versions()
    # Nothing is asked of the database as long as no version ever needed a notice.
    notices = _notices() if any(version.significant for version in all_versions) else {}
    found: list[Standing] = []
    for version in all_versions:
        own = _effective_at(version, notices)
        # A later text holds what an earlier one changed, so it cannot count before that one does.
        before = found[-1].effective_at if found else own
        found.append(Standing(version, None if own is None or before is None else max(own, before)))
    return found


def start_of(day: date) -> datetime:
    """Return the instant at which a day begins, in UTC."""
    return datetime.combine(day, clock_time.min, UTC)


def forget_notices() -> None:
    """Look at the notices afresh next time."""
    global _kept
    _kept = None


def _effective_at(version: Version, notices: Mapping[str, PolicyNotice]) -> datetime | None:
    if not version.significant:
        return start_of(version.effective)
    notice = notices.get(version.name)
    return notice.effective_at if notice else None


def _notices() -> dict[str, PolicyNotice]:
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > LOOK_AGAIN_AFTER_S:
        _kept = (time.monotonic(), {notice.version: notice for notice in PolicyNotice.objects.all()})
    return _kept[1]
