"""The database is away for some seconds: what is known is kept, what cannot be promised is refused, all goes on after."""

import hashlib
import hmac
import time
from collections.abc import Iterator

import pytest

from tests import bodies
from tests.crash.houses import fast_house
from tests.crash.mortal import Mortal, mortal
from tests.crash.outgoing import Is, meter, states, statuses, times_taken, wait_for
from tests.crash.pen import Pen
from tests.live import LiveHouse, wait_until


@pytest.fixture(scope="module")
def live() -> Iterator[Mortal]:
    with mortal("away") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Mortal) -> LiveHouse:
    return fast_house(live, "a", per_second=80, latency_ms=(0, 0))


def test_what_became_of_calls_in_flight_is_kept_and_written_afterwards(
    live: Mortal, house: LiveHouse, pen: Pen
) -> None:
    live.sandbox.set_faults(latency_ms=(1500, 2500), by_recipient=False)
    live.sandbox.set_behaviour(house.account_id, statuses=False)
    ids = pen.write(*((f"601234500{index:02d}", "Hello") for index in range(20)))
    wait_until(lambda: set(statuses(house, ids)) == {Is.SENDING})
    live.kill_part("postgres")
    wait_until(lambda: meter(house)["accepted"] == 20)
    time.sleep(1)
    live.start_part("postgres")
    for id in ids:
        assert wait_for(house, id, Is.SENT, Is.UNCERTAIN).status == Is.SENT
    assert times_taken(house) == dict.fromkeys(ids, 1)
    assert {state.attempts for state in states(house).values()} == {1}


def test_the_door_refuses_what_it_cannot_keep_and_pages_say_so_honestly(live: Mortal, house: LiveHouse) -> None:
    who = next(iter(house.cookies))
    wait_until(lambda: post(house, "wamid.before") == 200)
    wait_until(lambda: house.page("inbox/", who=who)[0] == 200)
    live.kill_part("postgres")
    for attempt in range(3):
        assert post(house, f"wamid.meanwhile.{attempt}") == 503
        for path in ("inbox/", "channels/"):
            status, page = house.page(path, who=who)
            assert status in (500, 503)
            says_so_honestly(page)
    live.start_part("postgres")
    wait_until(lambda: post(house, "wamid.after") == 200)
    wait_until(lambda: house.page("inbox/", who=who)[0] == 200)
    wait_until(lambda: incoming(house) == 2)


def says_so_honestly(page: str) -> None:
    assert "Traceback" not in page
    assert "psycopg" not in page
    assert "OperationalError" not in page
    assert "<html" in page


def post(house: LiveHouse, id: str) -> int:
    """Post a signed delivery with one message and return the door's answer."""
    message = bodies.text("Hello", id=id, at=int(time.time()))
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei Ling")], messages=[message])
    body = bodies.encode(bodies.envelope(value, account=house.account_id))
    signature = hmac.new(house.secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
    return house.live.ask("POST", f"/hooks/cloud/{house.channel}", body=body, headers=headers)[0]


def incoming(house: LiveHouse) -> int:
    """Return how many messages have come in."""
    with house.live.database() as connection:
        row = connection.execute(
            "SELECT count(*) FROM inbox_message WHERE channel_id = %s AND direction = 'in'", [house.channel]
        ).fetchone()
    assert row is not None
    return int(row[0])
