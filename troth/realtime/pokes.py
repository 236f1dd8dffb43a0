"""Pokes: "look again at this". They carry kinds and ids, never content, and leave with the transaction's commit."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

CHANNEL = "pokes"


def poke(topic: str, id: UUID, *, workspace_id: UUID, about: UUID | None = None) -> None:
    """Tell open screens to look again at one thing. `about` is the channel that decides who may know of it."""
    poke_all([(topic, id, about)], workspace_id=workspace_id)


def poke_all(pokes: Iterable[tuple[str, UUID, UUID | None]], *, workspace_id: UUID) -> None:
    """Tell open screens to look again at many things, in one statement."""
    lines = [f"{workspace_id} {topic} {id} {about or '-'}" for topic, id, about in pokes]
    if lines:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, line) FROM unnest(%s::text[]) AS line", [CHANNEL, lines])
