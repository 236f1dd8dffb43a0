"""The secrets by which the door tells Meta's deliveries from forgeries, kept for a few seconds."""

import asyncio
import hmac
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from troth.base.keystore import KeysMissing
from troth.base.sealing import Unreadable, reload_ring, ring
from troth.channels.app_secrets import OWN_DOOR_ID, own_app, own_marks, standing_together
from troth.ingest.writer import Unavailable

KEPT_S = 5.0
KEPT_MAX = 10_000
ANSWERED_WITHIN_S = 5.0


class UnknownChannel(Exception):
    """No connected number has this address."""


@dataclass(frozen=True, slots=True)
class ChannelKeys:
    """A channel's app secrets (two while one is being replaced), their fingerprints in the same order, its verify token."""

    secrets: tuple[bytes, ...]
    fingerprints: tuple[bytes, ...]
    verify_token: str
    closing: bool = False  # the workspace is being deleted: what comes is answered and dropped

    def proves(self, token: str) -> bool:
        """Return whether this is the token that we gave to Meta."""
        return bool(self.verify_token) and hmac.compare_digest(self.verify_token.encode(), token.encode())


class DoorKeys:
    """Looks keys up through the one passage that the door's role may use."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._kept: dict[UUID, tuple[float, ChannelKeys | None]] = {}

    async def of(self, channel: UUID) -> ChannelKeys:
        """Return a channel's keys, at most five seconds old. Raises: UnknownChannel, Unavailable."""
        if channel == OWN_DOOR_ID:
            return own_keys()
        kept = self._kept.get(channel)
        if kept is None or kept[0] < time.monotonic():
            async with self._lock:
                kept = self._kept.get(channel)
                if kept is None or kept[0] < time.monotonic():
                    kept = (time.monotonic() + KEPT_S, await self._look_up(channel))
                    self._keep(channel, kept)
        if kept[1] is None:
            raise UnknownChannel
        return kept[1]

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    def _keep(self, channel: UUID, found: tuple[float, ChannelKeys | None]) -> None:
        if len(self._kept) >= KEPT_MAX:
            # Somebody guesses addresses. What is kept of real ones stays.
            moment = time.monotonic()
            self._kept = {of: kept for of, kept in self._kept.items() if kept[1] is not None and kept[0] > moment}
        self._kept[channel] = found

    async def _look_up(self, channel: UUID) -> ChannelKeys | None:
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                row = await self._ask(channel)
        except (psycopg.Error, OSError):  # a TimeoutError is an OSError
            await self.close()
            self._connection = None
            raise Unavailable from None
        if row is None:
            return None
        workspace, *sealed, closing = row
        if closing:
            return ChannelKeys((), (), "", closing=True)
        try:
            return _opened(str(workspace), sealed)
        except KeysMissing:
            return None

    async def _ask(self, channel: UUID) -> tuple[Any, ...] | None:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True, connect_timeout=3)
        cursor = await self._connection.execute(_LOOK_UP, [channel])
        return await cursor.fetchone()


_LOOK_UP = """
    SELECT workspace_id, app_secret, app_secret_hash, previous_app_secret, previous_app_secret_hash, verify_token, closing
    FROM channel_door(%s)
"""


def own_keys() -> ChannelKeys:
    """Return the keys of the address for the installation's own app. Raises: UnknownChannel, where it has no app."""
    app = own_app()
    if app is None:
        raise UnknownChannel
    marks = own_marks()
    return ChannelKeys(tuple(one.encode() for one in marks.values()), tuple(marks), app.verify_token)


def _opened(workspace: str, sealed: list[Any]) -> ChannelKeys:
    """Open what the database told of a channel. Raises: KeysMissing, Unreadable."""
    secret, fingerprint, previous, previous_fingerprint, verify_token = sealed
    secrets, fingerprints = [], []
    for kept, mark, column in (
        (secret, fingerprint, "app_secret"),
        (previous, previous_fingerprint, "previous_app_secret"),
    ):
        if kept is not None and mark is not None:
            secrets.append(_unsealed(workspace, kept, column))
            fingerprints.append(bytes(mark))
    ours = own_marks()
    for mark in standing_together(fingerprints)[len(fingerprints) :]:
        secrets.append(ours[mark].encode())
        fingerprints.append(mark)
    token = _unsealed(workspace, verify_token, "verify_token") if verify_token else b""
    return ChannelKeys(tuple(secrets), tuple(fingerprints), token.decode())


def _unsealed(workspace: str, sealed: bytes, column: str) -> bytes:
    place = f"channels_channel.{column}"
    try:
        return ring(workspace).unseal(bytes(sealed), place=place)
    except Unreadable:
        return reload_ring(workspace).unseal(bytes(sealed), place=place)  # sealed with a key made since we looked
