"""Meta ends the access to a number: its keys are erased, nothing leaves, people are told, and it can come back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import deliver
from troth.accounts.models import QueuedMail
from troth.audit.models import Entry
from troth.base.clock import now
from troth.channels import connecting
from troth.channels.contract import Content
from troth.channels.models import Channel
from troth.channels.registry import Check
from troth.channels.trouble import LOST, TROUBLES, is_lost
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.outbox import CannotSend, must_take, queue
from troth.inbox.send import connected
from troth.workspaces.scope import scope

AT = 1_780_000_000
Browser = Callable[[str], Client]


@pytest.fixture
def house(db: Any) -> House:
    return kopi()


@pytest.fixture
def stranger(db: Any) -> House:
    return rival()


@pytest.fixture
def browser_of(house: House) -> Browser:
    """Return a function that gives somebody's signed-in browser, by first name."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(house.users[name])
        return client

    return signed_in


def say(house: House, value: dict[str, Any], *, at: int = AT, entry: str = "") -> None:
    body = bodies.envelope(value, account=entry or house.account_id, field="account_update")
    body["entry"][0]["time"] = at
    deliver(house, body)


def channel_of(house: House) -> Channel:
    with scope(house.id):
        return Channel.objects.get(pk=house.channel)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the lane look by the test's own connection."""
    monkeypatch.setattr(connected, "fresh", scope)


@pytest.fixture
def waiting(house: House) -> None:
    """Let a message wait to leave."""
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(app_id="555")
        channel = Channel.objects.get(pk=house.channel)
        channel.token = "EAA" + "x" * 30
        channel.save(update_fields=["token"])
        person = Contact.objects.create(name="Mei")
        thread = Conversation.objects.create(
            channel=channel, contact=person, window_expires_at=now() + timedelta(hours=3)
        )
        queue(thread, Content(kind="text", text="Until six."), by=None)


@pytest.mark.parametrize("event", sorted(LOST))
@pytest.mark.usefixtures("waiting")
def test_the_keys_are_erased_and_the_queue_is_held(house: House, event: str) -> None:
    assert connected.number(house.id, house.channel) is not None
    say(house, {"event": event})
    channel = channel_of(house)
    secrets = (channel.token, channel.app_secret, channel.app_secret_hash, channel.verify_token, channel.checks)
    assert secrets == (None,) * 5
    assert is_lost(channel)
    assert connected.number(house.id, house.channel) is None
    with scope(house.id):
        assert Message.objects.get().status == MessageStatus.QUEUED
        with pytest.raises(CannotSend):
            must_take(Conversation.objects.select_related("channel", "contact").get())
        assert "channel.cut_off" in set(Entry.objects.values_list("action", flat=True))


@pytest.mark.usefixtures("waiting")
def test_it_stands_on_the_page_in_the_list_and_above_all_pages(house: House, browser_of: Browser) -> None:
    say(house, {"event": "PARTNER_REMOVED"})
    alice, base = browser_of("Alice"), f"/w/{house.handle}/"
    page = alice.get(f"{base}channels/{house.channel}/").content.decode().replace("&#x27;", "'")
    happened, advice = TROUBLES["PARTNER_REMOVED"]
    assert str(happened) in page
    assert str(advice) in page
    assert "1 message waits and leaves when the number is connected again." in page
    assert "Disconnected by Meta" in alice.get(f"{base}channels/").content.decode()
    assert "A number needs attention" in alice.get(f"{base}settings/").content.decode()
    assert "Meta has ended the access to this number" in alice.get(f"{base}channels/health/").content.decode()
    with scope(house.id):
        thread = Conversation.objects.get().id
    assert "The number is disconnected, so this waits." in alice.get(f"{base}inbox/{thread}/").content.decode()


def test_owners_and_admins_get_a_mail_also_on_a_day_with_other_trouble(house: House, settings: Any) -> None:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"
    say(house, {"event": "ACCOUNT_VIOLATION"})
    before = QueuedMail.objects.count()
    say(house, {"event": "ACCOUNT_DELETED"}, at=AT + 1)
    mails = list(QueuedMail.objects.order_by("id"))[before:]
    assert len(mails) == 1
    assert b"was disconnected" in bytes(mails[0].message)


@pytest.mark.usefixtures("waiting")
def test_leaving_it_disconnected_ends_the_reminders(house: House, browser_of: Browser) -> None:
    say(house, {"event": "PARTNER_REMOVED"})
    alice, base = browser_of("Alice"), f"/w/{house.handle}/"
    assert alice.post(f"{base}channels/{house.channel}/removal/").status_code == 302
    assert not is_lost(channel_of(house))
    assert "A number needs attention" not in alice.get(f"{base}settings/").content.decode()
    assert alice.post(f"{base}channels/{house.channel}/removal/").status_code == 404


def again(house: House) -> Channel:
    """Connect the number again by hand, as far as Meta's yes."""
    with scope(house.id):
        keys = {"token": "EAA" + "y" * 30, "app_secret": house.secret}
        channel = connecting.begin(number_id=house.number_id, account_id=house.account_id, by=None, **keys)
        link = connecting.link_of(channel)
        facts = {"status": "CONNECTED", "display_number": "+1 202-555-0100"}
        return connecting.record("number", Check(ok=True, facts=facts), link=link)


@pytest.mark.usefixtures("waiting")
def test_connected_again_it_goes_on_with_its_conversations_and_what_waited(house: House) -> None:
    say(house, {"event": "PARTNER_REMOVED"})
    assert again(house).pk == house.channel
    channel = channel_of(house)
    assert channel.is_bound
    assert not is_lost(channel)
    assert connected.number(house.id, house.channel) is not None
    with scope(house.id):
        assert Message.objects.filter(channel=channel, status=MessageStatus.QUEUED).count() == 1


def test_news_of_before_it_was_connected_again_cut_nothing_off(house: House) -> None:
    say(house, {"event": "PARTNER_REMOVED"})
    again(house)
    # Meta repeats what was not acknowledged for up to a week.
    say(house, {"event": "PARTNER_REMOVED", "again": 1}, at=AT + 100, entry=house.account_id)
    assert channel_of(house).is_bound


@pytest.mark.parametrize(("earlier", "bound"), [(1, True), (0, False)])
def test_an_end_in_the_second_of_the_connection_came_after_it(house: House, earlier: int, bound: bool) -> None:
    """Meta tells time in whole seconds: within one second, the end of what was not yet connected cannot have been told."""
    say(house, {"event": "PARTNER_REMOVED"})
    with time_machine.travel(datetime(2026, 11, 20, 10, 0, 0, 700_000, tzinfo=UTC), tick=False):
        again(house)
        connected_at = channel_of(house).connected_at
        assert connected_at is not None
        say(house, {"event": "PARTNER_REMOVED", "again": 1}, at=int(connected_at.timestamp()) - earlier)
    assert channel_of(house).is_bound is bound


def test_the_end_of_another_apps_access_is_no_business_of_ours(house: House) -> None:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(app_id="555")
    about = {"waba_id": house.account_id, "partner_app_id": "777"}
    say(house, {"event": "PARTNER_REMOVED", "waba_info": about})
    assert channel_of(house).is_bound
    say(house, {"event": "PARTNER_REMOVED", "waba_info": {**about, "partner_app_id": "555"}}, at=AT + 1)
    assert not channel_of(house).is_bound


def test_the_end_of_another_number_of_the_account_is_not_ours(house: House) -> None:
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
        channel.display_number = "+44 20 7946 0155"
        channel.save(update_fields=["display_number"])
    say(house, {"event": "PARTNER_REMOVED", "phone_number": "12025550143"})
    assert channel_of(house).is_bound


def test_another_workspace_may_connect_a_number_that_was_cut_off(house: House, stranger: House) -> None:
    say(house, {"event": "ACCOUNT_DELETED"})
    with scope(stranger.id):
        keys = {"token": "EAA" + "y" * 30, "app_secret": "e" * 32}
        begun = connecting.begin(number_id=house.number_id, account_id="999", by=None, **keys)
        assert begun.pk != house.channel
