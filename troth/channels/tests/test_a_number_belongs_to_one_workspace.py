"""A number that is connected somewhere cannot be connected elsewhere, and typing its id occupies nothing."""

from typing import Any

import pytest

from tests.cast import House
from tests.live import Live
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.channels.tests.walk import begin, entered
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B3.2")]
FORM = {"account_id": "200000000000009", "token": "EAA" + "x" * 40, "app_secret": "0" * 32}


def test_a_foreign_number_is_refused_in_clear_words(house: House, stranger: House, browser_of: Browser) -> None:
    answer = browser_of("Charlie").post(
        f"/w/{stranger.handle}/channels/connect/", {**FORM, "number_id": house.number_id}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This number is connected in another workspace." in page
    assert house.handle not in page
    with scope(stranger.id):
        assert not Channel.objects.filter(wanted_number_id=house.number_id).exists()


def test_a_number_of_this_workspace_leads_to_its_channel(house: House, browser_of: Browser) -> None:
    answer = browser_of("Alice").post(f"/w/{house.handle}/channels/connect/", {**FORM, "number_id": house.number_id})
    assert answer.status_code == 422
    assert f'href="/w/{house.handle}/channels/{house.channel}/"' in answer.content.decode()


def test_whoever_only_types_an_id_does_not_keep_its_owner_out(
    house: House, stranger: House, browser_of: Browser, meta: Live
) -> None:
    account = meta.sandbox.create_account(name="Batik Studio")
    squatter = begin(stranger, browser_of("Charlie"), entered(account, token="EAA" + "x" * 60))
    owner = begin(house, browser_of("Alice"), entered(account))
    assert squatter.ask("token")["token"].state == "bad"
    assert owner.ask("token", "secret", "number")["number"].state == "ok"
    assert (owner.channel().is_bound, squatter.channel().is_bound) == (True, False)


def test_of_two_who_hold_the_keys_the_first_has_the_number_and_the_other_reads_why(
    house: House, stranger: House, browser_of: Browser, meta: Live
) -> None:
    account = meta.sandbox.create_account(name="Batik Studio")
    first = begin(house, browser_of("Alice"), entered(account))
    second = begin(stranger, browser_of("Charlie"), entered(account))
    assert first.ask("token", "secret", "number")["number"].state == "ok"
    row = second.ask("token", "secret", "number")["number"]
    assert row.state == "bad"
    assert "connected in another workspace" in row.happened
    assert second.channel().number_id == ""


def test_a_number_that_was_removed_can_be_connected_elsewhere_and_then_not_here_again(
    house: House, stranger: House, browser_of: Browser, meta: Live
) -> None:
    account: dict[str, Any] = meta.sandbox.create_account(name="Batik Studio")
    first = begin(house, browser_of("Alice"), entered(account))
    first.ask("token", "secret", "number")
    first.browser.post(f"{first.url}removal/")
    second = begin(stranger, browser_of("Charlie"), entered(account))
    assert second.ask("token", "secret", "number")["number"].state == "ok"
    answer = first.browser.post(f"{first.url}connect/", entered(account))
    assert answer.status_code == 422
    assert "connected in another workspace" in answer.content.decode()
