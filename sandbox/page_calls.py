"""The control addresses that the page lives on: people, threads, reading, pictures."""

import time
from typing import Any

from sandbox.accounts import Account, Number
from sandbox.http import Request, Response, answer
from sandbox.people import Person
from sandbox.threads import Line, Thread
from sandbox.world import World

PEOPLE_SHOWN_MAX = 200


def people(world: World, account: Account, number: Number) -> Response:
    """Return everybody that a business number can talk with, the latest first, with their last line."""
    threads = {thread.person_key: thread for thread in world.threads.all_of(number.id)}
    recent = list(reversed(threads))
    known = {person.key: person for person in world.people}
    keys = [key for key in recent if key in known or key.isdigit()] + [key for key in known if key not in threads]
    shown = [known.get(key) or world.people.by_number(key) for key in keys[:PEOPLE_SHOWN_MAX]]
    return answer({"people": [_person(world, account, person, threads.get(person.key)) for person in shown]})


def _person(world: World, account: Account, person: Person, thread: Thread | None) -> dict[str, Any]:
    last = thread.lines[-1] if thread and thread.lines else None
    return {
        "key": person.key,
        "name": person.name,
        "wa_id": person.wa_id,
        "username": person.username,
        "shows_phone": person.shows_phone,
        "online": person.online,
        "reads": person.reads,
        "user_id": world.people.user_id(person, account.portfolio_id),
        "last": _summary(last) if last else None,
    }


def _summary(line: Line) -> str:
    text = line.content.get("body") or line.content.get("caption") or line.content.get("filename")
    return text if isinstance(text, str) and text else line.kind


def thread(world: World, number: Number, key: str) -> Response:
    """Return the bubbles between a person and a number."""
    found = world.threads.of(number.id, key)
    return answer({"lines": list(found.lines), "typing": found.typing_until > time.monotonic()})


def picture(world: World, request: Request) -> Response:
    """Return the bytes of a picture, to be shown and never run."""
    medium = world.media.find(request.query.get("id", ""), now=world.now())
    if medium is None or not medium.mime_type.startswith("image/"):
        return Response(b"", status=404, content_type=b"text/plain")
    headers = [(b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"default-src 'none'; sandbox")]
    return Response(medium.data, content_type=medium.mime_type.encode(), headers=headers)
