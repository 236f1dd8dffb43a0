"""What two houses know, side by side: without what differs from one house to another whatever happens there."""

import json
from typing import Any

from tests.live import LiveHouse

Portable = dict[str, list[str]]


def portable_picture(house: LiveHouse) -> Portable:
    """Return all that a house knows. Its own ids have names, and of keyed hashes only their number is left; the list of
    templates is left out, for it is Meta's own and read anew by a job whenever there is news of it."""
    ids = {house.channel: "<channel>", house.number_id: "<number>", house.account_id: "<account>"}
    found: Portable = house.live.run(_LOOK % {"house": house.id, "ids": json.dumps(json.dumps(ids))})
    return found


_LOOK = """
import json
from uuid import UUID
from tests.door.portable import carried
from tests.house.picture import picture
from troth.workspaces.scope import scope
with scope(UUID(%(house)r)):
    found = carried(picture(), json.loads(%(ids)s))
print(json.dumps({part: sorted(map(repr, rows)) for part, rows in found.items() if part != "templates"}))
"""


def carried(value: Any, ids: dict[str, str]) -> Any:
    """Return a value with names for these ids, and without hashes."""
    match value:
        case dict():
            return {key: carried(inner, ids) for key, inner in value.items()}
        case list() if value and all(isinstance(inner, int) for inner in value):
            return f"{len(value)} words"
        case list() | tuple() | set() | frozenset():
            return [carried(inner, ids) for inner in value]
        case bytes() | memoryview():
            return "<hash>"
        case str():
            for id, name in ids.items():
                value = value.replace(id, name)
            return value
        case _:
            return ids.get(str(value), value)
