"""Puts deliveries in as the door does, and digests them, without a web server."""

from tests.bodies import Body, encode
from tests.cast import House
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring
from troth.ingest.digest import digest_batch
from troth.ingest.models import Delivery
from troth.ingest.writer import body_hash


def store(house: House, *bodies: Body | bytes, secret: str | None = None) -> list[Delivery]:
    """Store these bodies as signed by the house's app."""
    keys = ring(INSTALLATION)
    mark = keys.index(secret or house.secret, place="channels_channel.app_secret_hash")
    raw = [body if isinstance(body, bytes) else encode(body) for body in bodies]
    rows = [
        Delivery(
            channel_id=house.channel, secret_hash=mark, body=one, body_hash=body_hash(keys, one), received_at=now()
        )
        for one in raw
    ]
    return Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def digest() -> None:
    """Digest all that waits."""
    while digest_batch():
        pass


def deliver(house: House, *bodies: Body | bytes) -> list[list[tuple[str, str, str]]]:
    """Store and digest, and return for each body what became of its changes: (event, outcome, rule)."""
    made = store(house, *bodies)
    digest()
    found = Delivery.objects.in_bulk([one.id for one in made])
    return [
        [(line["event"], line["outcome"], line["rule"]) for line in (found[one.id].outcome or [])]
        for one in made
        if one.id in found
    ]
