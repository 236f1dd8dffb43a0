"""What became of a running product's messages: as its database has it, and as the sandbox has seen it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.live import LiveHouse, wait_until


class Is(IntEnum):
    """What became of a message. Written down here again, so that a soak run needs no Django of its own."""

    QUEUED = 10
    SENDING = 20
    UNCERTAIN = 30
    SENT = 40
    FAILED = 50
    DELIVERED = 60
    READ = 70


DONE = {Is.UNCERTAIN, Is.FAILED, Is.DELIVERED, Is.READ}


@dataclass(frozen=True)
class State:
    """A message as the database has it."""

    id: str
    status: Is
    code: int | None
    attempts: int
    held: bool


def states(house: LiveHouse) -> dict[str, State]:
    """Return all of a house's outgoing messages by id, oldest first."""
    with house.live.database() as connection:
        rows = connection.execute(
            "SELECT id, status, error_code, attempts, held FROM inbox_message"
            " WHERE channel_id = %s AND direction = 'out' ORDER BY id",
            [house.channel],
        ).fetchall()
    return {str(row[0]): State(str(row[0]), Is(row[1]), *row[2:]) for row in rows}


def statuses(house: LiveHouse, ids: Iterable[str]) -> list[Is]:
    """Return the statuses of these messages, in their order."""
    found = states(house)
    return [found[id].status for id in ids]


def wait_for(house: LiveHouse, id: str, *wanted: Is, within_s: float = 15.0) -> State:
    """Return a message once it has one of these statuses."""
    wait_until(lambda: states(house)[id].status in wanted, within_s=within_s)
    return states(house)[id]


def wait_until_all(house: LiveHouse, holds: Callable[[State], bool], *, within_s: float) -> dict[str, State]:
    """Return all messages once something holds for each."""
    wait_until(lambda: all(map(holds, states(house).values())), within_s=within_s, every_s=0.2)
    return states(house)


def taken(house: LiveHouse) -> list[dict[str, Any]]:
    """Return the bodies that the sandbox has taken from this house, in order."""
    return [sent["body"] for sent in house.live.sandbox.sent(house.number_id)]


def times_taken(house: LiveHouse) -> Counter[str]:
    """Return how often the sandbox took each message, by our id."""
    return Counter(body["biz_opaque_callback_data"] for body in taken(house))


def meter(house: LiveHouse) -> dict[str, Any]:
    """Return what the sandbox has counted for this house's number."""
    found: dict[str, Any] = house.live.sandbox.meters()["numbers"][house.number_id]
    return found
