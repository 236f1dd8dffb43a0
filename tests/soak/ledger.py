"""What a flood of letters must leave behind, counted apart from the product, and where the product differs."""

import hashlib
from dataclasses import dataclass, field

from tests.live import LiveHouse
from tests.soak.world import Expected, Letter


@dataclass(slots=True)
class Ledger:
    """What was posted. A body that comes again adds nothing, and neither does one with another's signature."""

    posted: int = 0
    repeated: int = 0
    forged: int = 0
    events: int = 0
    gaps: int = 0
    _seen: set[bytes] = field(default_factory=set)

    @property
    def deliveries(self) -> int:
        return len(self._seen)

    def enter(self, letter: Letter) -> None:
        """Count a letter."""
        self.posted += 1
        digest = hashlib.sha256(letter.body).digest()
        if letter.forged:
            self.forged += 1
        elif digest in self._seen:
            self.repeated += 1
        else:
            self._seen.add(digest)
            self.events += letter.events
            self.gaps += letter.gaps

    def words(self) -> str:
        """Return the counts in a line."""
        return f"{self.deliveries:,} different, {self.repeated:,} repeats, {self.forged:,} forged"


def differences(house: LiveHouse, expected: Expected) -> list[str]:
    """Return where what the number knows differs from what it was told."""
    wanted = {
        "messages of customers": len(expected.said),
        "messages of ours": len(expected.echoed),
        "edited": len(expected.edited),
        "deleted": len(expected.revoked),
        "reactions": len(expected.reactions),
        "people": len(expected.people),
        "facts that wait": len(expected.waiting),
    }
    for status in sorted(set(expected.echoed.values())):
        wanted[f"ours with status {status}"] = sum(1 for one in expected.echoed.values() if one == status)
    found = _found(house)
    return [
        f"{name}: {found.get(name, 0):,} instead of {count:,}"
        for name, count in wanted.items()
        if found.get(name, 0) != count
    ]


def _found(house: LiveHouse) -> dict[str, int]:
    with house.live.database() as connection:
        rows = connection.execute(_COUNTS, {"channel": house.channel, "workspace": house.id}).fetchall()
    return {name: count for name, count in rows}


_COUNTS = """
SELECT CASE direction WHEN 'in' THEN 'messages of customers' ELSE 'messages of ours' END, count(*)
    FROM inbox_message WHERE channel_id = %(channel)s GROUP BY 1
UNION ALL SELECT 'ours with status ' || status, count(*)
    FROM inbox_message WHERE channel_id = %(channel)s AND direction <> 'in' GROUP BY 1
UNION ALL SELECT 'edited', count(*) FROM inbox_message WHERE channel_id = %(channel)s AND edited_at IS NOT NULL
UNION ALL SELECT 'deleted', count(*) FROM inbox_message WHERE channel_id = %(channel)s AND revoked_at IS NOT NULL
UNION ALL SELECT 'reactions', count(*) FROM inbox_reaction WHERE channel_id = %(channel)s
UNION ALL SELECT 'people', count(*) FROM contacts_contact WHERE workspace_id = %(workspace)s
UNION ALL SELECT 'facts that wait', count(*) FROM inbox_pendingchange WHERE channel_id = %(channel)s
"""
