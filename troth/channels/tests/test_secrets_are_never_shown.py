"""A token or secret that was entered is on no page again, neither after a mistake nor later."""

import pytest

from tests.cast import APP_SECRET, TOKEN, House
from troth.channels.connecting import link_of
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("B5.3")

ENTERED_TOKEN = "EAAplanted" + "p" * 40
ENTERED_SECRET = "abcdef0123456789abcdef0123456789"
FORM = {"number_id": "300000000000001", "account_id": "300000000000002", "token": ENTERED_TOKEN}


def test_no_page_of_a_channel_holds_its_secrets(house: House, browser_of: Browser) -> None:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(previous_app_secret="the one before", checks={})
    alice = browser_of("Alice")
    for path in ("", f"{house.channel}/", f"{house.channel}/connect/", f"{house.channel}/arrival/"):
        page = alice.get(f"/w/{house.handle}/channels/{path}", follow=True).content.decode()
        for secret in (TOKEN, APP_SECRET, "the one before"):
            assert secret not in page


@pytest.mark.parametrize("wrong", [{"number_id": "+60 12"}, {"account_id": ""}, {"app_secret": "?"}])
def test_a_form_that_comes_back_is_empty_of_secrets(house: House, browser_of: Browser, wrong: dict[str, str]) -> None:
    alice = browser_of("Alice")
    for path in ("connect/", f"{house.channel}/connect/"):
        answer = alice.post(f"/w/{house.handle}/channels/{path}", {**FORM, "app_secret": ENTERED_SECRET, **wrong})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert ENTERED_TOKEN not in page
        assert ENTERED_SECRET not in page


def test_secrets_that_are_replaced_are_not_shown_either(house: House, browser_of: Browser) -> None:
    alice = browser_of("Alice")
    url = f"/w/{house.handle}/channels/{house.channel}/"
    right = [("token/", {"token": ENTERED_TOKEN}), ("secret/", {"app_secret": ENTERED_SECRET})]
    wrong = [("token/", {"token": ENTERED_TOKEN + " x"}), ("secret/", {"app_secret": ENTERED_SECRET})]
    for path, form in (*right, *wrong):
        page = alice.post(url + path, form, follow=True).content.decode()
        assert ENTERED_TOKEN not in page
        assert ENTERED_SECRET not in page


def test_secrets_are_typed_unseen_and_not_filled_in_by_the_browser(house: House, browser_of: Browser) -> None:
    page = browser_of("Alice").get(f"/w/{house.handle}/channels/connect/").content.decode()
    for name in ("token", "app_secret"):
        start = page.index(f'name="{name}"')
        tag = page[page.rindex("<input", 0, start) : page.index(">", start)]
        assert 'type="password"' in tag
        assert 'autocomplete="off"' in tag
        assert "value=" not in tag


def test_what_goes_out_to_ask_says_nothing_of_its_secrets_when_it_is_printed(house: House) -> None:
    with scope(house.id):
        printed = repr(link_of(Channel.objects.get(pk=house.channel)))
    for secret in (TOKEN, APP_SECRET, "verify me"):
        assert secret not in printed
