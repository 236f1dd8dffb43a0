"""What Meta says of an account's trouble stands on the channel until it is over."""

from typing import Any

import pytest

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.connecting import STEPS, link_of, record
from troth.channels.models import Channel, ChannelNotice
from troth.channels.registry import Check
from troth.channels.state import state_of
from troth.channels.tests.conftest import Browser
from troth.channels.trouble import ENDS, TROUBLES, held_of
from troth.workspaces.scope import scope

RIGHT = {"ok": True, "code": "ok", "facts": {}, "at": "2026-11-20T10:00:00+00:00"}
DISABLED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}
SOON = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}
GIVEN_BACK = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
PLAIN = ["ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION"]
BAD: list[dict[str, Any]] = [{"event": event} for event in PLAIN] + [DISABLED, SOON]


@pytest.fixture
def url(house: House) -> str:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(checks=dict.fromkeys(STEPS, RIGHT), first_delivery_at=now())
    return f"/w/{house.handle}/channels/{house.channel}/"


def say(house: House, value: dict[str, Any], *, at: int, entry: str = "") -> None:
    body = bodies.envelope(value, account=entry or house.account_id, field="account_update")
    body["entry"][0]["time"] = at
    deliver(house, body)


def label(house: House) -> str:
    with scope(house.id):
        return str(state_of(Channel.objects.get(pk=house.channel)).label)


def checked(house: House) -> None:
    """Let Meta say that the number is connected, as after a press of "Check again"."""
    with scope(house.id):
        link = link_of(Channel.objects.get(pk=house.channel))
        record("number", Check(ok=True, code="ok", facts={"status": "CONNECTED"}), link=link)


@pytest.mark.parametrize("value", BAD)
def test_trouble_stands_on_the_page_and_in_the_list_until_it_is_over(
    house: House, browser_of: Browser, url: str, value: dict[str, Any]
) -> None:
    assert "All checks passed" in browser_of("Alice").get(url).content.decode()
    say(house, value, at=1_780_000_000)
    with scope(house.id):
        happened, advice = TROUBLES[Channel.objects.get(pk=house.channel).status]
    for page in (url, f"{url}connect/"):
        shown = browser_of("Alice").get(page).content.decode().replace("&#x27;", "'")
        assert "Needs attention" in shown
        assert str(happened) in shown
        assert str(advice) in shown
        assert "All checks passed" not in shown
        assert "<strong>Connected.</strong>" not in shown
    assert "Needs attention" in browser_of("Bob").get(url).content.decode()
    assert "Needs attention" in browser_of("Bob").get(f"/w/{house.handle}/channels/").content.decode()
    say(house, GIVEN_BACK if "ban_info" in value else {"event": "ACCOUNT_RECONNECTED"}, at=1_780_000_100)
    assert "All checks passed" in browser_of("Alice").get(url).content.decode()


def test_only_words_about_how_it_stands_are_followed(house: House, url: str) -> None:
    say(house, DISABLED, at=1_780_000_000)
    for n, event in enumerate(("AD_ACCOUNT_LINKED", "MM_LITE_TERMS_SIGNED", "VERIFIED_ACCOUNT", "DISABLED_UPDATE"), 1):
        say(house, {"event": event}, at=1_780_000_000 + n)
    with scope(house.id):
        assert Channel.objects.get(pk=house.channel).status == "DISABLE"
        assert ChannelNotice.objects.count() == 5


def test_late_news_of_trouble_that_is_over_change_nothing(house: House, url: str) -> None:
    say(house, GIVEN_BACK, at=1_780_000_100)
    say(house, DISABLED, at=1_780_000_000)
    assert label(house) == "Connected"


def test_words_that_are_not_followed_hide_no_late_trouble(house: House, url: str) -> None:
    say(house, {"event": "AD_ACCOUNT_LINKED"}, at=1_780_000_100)
    say(house, DISABLED, at=1_780_000_000)
    assert label(house) == "Needs attention"


def test_news_for_a_partner_about_another_account_are_no_trouble_of_ours(
    house: House, browser_of: Browser, url: str
) -> None:
    say(house, {"event": "PARTNER_REMOVED", "waba_info": {"waba_id": "777"}}, at=1_780_000_000, entry="888")
    assert label(house) == "Connected"
    about_us = {"event": "ACCOUNT_VIOLATION", "waba_info": {"waba_id": house.account_id}}
    say(house, about_us, at=1_780_000_100)
    assert label(house) == "Needs attention"


@pytest.mark.parametrize(("away", "found"), [(3600, "Needs attention"), (-3600, "Connected")])
def test_a_restriction_ends_at_the_instant_that_meta_gave(house: House, url: str, away: int, found: str) -> None:
    ends = int(now().timestamp()) + away
    some = [{"restriction_type": "A", "expiration": ends}, {"restriction_type": "B", "expiration": ends - 60}]
    say(house, {"event": "ACCOUNT_RESTRICTION", "restriction_info": some}, at=1_780_000_000)
    assert label(house) == found


@pytest.mark.parametrize("info", [None, "x", [], [5], [{"expiration": "soon"}], [{"expiration": 10**30}]])
def test_a_restriction_without_a_readable_end_goes_on(house: House, url: str, info: Any) -> None:
    say(house, {"event": "ACCOUNT_RESTRICTION", "restriction_info": info}, at=1_780_000_000)
    assert label(house) == "Needs attention"


FIRST, UTILITY = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES"


def held(house: House) -> set[str]:
    with scope(house.id):
        return set(held_of(Channel.objects.get(pk=house.channel)).kinds)


def restriction(word: str, *, ends_in: int = 3600) -> dict[str, Any]:
    info = [{"restriction_type": word, "expiration": int(now().timestamp()) + ends_in}]
    return {"event": "ACCOUNT_RESTRICTION", "restriction_info": info}


def test_several_restrictions_hold_at_once_each_until_its_own_end(house: House, url: str) -> None:
    say(house, restriction(FIRST), at=1_780_000_000)
    say(house, restriction(UTILITY), at=1_780_000_100)
    assert held(house) == {"first", "utility"}
    say(house, restriction(FIRST, ends_in=-1), at=1_780_000_200)  # the later word on the same kind counts
    assert held(house) == {"utility"}
    say(house, {"event": "ACCOUNT_RECONNECTED"}, at=1_780_000_300)
    assert held(house) == set()
    say(house, restriction(FIRST), at=1_780_000_400)  # what was lifted does not come back with it
    assert held(house) == {"first"}


def test_other_trouble_hides_no_restriction(house: House, url: str) -> None:
    say(house, restriction(FIRST), at=1_780_000_000)
    say(house, {"event": "ACCOUNT_VIOLATION"}, at=1_780_000_100)
    assert held(house) == {"first"}
    checked(house)
    assert held(house) == {"first"}
    assert label(house) == "Needs attention"


def test_a_check_ends_trouble_that_it_would_have_seen(house: House, url: str) -> None:
    say(house, {"event": "ACCOUNT_VIOLATION"}, at=1_780_000_000)
    checked(house)
    assert label(house) == "Connected"


@pytest.mark.parametrize("value", [DISABLED, SOON, {"event": "ACCOUNT_RESTRICTION"}])
def test_a_check_of_the_number_does_not_hide_what_only_meta_can_end(
    house: House, url: str, value: dict[str, Any]
) -> None:
    say(house, value, at=1_780_000_000)
    checked(house)
    assert label(house) == "Needs attention"


def test_every_word_of_trouble_fits_where_it_is_kept() -> None:
    assert max(len(word) for word in [*TROUBLES, *ENDS]) <= 24
