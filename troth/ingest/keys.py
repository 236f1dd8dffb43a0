"""The secrets by which the door tells Meta's deliveries from forgeries, kept for a few seconds."""

import asyncio
import hmac
import time
from dataclasses import dataclass
from uuid import UUID

import psycopg

from troth.base.sealing import ring
from troth.ingest.writer import Unavailable

KEPT_S = 5.0
KEPT_MAX = 10_000


class UnknownChannel(Exception):
    """No connected number has this address."""


@dataclass(frozen=True, slots=True)
class ChannelKeys:
    """A channel's app secrets (two while one is being replaced), their fingerprints in the same order, its verify token."""

    secrets: tuple[bytes, ...]
    fingerprints: tuple[bytes, ...]
    verify_token: str

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
        kept = self._kept.get(channel)
        if kept is None or kept[0] < time.monotonic():
            async with self._lock:
                kept = self._kept.get(channel)
                if kept is None or kept[0] < time.monotonic():
                    kept = (time.monotonic() + KEPT_S, await self._look_up(channel))
                    if len(self._kept) >= KEPT_MAX:
                        self._kept.clear()
                    self._kept[channel] = kept
        if kept[1] is None:
            raise UnknownChannel
        return kept[1]

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _look_up(self, channel: UUID) -> ChannelKeys | None:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._address, autocommit=True, connect_timeout=3
                )
            cursor = await self._connection.execute("SELECT * FROM channel_door(%s)", [channel])
            row = await cursor.fetchone()
        except psycopg.OperationalError:
            self._connection = None
            raise Unavailable from None
        if row is None:
            return None
        workspace, secret, fingerprint, previous, previous_fingerprint, verify_token = row
        keys = ring(str(workspace))
        secrets, fingerprints = [], []
        for sealed, mark, column in (
            (secret, fingerprint, "app_secret"),
            (previous, previous_fingerprint, "previous_app_secret"),
        ):
            if sealed is not None and mark is not None:
                secrets.append(keys.unseal(bytes(sealed), place=f"channels_channel.{column}"))
                fingerprints.append(bytes(mark))
        token = keys.unseal(bytes(verify_token), place="channels_channel.verify_token") if verify_token else b""
        return ChannelKeys(tuple(secrets), tuple(fingerprints), token.decode())
