"""What neonize says of an end comes out as that end."""

from typing import Any

import pytest

from port.contract import End, State
from port.drivers import is_there
from port.drivers.neonize import ends, library
from port.tests.neonize_words import (
    AT_MS,
)

pytestmark = pytest.mark.skipif(not is_there("neonize"), reason="neonize is not installed (bin/setup --port)")


@pytest.mark.parametrize(
    ("name", "given", "end"),
    [
        ("LoggedOut", {"OnConnect": False, "Reason": 2}, End.UNLINKED),
        ("LoggedOut", {"OnConnect": True, "Reason": 2}, End.UNLINKED),
        ("LoggedOut", {"OnConnect": True, "Reason": 4}, End.PHONE_GONE),
        ("LoggedOut", {"OnConnect": True, "Reason": 5}, End.BANNED),
        ("StreamReplaced", {}, End.REPLACED),
        ("ClientOutdated", {}, End.OUTDATED),
        ("ConnectFailure", {"Reason": 7, "Message": ""}, End.OUTDATED),
        ("ConnectFailure", {"Reason": 1, "Message": ""}, End.UNREACHABLE),
        ("TemporaryBan", {"Code": 1, "Expire": 3600}, End.RESTRICTED),
    ],
)
def test_every_end_is_told_as_what_it_is(name: str, given: dict[str, Any], end: End) -> None:
    went = ends.of_event(getattr(library.told(), name)(**given), at=AT_MS)
    assert went is not None
    assert (went.state, went.end) == (State.ENDED, end)
    assert went.restricted_until == (AT_MS + 3_600_000 if name == "TemporaryBan" else 0)


def test_a_lost_connection_is_no_end() -> None:
    assert ends.of_event(library.told().Disconnected(status=True), at=AT_MS) is None


@pytest.mark.parametrize(
    ("word", "codes", "end"),
    [
        ("success", 1, None),
        ("err-scanned-without-multidevice", 1, None),
        ("timeout", 6, End.NOT_SCANNED),
        ("timeout", 2, End.UNREACHABLE),
        ("passkey-request", 1, End.PASSKEY_UNSUPPORTED),
        ("err-client-outdated", 0, End.OUTDATED),
        ("error", 1, End.CRASHED),
    ],
)
def test_words_about_linking_end_it_where_they_do(word: str, codes: int, end: End | None) -> None:
    assert ends.of_status(word, codes=codes) is end


@pytest.mark.parametrize(
    ("sentence", "untold", "end"),
    [
        ("proto: required field neonize.Receipt.Type not set", True, End.CRASHED),
        ("proto: required field neonize.TemporaryBan.Code not set", False, End.RESTRICTED),
        ("proto: required field neonize.LoggedOut.Reason not set", False, End.UNLINKED),
        ("failed to dial whatsapp web websocket: no such host", False, End.UNREACHABLE),
        ("", False, End.CRASHED),
    ],
)
def test_what_the_library_gives_up_on_is_an_end_or_no_more_than_an_event(sentence: str, untold: bool, end: End) -> None:
    assert ends.was_untold(sentence) is untold
    assert ends.of_failure(sentence) is end
