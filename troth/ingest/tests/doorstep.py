"""Stands at the webhook door and knocks: the ASGI application itself, a database whose commits are real, no server."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from tests import bodies
from tests.cast import House, house
from tests.postgres import in_fresh_database
from troth.ingest.door import PREFIX, Door
from troth.ingest.keys import DoorKeys
from troth.ingest.models import Delivery
from troth.ingest.writer import Writer

Result = TypeVar("Result")
SECRET = "the app secret"
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """A database of its own, and how the door's role gets in."""

    door_address: str


@contextmanager
def place(name: str) -> Iterator[Place]:
    """Give a fresh database and let Django work in it, each statement committed at once."""
    with in_fresh_database(name) as made:
        yield Place(made["DOOR_DATABASE_URL"])


def new_house(*, secret: str = SECRET) -> House:
    """Make a workspace without people, with a number that no other test knows."""
    number = next(_numbers)
    return house(
        f"House {number}", people={}, number_id=f"1000{number:06d}", account_id=f"2000{number:06d}", secret=secret
    )


def stored(at: House) -> int:
    """Return how many deliveries came at a house's address."""
    return Delivery.objects.filter(channel_id=at.channel).count()


def message(to: House, text: str = "Hello", *, id: str = "wamid.A") -> bytes:
    """Return a body with one message for a house, as Meta writes it."""
    said = bodies.text(text, id=id, at=1_700_000_000)
    return bodies.encode(bodies.envelope(bodies.value(to.number_id, messages=[said]), account=to.account_id))


def signature(body: bytes, *, secret: str = SECRET) -> str:
    """Return the header's value for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def at_the_door(
    inside: Place, scenario: Callable[[Door], Awaitable[Result]], *, writing: bool = True, writer_address: str = ""
) -> Result:
    """Run a scenario with a door of its own, and close the door behind it."""

    async def run() -> Result:
        keys = DoorKeys(inside.door_address)
        writer = Writer(writer_address or inside.door_address)
        if writing:
            writer.start()
        try:
            return await scenario(Door(keys=keys, writer=writer))
        finally:
            await writer.stop()
            await keys.close()

    return asyncio.run(run())


def knock(
    inside: Place, at: House, body: bytes | Sequence[bytes], *, header: str | None = "", **headers: str
) -> Answer:
    """Post a body, whole or in pieces, at a house's address. `header` is the signature; by itself it is the right one."""

    async def scenario(door: Door) -> Answer:
        return await post(door, at, body, header=header, **headers)

    return at_the_door(inside, scenario)


async def post(
    door: Door, at: House, body: bytes | Sequence[bytes], *, header: str | None = "", **headers: str
) -> Answer:
    """Post a body at an open door."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    signed = {"x-hub-signature-256": header or signature(b"".join(pieces))} if header is not None else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer, _ = await call(door, "POST", f"{PREFIX}{at.channel}", pieces, headers=list({**signed, **named}.items()))
    return answer


async def call(
    door: Door,
    method: str,
    path: str,
    pieces: Sequence[bytes] = (b"",),
    *,
    headers: Sequence[tuple[str, str]] = (),
    query: str = "",
) -> tuple[Answer, int]:
    """Call the application and return its answer and how many pieces of the body it has taken."""
    left = list(pieces)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        piece = left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    }
    await door(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    answer = Answer(sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:]))
    return answer, len(pieces) - len(left)
