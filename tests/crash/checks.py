"""What must hold after any crash: nothing acknowledged is lost, nothing left twice, nothing waits for ever."""

import time
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.crash.load import Storm
from tests.crash.outgoing import DONE, Is, meter, states, times_taken
from tests.live import LiveHouse


@dataclass(frozen=True)
class Totals:
    """What came in, and what became of what was to go out."""

    acknowledged: int = 0
    written: int = 0
    taken: int = 0
    uncertain: int = 0
    failed: int = 0

    def told(self) -> str:
        """Return the totals in words."""
        return (
            f"{self.acknowledged:,} acknowledged, {self.written:,} written, {self.taken:,} sent,"
            f" {self.uncertain} uncertain, {self.failed} failed"
        )

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def drained(house: LiveHouse, *, within_s: float = 40.0, while_it_moves: bool = False) -> None:
    """Return once nothing waits any more: no webhook, no delivery, no news of a message, no message itself.

    With `while_it_moves` the time begins anew whenever less waits than ever before: how much an hour's storm leaves
    behind depends on the machine. Raises: AssertionError, with what still waits.
    """
    until, least = time.monotonic() + within_s, None
    while total := (waits := _waiting(house)).total():
        if while_it_moves and (least is None or total < least):
            until, least = time.monotonic() + within_s, total
        assert time.monotonic() < until, f"still waiting: {waits}"
        time.sleep(0.2)


def all_is_well(storm: Storm, *, file: Path) -> Totals:
    """Return the totals. Raises: AssertionError, where something was lost, doubled or not told. `file` is for scratch."""
    house = storm.house
    acknowledged = all_there_once(house, storm.acknowledged(), file=file)
    found, times = states(house), times_taken(house)
    assert set(storm.agents.written) <= set(found), "a committed message is gone"
    assert set(times) <= set(found), "the sandbox took what nobody wrote"
    assert meter(house)["repeated"] == 0, "a message left twice"
    for id, state in found.items():
        # What was taken has been told of, and settled by that: whoever is in doubt still is right to be.
        assert times[id] == (0 if state.status in (Is.UNCERTAIN, Is.FAILED) else 1), state
    ended = Counter(state.status for state in found.values())
    return Totals(acknowledged, len(found), times.total(), ended[Is.UNCERTAIN], ended[Is.FAILED])


def all_there_once(house: LiveHouse, ids: list[str], *, file: Path) -> int:
    """Return how many messages of customers there are: those acknowledged, each once, and no other."""
    file.write_text("\n".join(ids))
    where = {"house": house.id, "file": str(file), "channel": house.channel}
    counted: dict[str, int] = house.live.run(_COUNT % where)
    assert counted == {"acknowledged": len(ids), "once": len(ids), "more_often": 0, "others": 0}
    return len(ids)


_COUNT = """
import json
from collections import Counter
from pathlib import Path
from uuid import UUID
from troth.base.sealing import ring
from troth.inbox.index import external_hash
from troth.inbox.models import Message
from troth.workspaces.scope import scope
with scope(UUID(%(house)r)):
    rows = Message.objects.filter(channel=%(channel)r, direction="in").values_list("external_hash", flat=True)
    there = Counter(bytes(row) for row in rows.iterator())
    wanted = {external_hash(ring(), id) for id in Path(%(file)r).read_text().split()}
print(json.dumps({
    "acknowledged": len(wanted),
    "once": sum(1 for digest in wanted if there[digest] == 1),
    "more_often": sum(1 for count in there.values() if count > 1),
    "others": sum(1 for digest in there if digest not in wanted),
}))
"""


def _waiting(house: LiveHouse) -> Counter[str]:
    """Return how much of what is not done yet, where it is any."""
    with house.live.database() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM ingest_delivery WHERE digested_at IS NULL),"
            " (SELECT count(*) FROM inbox_pendingchange WHERE workspace_id = %s)",
            [house.id],
        ).fetchone()
    assert row is not None
    waits = Counter(deliveries=row[0], news=row[1], webhooks=house.live.sandbox.meters()["webhooks"]["underway"])
    waits.update(f"messages {state.status.name}" for state in states(house).values() if state.status not in DONE)
    return +waits
