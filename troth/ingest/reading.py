"""From a delivery's body to its workspaces: parse, route, apply."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from troth.base.clock import now
from troth.base.keystore import KeysMissing
from troth.channels.connecting import heard_from
from troth.channels.contract import Event
from troth.channels.registry import parse_delivery
from troth.inbox.receive import Arrival, Outcome, apply
from troth.ingest.claims import Claimed
from troth.ingest.routes import Route, routes_for
from troth.workspaces.scope import scope


def read(claimed: Sequence[Claimed]) -> None:
    """Parse all bodies and route each event to its channel, by a secret that the channel knows too."""
    parsed = [(one, parse_delivery("cloud", one.body())) for one in claimed]
    routes = routes_for([(one.channel_id, event) for one, events in parsed for event in events])
    for one, events in parsed:
        for event in events:
            found = routes.of(event, address=one.channel_id)
            allowed = [route for route in found if route.signed_by(one.secret_hash)]
            if not allowed:
                rule = "signed-by-another-app" if found else "unknown-number"
                one.changes.append((event, None, Outcome("ignored", rule)))
            for route in allowed:
                one.changes.append((event, Routed(route, event, one.received_at), None))


class Routed(Arrival):
    """An arrival that remembers its workspace."""

    __slots__ = ("workspace_id",)

    def __init__(self, route: Route, event: Event, received_at: datetime) -> None:
        super().__init__(route.channel_id, event, received_at)
        self.workspace_id = route.workspace_id


def apply_all(claimed: Sequence[Claimed]) -> None:
    """Apply what was read, workspace by workspace in one order everywhere; each arrival has an outcome then."""
    by_workspace: dict[UUID, list[Arrival]] = defaultdict(list)
    for one in claimed:
        for _, arrival, _ in one.changes:
            if isinstance(arrival, Routed):
                by_workspace[arrival.workspace_id].append(arrival)
    for workspace_id in sorted(by_workspace):
        apply_to(workspace_id, by_workspace[workspace_id])


def apply_to(workspace_id: UUID, arrivals: Sequence[Arrival]) -> None:
    """Apply arrivals to their workspace; afterwards each has an outcome."""
    try:
        with scope(workspace_id):
            apply(arrivals)
            heard_from({arrival.channel_id for arrival in arrivals}, at=now())
    except KeysMissing:
        for arrival in arrivals:
            arrival.ignored("workspace-is-gone")
