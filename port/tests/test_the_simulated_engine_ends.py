"""The simulated engine's line breaks and comes back, and its session ends for the reason that there was."""

import logging
import socket

import pytest

from port.contract import End, Refused, State
from port.drivers.simulated import Simulated
from port.tests.played import Played

UNTIL = 1_900_000_000_000


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("unlink", End.UNLINKED),
        ("replace", End.REPLACED),
        ("ban", End.BANNED),
        ("outdated", End.OUTDATED),
        ("gone", End.PHONE_GONE),
    ],
)
async def test_it_ends_for_the_reason_that_there_was(played: Played, how: str, why: End) -> None:
    await played.link()
    await played.happens(how)
    assert await played.ends() == (why, 0)
    with pytest.raises(Refused, match="not_connected"):
        await played.driver.typing(played.chat(), True)


async def test_a_restriction_says_until_when(played: Played) -> None:
    await played.link()
    await played.happens("restrict", until=UNTIL)
    assert await played.ends() == (End.RESTRICTED, UNTIL)


async def test_codes_that_nobody_scans_run_out(played: Played) -> None:
    played.sandbox.control("POST", "/web/codes", {"first_ms": 20, "next_ms": 10, "count": 6})
    try:
        await played.begin()
        assert await played.ends() == (End.NOT_SCANNED, 0)
    finally:
        played.sandbox.control("POST", "/web/codes", {})
    assert len({event.code for event in played.all_went(State.CODE)}) == 6


async def test_a_passkey_is_asked_for_and_is_not_to_be_had(played: Played) -> None:
    await played.begin(passkey=True)
    await played.happens("scan", code=played.went(State.CODE).code)
    assert await played.ends() == (End.PASSKEY_UNSUPPORTED, 0)
    assert played.states() == [State.CODE, State.PASSKEY, State.ENDED]


async def test_a_version_that_is_too_old_gets_no_code(played: Played) -> None:
    played.sandbox.control("POST", "/web/outdated", {"new": True})
    try:
        await played.begin()
    finally:
        played.sandbox.control("POST", "/web/outdated", {"new": False})
    assert await played.ends() == (End.OUTDATED, 0)


async def test_without_a_sandbox_it_does_not_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        driver = Simulated(f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(OSError, match="Connect"):
            await driver.start(lambda _event: None)
        await driver.stop(unlink=True)


async def test_the_line_breaks_and_is_there_again(played: Played) -> None:
    await played.link()
    await played.happens("offline")
    await played.reaches(State.RECONNECTING)
    with pytest.raises(Refused, match="not_connected"):
        await played.driver.send(played.out("Into the void"))
    await played.happens("say", chat="Ann", text="Meanwhile")
    await played.happens("online")
    await played.said(lambda one: one.text == "Meanwhile")
    assert played.states() == [State.CODE, State.SYNCING, State.READY, State.RECONNECTING, State.READY]
    await played.driver.send(played.out("Here again"))


async def test_a_line_that_stays_broken_ends_it(played: Played) -> None:
    played.driver = Simulated(f"127.0.0.1:{played.sandbox.port}", pauses_s=(0.01,), give_up_s=0.05)
    await played.link()
    await played.happens("offline")
    assert await played.ends() == (End.UNREACHABLE, 0)


async def test_it_ends_while_the_line_is_broken(played: Played) -> None:
    await played.link()
    await played.happens("offline")
    await played.reaches(State.RECONNECTING)
    await played.happens("ban")
    played.sandbox.control("POST", "/web/online", {"device": await _device(played)})
    assert await played.ends() == (End.BANNED, 0)


async def _device(played: Played) -> str:
    return str((await played.acts("ended"))[0]["device"])


async def test_stopping_takes_the_device_off_the_phone_where_wished(played: Played) -> None:
    await played.link()
    await played.driver.stop(unlink=True)
    assert [act["why"] for act in await played.acts("ended")] == ["logged_out"]
    assert State.ENDED not in played.states()  # whoever stops it knows
    await played.driver.stop(unlink=True)


async def test_stopping_may_leave_the_device_on_the_phone(played: Played) -> None:
    await played.link()
    await played.driver.stop(unlink=False)
    assert await played.acts("ended") == []
    with pytest.raises(Refused, match="not_connected"):
        await played.driver.typing(played.chat(), True)


async def test_one_that_never_started_can_be_stopped() -> None:
    await Simulated("127.0.0.1:1").stop(unlink=True)


async def test_what_it_does_not_understand_ends_it_as_crashed(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_told: object) -> None:
        raise KeyError("shape")

    await played.link()
    monkeypatch.setattr("port.drivers.simulated.event_of", broken)
    await played.happens("typing", chat="Ann")
    assert await played.ends() == (End.CRASHED, 0)


async def test_it_says_nothing_to_any_log(
    played: Played, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="aiohttp")
    await played.link()
    await played.driver.send(played.out("A secret"))
    await played.happens("offline")
    await played.reaches(State.RECONNECTING)
    assert [record for record in caplog.records if record.name.startswith("aiohttp")] == []
    assert capfd.readouterr() == ("", "")
