"""What comes between a page and its stream is told with the stream's first words, or that everything may have changed."""

from datetime import timedelta

import pytest
import time_machine

from troth.base.clock import now
from troth.base.ids import new_id
from troth.realtime.hub import CLOCKS_DIFFER, REMEMBERED
from troth.realtime.stream import EVERYTHING
from troth.realtime.tests.test_streams_have_limits import WORKSPACE, Screens, screens

MINUTE = timedelta(minutes=1)


def hear(made: Screens, *, topic: str = "conversation", about: object = "-") -> str:
    id = new_id()
    made.hub._hear(f"{WORKSPACE} {topic} {id} {about}")
    return str(id)


async def test_a_message_that_comes_before_the_stream_is_open_is_not_missed() -> None:
    with time_machine.travel(now(), tick=False) as clock:
        async with screens() as made:
            made.hub._break()
            clock.shift(MINUTE)
            before = hear(made)
            clock.shift(MINUTE)
            page_at = now()
            clock.shift(timedelta(seconds=1))
            since = hear(made)
            _, said = await made.begin("alice", page_at=page_at)
            assert since.encode() in said
            assert before.encode() not in said
            assert EVERYTHING not in said


async def test_what_one_may_not_know_is_not_told_afterwards_either() -> None:
    async with screens() as made:
        made.hub._break()
        secret = hear(made, about=new_id())
        _, said = await made.begin("alice", page_at=now() + CLOCKS_DIFFER)
        assert secret.encode() not in said


@pytest.mark.parametrize("why", ["the process began since", "too much came since"])
async def test_where_it_is_not_known_everything_is_to_be_looked_at(why: str) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        async with screens() as made:
            page_at = now()
            if why == "the process began since":
                clock.shift(MINUTE)
            made.hub._break()
            clock.shift(MINUTE)
            if why != "the process began since":
                made.hub._listening_since = page_at - MINUTE
                for _ in range(REMEMBERED):
                    hear(made)
            _, said = await made.begin("alice", page_at=page_at)
            assert EVERYTHING in said


@pytest.mark.clause("X26")
@pytest.mark.parametrize("odd", [b"t=", b"t=x", b"t=-1", b"t=99999999999999999999", b"t=1&t=2", "t=٣".encode()])
async def test_an_odd_instant_breaks_nothing(odd: bytes) -> None:
    from troth.realtime.stream import _instant  # noqa: PLC0415

    text = odd.partition(b"=")[2].partition(b"&")[0].decode()
    assert _instant(text) is None or text == "1"


async def test_without_an_instant_nothing_is_told_again() -> None:
    async with screens() as made:
        made.hub._break()
        before = hear(made)
        _, said = await made.begin("alice")
        assert before.encode() not in said
