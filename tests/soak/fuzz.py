"""`bin/soak wire`: an hour of mutated bodies through the reader and through the door; ends with 1 if anything broke."""

import json
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

import msgspec

from tests.crash.mortal import mortal
from tests.door.books import books, closed_books
from tests.door.postman import OK, Postman
from tests.door.samples import bodies_for
from tests.live import Live, LiveHouse
from tests.soak.mutations import a_look_at, mutated
from tests.soak.rounds import memory_mb, say
from tests.soak.world import World
from troth.channels.cloud.wire import parse
from troth.channels.contract import Unrecognised

READ_AT_ONCE, POSTED_AT_ONCE = 4_000, 1_000  # mutations: the reader is that much faster than the door
MADE_UP = 300
# What a line of a log may hold though a sample says it too: our own words, and Meta's for kinds of things.
PERSONAL = frozenset(
    {"body", "name", "first_name", "formatted_name", "caption", "username", "wa_id", "from", "to", "from_user_id"}
    | {"recipient_id", "user_id", "phone", "email", "address", "filename", "sha256", "text", "ctwa_clid"}
)
SECRET_CHARS_MIN = 8
BROKEN = ("could-not-be-applied", "delivery-parked", "nothing-was-done")  # gaps that only a fault of ours makes


def fuzz(*, minutes: float, seed: int) -> int:
    """Mutate, read and deliver for so long, and return the exit code."""
    ends_at = time.monotonic() + 60 * minutes
    say(f"{minutes:g} minutes, seed {seed}")
    with mortal("fuzz") as live:
        house = live.house("Fuzz", Alice="owner")
        bodies = corpus(house)
        read, posted, trouble = count(), count(), list[str]()
        done = [0, 0]
        while time.monotonic() < ends_at and not trouble:
            trouble += unread(mutations(bodies, read, seed=seed), number=READ_AT_ONCE)
            trouble += undelivered(house, mutations(bodies, posted, seed=seed + 1), number=POSTED_AT_ONCE)
            trouble += leaks(live, bodies)
            done = [done[0] + READ_AT_ONCE, done[1] + POSTED_AT_ONCE]
            say(f"  {done[0]:,} read, {done[1]:,} delivered: {books(house).words()}; memory {memory_mb(live)}")
    for line in trouble[:20]:
        say(f"  wrong: {line}")
    say("something broke" if trouble else f"nothing broke: {done[0]:,} read, {done[1]:,} delivered")
    return 1 if trouble else 0


def corpus(house: LiveHouse) -> list[bytes]:
    """Return bodies to begin with: those of others where they are there, and some that we made up."""
    world = World(number=house.number_id, account=house.account_id, seed=1, begins_at=1_700_000_000, people=40)
    made_up = [letter.body for letter in islice(world.letters(), MADE_UP)]
    return [*bodies_for(house).values(), *made_up]


def mutations(bodies: Sequence[bytes], numbers: Iterator[int], *, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield mutations, each with the name by which it can be made again."""
    for number in numbers:
        yield f"seed {seed}, number {number}", mutated(bodies, seed=seed, number=number)


def unread(some: Iterator[tuple[str, bytes]], *, number: int) -> list[str]:
    """Return which of the next mutations break the reader, or give events that cannot be stored."""
    return [f"{name}: {fault}: {a_look_at(body)}" for name, body in islice(some, number) if (fault := _fault(body))]


def _fault(body: bytes) -> str:
    try:
        events = parse(body)
        stored = msgspec.json.encode(events)
        stored.decode()
    except Exception as failure:  # noqa: BLE001 - that is what we look for
        return f"{type(failure).__name__} when read"
    if not events:
        return "no event at all"
    if any(isinstance(event, Unrecognised) and event.why == "unreadable" for event in events):
        return "broke a part of the reader"
    return "a character that no database takes" if _has_nul(msgspec.json.decode(stored)) else ""


def _has_nul(tree: Any) -> bool:
    if isinstance(tree, dict):
        return any(_has_nul(key) or _has_nul(value) for key, value in tree.items())
    return any(map(_has_nul, tree)) if isinstance(tree, list) else isinstance(tree, str) and "\0" in tree


def undelivered(house: LiveHouse, some: Iterator[tuple[str, bytes]], *, number: int) -> list[str]:
    """Return which of the next mutations the door did not take, and what the product could not make anything of."""
    postman = Postman(house)
    refused = [
        f"{name}: answered with {status}: {a_look_at(body)}"
        for name, body in islice(some, number)
        if (status := postman.post(body)) != OK
    ]
    postman.close()
    dead = [f"{part} has ended" for part, process in house.live.processes.items() if process.poll() is not None]
    return [*refused, *dead, *closed_books(house).trouble(), *_broken(house)]


def _broken(house: LiveHouse) -> list[str]:
    with house.live.database() as connection:
        rows = connection.execute(
            "SELECT line->>'rule', line->>'event', count(*) FROM ingest_delivery, jsonb_array_elements(outcome) AS line"
            " WHERE line->>'rule' = ANY(%s) GROUP BY 1, 2 UNION ALL"
            " SELECT 'tried more than once', '', count(*) FROM ingest_delivery WHERE attempts > 0 HAVING count(*) > 0",
            [list(BROKEN)],
        ).fetchall()
    return [f"{times} times {rule} {event}" for rule, event, times in rows]


def leaks(live: Live, bodies: Sequence[bytes]) -> list[str]:
    """Return which words of people stand in what the product wrote to its log."""
    log = Path(live.log).read_text(errors="replace")
    return sorted({f"a value of “{key}” is in the log" for key, word in _personal(bodies) if word in log})


def _personal(bodies: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    for body in bodies:
        try:
            yield from _words(json.loads(body))
        except ValueError:
            continue


def _words(tree: Any) -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in PERSONAL and isinstance(value, str) and len(value) >= SECRET_CHARS_MIN:
                yield key, value
            yield from _words(value)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _words(inner)
