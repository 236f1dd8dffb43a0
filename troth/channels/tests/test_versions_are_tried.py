"""Another version of the Graph API is tried on a connected number before it is set."""

from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from tests.cast import House
from tests.live import Live
from troth.channels.models import Channel
from troth.workspaces.scope import scope

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(house: House, meta: Live) -> dict[str, Any]:
    """Let the house's number be one that the stand-in for Meta knows."""
    made = meta.sandbox.create_account(name="Versions")
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
        channel.number_id, channel.account_id = made["numbers"][0]["phone_number_id"], made["waba_id"]
        channel.app_id, channel.token, channel.app_secret = made["app_id"], made["token"], made["app_secret"]
        channel.save()
    return made


@pytest.fixture
def coming(meta: Live) -> Iterator[Any]:
    """Return a way to make v27.0 up."""

    def make_up(**what: Any) -> None:
        meta.sandbox.control("POST", "/versions", {"version": 27, **what})

    yield make_up
    make_up(end=True)


def tried(channel: UUID | str, *more: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("try_version", "v27.0", "--channel", str(channel), *more, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_version_that_is_the_same_is_fine(house: House, shop: dict[str, Any], coming: Any) -> None:
    coming()
    code, said = tried(house.channel)
    assert code == 0
    assert "All that Troth reads is the same in v27.0 as in v26.0." in said
    assert "NO " not in said


def test_a_field_that_is_gone_and_one_that_has_another_name_are_named(
    house: House, shop: dict[str, Any], coming: Any
) -> None:
    coming(gone=["quality_rating"], renamed={"account_review_status": "review_status"})
    code, said = tried(house.channel)
    assert code == 1
    lines = said.splitlines()
    assert "     gone, and Troth reads it: quality_rating" in lines[lines.index("NO   the number") :][:2]
    assert "     gone, and Troth reads it: account_review_status" in said
    assert "ok   the number's profile" in said
    assert "Do not set it yet" in said


def test_nothing_is_sent_unless_somebody_is_named(house: House, shop: dict[str, Any], coming: Any, meta: Live) -> None:
    coming(renamed={"messages": "results"})
    number = shop["numbers"][0]["phone_number_id"]
    assert tried(house.channel)[0] == 0
    assert meta.sandbox.sent(number) == []
    code, said = tried(house.channel, "--send-to", "+447700900123")
    assert code == 1
    assert "gone, and Troth reads it: messages[].id" in said
    assert len(meta.sandbox.sent(number)) == 1


def test_what_is_told_is_the_shape_and_never_what_stands_there(house: House, shop: dict[str, Any], coming: Any) -> None:
    coming(gone=["verified_name"])
    _, said = tried(house.channel)
    assert not any(word in said for word in ("Versions", shop["token"], shop["app_secret"], "+1 202"))


@pytest.mark.parametrize("version", ["27", "v27", "latest", "../v27.0"])
def test_what_is_no_version_is_refused(house: House, version: str) -> None:
    with pytest.raises(CommandError):
        call_command("try_version", version, "--channel", str(house.channel))


def test_an_unknown_channel_is_refused(house: House) -> None:
    with pytest.raises(CommandError, match="No connected number"):
        call_command("try_version", "v27.0", "--channel", str(UUID(int=5)))


def test_a_number_that_cannot_be_asked_proves_nothing(house: House, meta: Live) -> None:
    with pytest.raises(CommandError, match="Nothing could be asked"):
        call_command("try_version", "v27.0", "--channel", str(house.channel), stdout=StringIO())
