"""Which channel an event is for. A number's events go to its channel, an account's to all channels of the account.

What names neither, such as a body that is no JSON, belongs to the channel at whose address it came.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from troth.channels.app_secrets import standing_together
from troth.channels.contract import ChannelChanged, Event, TemplateChanged, Unrecognised

ABOUT_ACCOUNTS = (ChannelChanged, TemplateChanged, Unrecognised)


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
        self.addresses: dict[UUID, Route | None] = {}

    def of(self, event: Event, *, address: UUID) -> list[Route]:
        """Return the routes of an event that came at a channel's address; none where nobody here is meant.

        What people say goes to one number only, also where Meta names but the account.
        """
        if event.number_id:
            return _known(self.numbers.get(event.number_id))
        if not event.account_id:
            return _known(self.addresses.get(address))
        found = self.accounts.get(event.account_id, [])
        if len(found) > 1 and not isinstance(event, ABOUT_ACCOUNTS):
            return [route for route in found if route.channel_id == address]
        return found


def _known(route: Route | None) -> list[Route]:
    return [route] if route else []


def routes_for(arrived: Sequence[tuple[UUID, Event]]) -> Routes:
    """Return the routes that these events need, each given with the address at which it came."""
    events = [event for _, event in arrived]
    numbers = sorted({event.number_id for event in events if event.number_id})
    accounts = sorted({event.account_id for event in events if event.account_id and not event.number_id})
    routes = Routes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_for(%s::text[], %s::text[])", [numbers, accounts])
        for channel, workspace, number, account, secret, previous in cursor.fetchall():
            known = _marks(secret, previous)
            route = Route(channel, workspace, known)
            if number:
                routes.numbers[number] = route
            if account:
                routes.accounts[account].append(route)
    nameless = {address for address, event in arrived if not event.number_id and not event.account_id}
    routes.addresses = {address: route_of_address(address) for address in sorted(nameless)}
    return routes


def route_of_address(channel: UUID) -> Route | None:
    """Return the route of a channel's own address, None where there is no such channel any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT workspace_id, app_secret_hash, previous_app_secret_hash FROM channel_door(%s)", [channel]
        )
        row = cursor.fetchone()
    if row is None:
        return None
    workspace, *marks = row
    return Route(channel, workspace, _marks(*marks))


def _marks(*found: Any) -> frozenset[bytes]:
    """Return the fingerprints of a channel's secrets, with all of our own app's where it is of that app."""
    return frozenset(standing_together([bytes(mark) for mark in found if mark is not None]))
