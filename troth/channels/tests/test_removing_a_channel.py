"""A channel that is removed ends at once, keeps its conversations, and forgets its secrets."""

from typing import Any

import pytest
from django.db import connection

from tests.bodies import contact, envelope, text, value
from tests.cast import House
from tests.deliver import deliver
from tests.live import Live
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.channels.tests.walk import begin, entered
from troth.workspaces.scope import scope

SECRETS = ("token", "app_secret", "app_secret_hash", "previous_app_secret", "verify_token")


@pytest.fixture
def url(house: House, settings: Any) -> str:
    settings.GRAPH_BASE_URL = "http://127.0.0.1:9"  # Meta is away: the number goes all the same
    return f"/w/{house.handle}/channels/{house.channel}/"


def known_at_the_door(house: House) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM channel_door(%s)", [house.channel])
        return cursor.fetchone() is not None


def hello(house: House) -> dict[str, Any]:
    said = text("Is the café open?", id="wamid.A", at=1_780_000_000)
    return envelope(value(house.number_id, contacts=[contact(name="Mei")], messages=[said]), account=house.account_id)


@pytest.mark.clause("B3.2")
def test_its_secrets_are_erased_and_the_door_does_not_know_it(house: House, browser_of: Browser, url: str) -> None:
    assert known_at_the_door(house)
    assert browser_of("Alice").post(f"{url}removal/").status_code == 302
    assert not known_at_the_door(house)
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
        assert channel.is_removed
        assert channel.removed_by_id == house.members["Alice"]
        assert [getattr(channel, column) for column in SECRETS] == [None] * len(SECRETS)


def test_its_conversations_stay_readable(house: House, browser_of: Browser, url: str) -> None:
    deliver(house, hello(house))
    browser_of("Alice").post(f"{url}removal/")
    assert "Is the café open?" in browser_of("Bob").get(f"/w/{house.handle}/inbox/").content.decode()


def test_it_is_listed_as_disconnected_and_offers_the_way_back(house: House, browser_of: Browser, url: str) -> None:
    alice = browser_of("Alice")
    alice.post(f"{url}removal/")
    page = alice.get(f"/w/{house.handle}/channels/").content.decode()
    assert "Disconnected" in page
    assert f'href="{url}connect/"' in page
    page = alice.get(url).content.decode()
    assert "conversations stay readable" in page
    for path in ("checks/", "checks/token/", "token/", "secret/", "secret/previous/", "removal/"):
        assert alice.post(url + path).status_code == 404


def test_connected_again_it_is_the_same_channel_with_its_conversations(
    house: House, browser_of: Browser, meta: Live
) -> None:
    account = meta.sandbox.create_account(name="Batik Studio")
    walk = begin(house, browser_of("Alice"), entered(account))
    walk.ask("token", "secret", "number")
    walk.browser.post(f"{walk.url}removal/")
    page = walk.browser.get(f"{walk.url}connect/").content.decode()
    assert f'value="{account["numbers"][0]["phone_number_id"]}"' in page
    again = begin(house, walk.browser, entered(account))
    assert again.channel_id == walk.channel_id
    assert not again.channel().is_bound
    again.ask("token", "secret", "number")
    assert again.channel().is_bound
    assert again.channel().removed_at is None
