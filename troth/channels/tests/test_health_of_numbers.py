"""Meta is asked how a number stands; what it says is written down, shown, told when it changes, and shared where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from tests.live import Live
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.channels import health
from troth.channels.connecting import link_of
from troth.channels.models import BusinessAccount, Channel, ChannelHealth, ChannelNotice, Portfolio
from troth.channels.registry import Health
from troth.channels.standing import groups_of
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

NOT_PAID = {"error_code": 141006, "error_description": "No payment method.", "possible_solution": "Add one."}


@pytest.fixture(autouse=True)
def our_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"


@pytest.fixture
def connected(meta: Live, house: House) -> dict[str, Any]:
    """Let the house's number be one that the stand-in knows; return its account there."""
    account = meta.sandbox.create_account(name="Batik")
    with scope(house.id):
        channel = Channel.objects.get()
        channel.number_id = account["numbers"][0]["phone_number_id"]
        channel.account_id, channel.token, channel.app_secret = (
            account["waba_id"],
            account["token"],
            account["app_secret"],
        )
        channel.save()
    return account


@pytest.fixture
def alice(browser_of: Browser) -> Client:
    return browser_of("Alice")


def said(meta: Live, account: dict[str, Any], **facts: Any) -> None:
    meta.sandbox.control("POST", "/standing", {"to": account["numbers"][0]["phone_number_id"], **facts})


FIRST, ANSWERS = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"


def restricted(house: House, *told: dict[str, Any]) -> None:
    """Let Meta tell that the account is restricted, some seconds ago."""
    with scope(house.id):
        channel = Channel.objects.get()
        value = {"event": "ACCOUNT_RESTRICTION", "restriction_info": list(told)}
        body = bodies.envelope(value, account=channel.account_id, field="account_update")
    body["entry"][0]["time"] = int(now().timestamp()) - 5
    deliver(house, body)
    with scope(house.id):
        Channel.objects.update(paused_until=now() + timedelta(minutes=5), problem_code=368)


def status(house: House) -> tuple[str, bool]:
    with scope(house.id):
        channel = Channel.objects.get()
        return channel.status, channel.paused_until is not None


def test_a_restriction_without_an_end_ends_once_meta_says_that_messages_can_be_sent(
    meta: Live, house: House, connected: dict[str, Any], alice: Client
) -> None:
    restricted(house, {"restriction_type": FIRST}, {"restriction_type": ANSWERS})
    shown = alice.get(f"/w/{house.handle}/channels/{house.channel}/").content.decode()
    assert "Meta has not said until when." in shown
    said(meta, connected, state="LIMITED")
    ask(house)
    assert status(house) == ("ACCOUNT_RESTRICTION", True)
    said(meta, connected, state="AVAILABLE")
    ask(house)
    assert status(house) == ("CONNECTED", False)
    assert "No longer restricted" in alice.get(f"/w/{house.handle}/channels/health/").content.decode()


@pytest.mark.parametrize(
    "told",
    [
        [],
        [{"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}],
        [{"restriction_type": FIRST, "expiration": 4_000_000_000}],
        [{"restriction_type": FIRST}, {"restriction_type": "RESTRICTED_UTILITY_TEMPLATES"}],
    ],
)
def test_what_such_an_answer_would_not_show_it_does_not_end(
    meta: Live, house: House, connected: dict[str, Any], told: list[dict[str, Any]]
) -> None:
    restricted(house, *told)
    said(meta, connected, state="AVAILABLE")
    ask(house)
    assert status(house) == ("ACCOUNT_RESTRICTION", True)


def ask(house: House) -> None:
    health.ask(str(house.id), str(house.channel))


def keep(house: House, **facts: Any) -> None:
    """Write an answer of Meta's down."""
    usual = {
        "quality": "GREEN",
        "status": "CONNECTED",
        "throughput": "STANDARD",
        "overall": "AVAILABLE",
        "limit": "TIER_2K",
    }
    with scope(house.id):
        channel = Channel.objects.get(id=house.channel)
        health.keep(Health(**{**usual, "business_id": "77", "token_code": "ok", **facts}), link=link_of(channel))


def notices(house: House) -> list[tuple[str, str]]:
    with scope(house.id):
        return list(ChannelNotice.objects.order_by("id").values_list("aspect", "value"))


def test_what_meta_says_is_written_down(meta: Live, house: House, connected: dict[str, Any]) -> None:
    said(meta, connected, currency="EUR", limit="TIER_10K")
    ask(house)
    with scope(house.id):
        account = BusinessAccount.objects.select_related("portfolio").get()
        found = ChannelHealth.objects.get()
        assert (account.currency, account.portfolio.limit) == ("EUR", "TIER_10K")
        assert (found.overall, found.throughput, found.answer) == ("AVAILABLE", "STANDARD", "ok")
    assert notices(house) == []  # the first answer is no change


@pytest.mark.parametrize(
    ("status", "words", "asks"),
    [
        ("APPROVED", "Approved", False),
        ("DECLINED", "Rejected", True),
        ("NONE", "None yet", True),
        ("SOMETHING_NEW", "something new", False),
        ("", None, False),
    ],
)
def test_how_the_review_of_the_name_stands_is_shown(
    house: House, alice: Client, status: str, words: str | None, asks: bool
) -> None:
    keep(house, name_status=status)
    page = alice.get(f"/w/{house.handle}/channels/health/").content.decode()
    assert ("Display name" in page) == (words is not None)
    assert (words or "").lower() in page.lower()
    assert ("Ask for another name" in page) == asks


def test_a_change_is_told_once_with_what_was_before_and_mailed(
    meta: Live, house: House, connected: dict[str, Any], alice: Client
) -> None:
    ask(house)
    said(meta, connected, state="BLOCKED", errors=[NOT_PAID], quality="RED", limit="TIER_250")
    ask(house)
    ask(house)
    assert notices(house) == [("health", "BLOCKED"), ("number_quality", "RED"), ("limit", "TIER_250")]
    assert QueuedMail.objects.count() == 1
    page = alice.get(f"/w/{house.handle}/channels/health/").content.decode()
    for words in (
        "Messages cannot be sent",
        "There is a problem with the payment method.",
        "Quality low",
        "250 people in 24 hours",
        "before: 2,000 people in 24 hours",
    ):
        assert words in page


def test_the_button_asks_and_shows(meta: Live, house: House, connected: dict[str, Any], alice: Client) -> None:
    said(meta, connected, quality="YELLOW")
    answer = alice.post(f"/w/{house.handle}/channels/{house.channel}/health/", follow=True)
    assert "Quality medium" in answer.content.decode()
    with scope(house.id):
        assert ChannelHealth.objects.get().answered_at is not None


def test_a_token_that_is_over_is_told_and_asks_for_another(
    meta: Live, house: House, connected: dict[str, Any], alice: Client
) -> None:
    meta.sandbox.control("POST", "/tokens", {"waba_id": connected["waba_id"], "valid": False})
    ask(house)
    assert notices(house) == [("token", "ENDED")]
    page = alice.get(f"/w/{house.handle}/channels/health/").content.decode()
    assert "No longer valid" in page
    assert "replace=token#token" in page


def test_a_token_that_ends_soon_is_told_once_a_week(house: House) -> None:
    ends = now() + timedelta(days=13)
    for day in range(9):
        with time_machine.travel(now() + timedelta(days=day), tick=False):
            keep(house, token_code="token_expires", token_expires_at=ends)
    assert notices(house) == [("token", "ENDS_SOON")] * 2


def test_numbers_of_one_portfolio_share_its_limit(house: House) -> None:
    keep(house)
    capability = {"max_daily_conversations_per_business": 10000}
    body = bodies.envelope(capability, account=house.account_id, field="business_capability_update")
    body["entry"][0]["time"] = int(now().timestamp()) + 1
    deliver(house, body)
    with scope(house.id):
        assert [one.limit for one in Portfolio.objects.all()] == ["10000"]
        (group,) = groups_of(list(Channel.objects.all()))
        assert group.limit == "10,000 people in 24 hours"


def test_an_older_word_about_the_limit_changes_nothing(house: House) -> None:
    keep(house)
    with scope(house.id):
        health.limit_told(house.account_id, "TIER_250", at=datetime(2026, 1, 1, tzinfo=UTC))
        assert Portfolio.objects.get().limit == "TIER_2K"


def test_speed_follows_what_meta_allows(house: House) -> None:
    for facts, speed in (({"throughput": "HIGH"}, 1000), ({"on_phone_app": True}, 20), ({}, 80)):
        keep(house, **facts)
        with scope(house.id):
            assert Channel.objects.get(id=house.channel).messages_per_second == speed


def test_an_answer_to_what_is_no_longer_entered_is_dropped(house: House) -> None:
    with scope(house.id):
        link = link_of(Channel.objects.get(id=house.channel))
        Channel.objects.filter(id=house.channel).update(account_id="999999")
        health.keep(Health(overall="BLOCKED"), link=link)
        assert not ChannelHealth.objects.exists()


def test_meta_not_answering_keeps_what_was_known(house: House) -> None:
    keep(house)
    keep(house, code="no_answer", token_code="no_answer", overall="")
    with scope(house.id):
        found = ChannelHealth.objects.get()
        assert (found.overall, found.answer) == ("AVAILABLE", "no_answer")
    assert notices(house) == []


def test_every_connected_number_is_asked_about(house: House, stranger: House) -> None:
    with scope(stranger.id):
        Channel.objects.update(removed_at=now())
    assert health.ask_all() == 1


def test_whoever_does_not_see_a_number_does_not_see_its_health(house: House, browser_of: Browser) -> None:
    keep(house)
    with scope(house.id):
        Channel.objects.update(open_to_all=False)
    assert "No number yet" in browser_of("Bob").get(f"/w/{house.handle}/channels/health/").content.decode()
    assert browser_of("Bob").post(f"/w/{house.handle}/channels/{house.channel}/health/").status_code == 403


def test_whoever_can_mend_it_sees_it_above_every_page(house: House, browser_of: Browser) -> None:
    words = "A number needs attention."
    assert words not in browser_of("Alice").get(f"/w/{house.handle}/settings/").content.decode()
    keep(house, overall="BLOCKED")
    assert words in browser_of("Alice").get(f"/w/{house.handle}/settings/").content.decode()
    assert words not in browser_of("Bob").get(f"/w/{house.handle}/settings/").content.decode()


def test_a_good_answer_brings_back_a_restriction_that_other_trouble_hid(house: House) -> None:
    end = int((now() + timedelta(days=3)).timestamp())
    restricted(house, {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": end})
    with scope(house.id):
        Channel.objects.update(status="ACCOUNT_VIOLATION")
    keep(house)
    assert status(house)[0] == "ACCOUNT_RESTRICTION"
