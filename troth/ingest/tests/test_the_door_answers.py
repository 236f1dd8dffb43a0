"""What the door says: its address is ours, a delivery is safe, or come back later. Never that something is safe which is not."""

import asyncio
import os
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests.cast import House
from troth.base import sealing
from troth.base.ids import new_id
from troth.base.sealing import Ring, forget_ring, ring, store
from troth.channels.models import Channel
from troth.ingest import door as door_module
from troth.ingest import keys as keys_module
from troth.ingest import writer as writer_module
from troth.ingest.door import PREFIX, Door
from troth.ingest.keys import DoorKeys
from troth.ingest.models import Delivery
from troth.ingest.tests.doorstep import (
    Answer,
    Place,
    at_the_door,
    call,
    knock,
    message,
    new_house,
    post,
    signature,
    stored,
)
from troth.ingest.writer import Writer
from troth.workspaces.scope import scope

NOWHERE = "postgresql://troth_door:x@127.0.0.1:1/nothing"
TOKEN = "verify me"


@pytest.fixture
def house(inside: Place) -> House:
    return new_house()


# Meta asks whether the address is ours


def asked(inside: Place, house: House, query: str) -> Answer:
    async def scenario(door: Door) -> Answer:
        answer, _ = await call(door, "GET", f"{PREFIX}{house.channel}", query=query)
        return answer

    return at_the_door(inside, scenario)


def test_the_right_token_gets_the_challenge_back_and_nothing_else(inside: Place, house: House) -> None:
    query = f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={quote(TOKEN)}"
    answer = asked(inside, house, query)
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_challenge_is_never_taken_for_a_page(inside: Place, house: House) -> None:
    query = f"hub.mode=subscribe&hub.challenge={quote('<script>alert(1)</script>é')}&hub.verify_token={quote(TOKEN)}"
    answer = asked(inside, house, query)
    assert answer.body.decode() == "<script>alert(1)</script>é"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1",
        f"hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={quote(TOKEN)}",
        f"hub.challenge=1&hub.verify_token={quote(TOKEN)}",
        f"hub.mode=subscribe&hub.verify_token={quote(TOKEN)}",
        f"hub.mode=subscribe&hub.challenge=&hub.verify_token={quote(TOKEN)}",
        f"hub.mode=subscribe&hub.mode=other&hub.challenge=1&hub.verify_token={quote(TOKEN)}",
        f"hub.mode=subscribe&hub.challenge=1&hub.verify_token={quote(TOKEN.upper())}",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=%FF%FE",
        "%00=%00&hub.mode=subscribe&hub.challenge=1&hub.verify_token=%ED%A0%80",
    ],
)
def test_anything_else_is_refused_without_the_challenge(inside: Place, house: House, query: str) -> None:
    answer = asked(inside, house, query)
    assert (answer.status, answer.body) == (403, b"")


def test_a_number_without_a_token_of_ours_proves_nothing(inside: Place, house: House) -> None:
    with scope(house.id):
        Channel.objects.update(verify_token=None)
    assert asked(inside, house, "hub.mode=subscribe&hub.challenge=1&hub.verify_token=").status == 403


# Nothing is acknowledged that is not stored


def test_an_acknowledged_delivery_can_be_seen_by_others_at_that_moment(inside: Place, house: House) -> None:
    with scope(house.id):
        address = connection.settings_dict

    async def scenario(door: Door) -> int:
        assert (await post(door, house, message(house))).status == 200
        watcher = await psycopg.AsyncConnection.connect(
            dbname=str(address["NAME"]),
            user=str(address["USER"]),
            password=str(address["PASSWORD"]),
            host=str(address["HOST"]),
        )
        async with watcher:
            cursor = await watcher.execute(
                "SELECT count(*) FROM ingest_delivery WHERE channel_id = %s", [house.channel]
            )
            row = await cursor.fetchone()
            assert row is not None
            return int(row[0])

    assert at_the_door(inside, scenario) == 1


def test_deliveries_that_come_together_share_their_commits(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> list[int]:
        await post(door, house, message(house))  # so that the keys are at hand
        bodies = [message(house, f"No. {n}", id=f"wamid.{n}") for n in range(300)]
        return [answer.status for answer in await asyncio.gather(*(post(door, house, body) for body in bodies))]

    assert at_the_door(inside, scenario) == [200] * 300
    assert stored(house) == 301
    assert transactions(house) <= 4


def test_one_commit_each_where_they_come_one_after_the_other(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> None:
        for n in range(10):
            assert (await post(door, house, message(house, id=f"wamid.{n}"))).status == 200

    at_the_door(inside, scenario)
    assert transactions(house) == 10


def transactions(house: House) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM ingest_delivery WHERE channel_id = %s", [house.channel])
        return int(cursor.fetchone()[0])


def test_the_same_delivery_many_times_at_once_is_stored_once_and_acknowledged_each_time(
    inside: Place, house: House
) -> None:
    async def scenario(door: Door) -> list[int]:
        bodies = [message(house, id=f"wamid.{n % 7}") for n in range(200)]
        return [answer.status for answer in await asyncio.gather(*(post(door, house, body) for body in bodies))]

    assert at_the_door(inside, scenario) == [200] * 200
    assert stored(house) == 7


def test_what_came_first_gets_the_smaller_id(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> None:
        bodies = [message(house, f"No. {n}", id=f"wamid.{n}") for n in range(50)]
        await asyncio.gather(*(post(door, house, body) for body in bodies))

    at_the_door(inside, scenario)
    kept = Delivery.objects.filter(channel_id=house.channel).order_by("id")
    assert [one.received_at for one in kept] == sorted(one.received_at for one in kept)


# Where it cannot be stored, Meta is to come back


def test_while_the_database_is_away_meta_is_to_come_back(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> Answer:
        return await post(door, house, message(house))

    answer = at_the_door(inside, scenario, writer_address=NOWHERE)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert stored(house) == 0


def test_while_the_keys_cannot_be_asked_for_meta_is_to_come_back(inside: Place, house: House) -> None:
    async def scenario() -> list[int]:
        door = Door(keys=DoorKeys(NOWHERE), writer=Writer(inside.door_address))
        body = message(house)
        got, _ = await call(door, "GET", f"{PREFIX}{house.channel}", query="hub.mode=subscribe")
        headers = [("x-hub-signature-256", signature(body))]
        put, _ = await call(door, "POST", f"{PREFIX}{house.channel}", [body], headers=headers)
        return [got.status, put.status]

    assert asyncio.run(scenario()) == [503, 503]


def test_after_the_database_came_back_the_door_works_again(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> list[int]:
        first = await post(door, house, message(house, id="wamid.1"))
        break_connections()
        some = [await post(door, house, message(house, id=f"wamid.{n}")) for n in range(2, 6)]
        return [first.status, *(answer.status for answer in some)]

    answers = at_the_door(inside, scenario)
    assert answers[0] == answers[-1] == 200
    assert set(answers) <= {200, 503}
    assert stored(house) == answers.count(200)


def test_keys_are_asked_for_again_after_the_database_came_back(
    inside: Place, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "KEPT_S", -1.0)

    async def scenario(door: Door) -> list[int]:
        first = await post(door, house, message(house, id="wamid.1"))
        break_connections()
        some = [await post(door, house, message(house, id=f"wamid.{n}")) for n in range(2, 6)]
        return [first.status, *(answer.status for answer in some)]

    answers = at_the_door(inside, scenario)
    assert answers[0] == answers[-1] == 200
    assert set(answers) <= {200, 503}


def break_connections() -> None:
    """End the door's sessions as a restart of the database does."""
    with psycopg.connect(os.environ["TROTH_TEST_SUPERUSER"], autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'troth_door' AND datname = %s",
            [connection.settings_dict["NAME"]],
        )


def test_more_than_fits_is_refused_and_what_waits_is_not_lost(
    inside: Place, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "WAITING_MAX", 3)

    async def scenario(door: Door) -> list[int]:
        posts = [asyncio.create_task(post(door, house, message(house, id=f"wamid.{n}"))) for n in range(5)]
        while sum(task.done() for task in posts) < 2:
            await asyncio.wait([task for task in posts if not task.done()], return_when=asyncio.FIRST_COMPLETED)
        door.writer.start()
        return sorted(answer.status for answer in await asyncio.gather(*posts))

    assert at_the_door(inside, scenario, writing=False) == [200, 200, 200, 503, 503]
    assert stored(house) == 3


def test_more_bytes_than_fit_are_refused(inside: Place, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "WAITING_BYTES_MAX", 1_000)

    async def scenario(door: Door) -> list[int]:
        long = await post(door, house, message(house, "x" * 2_000))
        short = await post(door, house, message(house))
        return [long.status, short.status]

    assert at_the_door(inside, scenario) == [503, 200]


def test_bodies_on_their_way_in_take_no_more_memory_than_we_have(
    inside: Place, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "READING_BYTES_MAX", 1_000)

    async def scenario(door: Door) -> list[int]:
        long = await post(door, house, [b"x" * 600, b"x" * 600])
        short = await post(door, house, message(house))
        return [long.status, short.status]

    assert at_the_door(inside, scenario) == [503, 200]


def test_a_body_that_crawls_is_given_up(inside: Place, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "READ_WITHIN_S", 0.01)
    sent: list[Any] = []

    async def scenario(door: Door) -> None:
        async def receive() -> dict[str, object]:
            return await asyncio.Future()

        async def send(part: Any) -> None:
            sent.append(part)

        path = f"{PREFIX}{house.channel}"
        await door({"type": "http", "method": "POST", "path": path, "headers": []}, receive, send)

    at_the_door(inside, scenario)
    assert sent[0]["status"] == 408


def test_a_fault_in_one_batch_does_not_end_the_writing(
    inside: Place, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = Ring.seal

    async def scenario(door: Door) -> list[int]:
        def broken(*_: object, **__: object) -> bytes:
            raise RuntimeError

        monkeypatch.setattr(Ring, "seal", broken)
        bad = [await post(door, house, message(house, id=f"wamid.{n}")) for n in range(3)]
        monkeypatch.setattr(Ring, "seal", seal)
        good = await post(door, house, message(house))
        return [*(answer.status for answer in bad), good.status]

    assert at_the_door(inside, scenario) == [503, 503, 503, 200]
    assert stored(house) == 1


def test_whoever_waits_when_the_door_closes_is_sent_away(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> list[int]:
        waiting = asyncio.create_task(post(door, house, message(house)))
        while not door.writer._waiting:  # noqa: ASYNC110  # there is nothing to wait for but the other's turn
            await asyncio.sleep(0)
        await door.writer.stop()
        late = await post(door, house, message(house))
        return [(await waiting).status, late.status]

    assert at_the_door(inside, scenario, writing=False) == [503, 503]


def test_guessed_addresses_do_not_push_out_what_is_known_of_real_ones(
    inside: Place, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "KEPT_MAX", 5)

    async def scenario(door: Door) -> bool:
        await post(door, house, message(house))
        for _ in range(20):
            await call(door, "GET", f"{PREFIX}{new_id()}")
        return house.channel in door.keys._kept and len(door.keys._kept) <= 6

    assert at_the_door(inside, scenario)


def test_a_workspace_whose_keys_were_destroyed_has_no_address(inside: Place) -> None:
    gone = new_house()
    store().destroy(str(gone.id))
    forget_ring(str(gone.id))
    assert knock(inside, gone, message(gone)).status == 404


def test_secrets_sealed_with_a_newer_key_are_read(inside: Place) -> None:
    house = new_house()
    stale = ring(str(house.id))
    store().rotate(str(house.id))
    forget_ring(str(house.id))
    with scope(house.id):
        channel = Channel.objects.get()
        channel.save()
    sealing._rings[str(house.id)] = stale
    assert knock(inside, house, message(house)).status == 200
