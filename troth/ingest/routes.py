"""Which channel an event is for. A number's events go to its channel, an account's to all channels of the account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from troth.channels.contract import Event


@dataclass(frozen=True, slots=True)
class Route:
    """A connected number and the fingerprints of the app secrets that may speak for it."""

    channel_id: UUID
    workspace_id: UUID
    secret_hashes: frozenset[bytes]

    def signed_by(self, secret_hash: bytes) -> bool:
        """Return whether a delivery signed by this secret may speak for this channel."""
        return secret_hash in self.secret_hashes


class Routes:
    """The routes of a batch, by number and by account."""

    def __init__(self) -> None:
        self.numbers: dict[str, Route] = {}
        self.accounts: dict[str, list[Route]] = defaultdict(list)

    def of(self, event: Event) -> list[Route]:
        """Return the routes of an event; none where nobody here has that number or account."""
        if event.number_id:
            route = self.numbers.get(event.number_id)
            return [route] if route else []
        return self.accounts.get(event.account_id or "", [])


def routes_for(events: Sequence[Event]) -> Routes:
    """Return the routes that these events need, by one look through the walls."""
    numbers = sorted({event.number_id for event in events if event.number_id})
    accounts = sorted({event.account_id for event in events if event.account_id and not event.number_id})
    routes = Routes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_for(%s::text[], %s::text[])", [numbers, accounts])
        for channel, workspace, number, account, secret, previous in cursor.fetchall():
            known = frozenset(bytes(mark) for mark in (secret, previous) if mark is not None)
            route = Route(channel, workspace, known)
            if number:
                routes.numbers[number] = route
            if account:
                routes.accounts[account].append(route)
    return routes
