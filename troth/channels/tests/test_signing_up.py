"""Connecting a number on Meta's own page: the way there, the way back, and all that can go wrong in between."""

import http.client
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client

from tests.cast import House
from tests.live import OWN_APP_ID, OWN_APP_SECRET, Live
from troth.audit.models import Entry
from troth.base.clock import now
from troth.channels.app_secrets import own_app
from troth.channels.models import Channel, Way
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own(settings: Any, meta: Live) -> None:
    """Let this installation have an app of its own, that of the sandbox's demo."""
    settings.META_APP_ID, settings.META_APP_SECRETS = OWN_APP_ID, [OWN_APP_SECRET]
    settings.META_SIGNUP_CONFIG_ID, settings.META_DIALOG_BASE_URL = "77", meta.sandbox.url


def account(meta: Live, name: str, **wishes: Any) -> dict[str, Any]:
    return meta.sandbox.create_account(name=name, app_id=OWN_APP_ID, **wishes)


def sent_to_meta(house: House, browser: Client, way: str = "signup") -> str:
    """Return the address of Meta's page to which somebody is sent."""
    answer = browser.get(f"/w/{house.handle}/channels/signup/{way}/")
    assert answer.status_code == 302
    return str(answer["Location"])


def at_meta(address: str, *accounts: str, end: str = "finish") -> str:
    """Do what somebody does on Meta's page, and return the path to which they are sent back."""
    parts = urlsplit(address)
    words = [*((name, values[0]) for name, values in parse_qs(parts.query).items())]
    query = urlencode([*words, *(("account", one) for one in accounts), ("end", end)])
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    try:
        connection.request("GET", f"{parts.path}/done?{query}")
        answer = connection.getresponse()
        answer.read()
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    finally:
        connection.close()


def told(browser: Client, answer: Any) -> str:
    """Return what stands on the page to which an answer leads."""
    assert answer.status_code == 302, answer.content
    return re.sub(r"\s+", " ", browser.get(answer["Location"]).content.decode())


def channels(house: House) -> list[Channel]:
    with scope(house.id):
        return list(Channel.objects.exclude(id=house.channel).order_by("id"))


def test_the_page_offers_metas_page_first_and_the_keys_beside_it(house: House, browser_of: Browser) -> None:
    page = browser_of("Alice").get(f"/w/{house.handle}/channels/connect/").content.decode()
    assert page.index("Go on to Meta") < page.index("Enter keys by hand")
    assert "<script" not in page.replace('<script src="/static', "").replace('<script type="module" src="/static', "")


@pytest.mark.parametrize("missing", ["META_APP_ID", "META_APP_SECRETS", "META_SIGNUP_CONFIG_ID"])
def test_it_is_off_unless_all_of_it_is_set(house: House, browser_of: Browser, settings: Any, missing: str) -> None:
    setattr(settings, missing, [] if missing == "META_APP_SECRETS" else "")
    alice = browser_of("Alice")
    assert "Go on to Meta" not in alice.get(f"/w/{house.handle}/channels/connect/").content.decode()
    assert alice.get(f"/w/{house.handle}/channels/signup/signup/").status_code == 404
    assert alice.get("/connect/meta/?state=x&code=y").status_code == 404


def test_what_goes_to_meta_names_the_app_and_no_person(house: House, browser_of: Browser) -> None:
    address = sent_to_meta(house, browser_of("Alice"))
    words = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert words["client_id"] == OWN_APP_ID
    assert words["redirect_uri"].endswith("/connect/meta/")
    assert set(words) == {
        *("client_id", "config_id", "redirect_uri", "state", "response_type"),
        *("override_default_response_type", "extras"),
    }
    assert house.handle not in address
    assert OWN_APP_SECRET not in address


def test_one_number_is_begun_with_the_token_that_meta_gave(house: House, meta: Live, browser_of: Browser) -> None:
    alice, shop = browser_of("Alice"), account(meta, "One shop")
    back = at_meta(sent_to_meta(house, alice), shop["waba_id"])
    page = told(alice, alice.get(back))
    [channel] = channels(house)
    assert channel.way == Way.SIGNED_UP
    assert channel.wanted_number_id == shop["numbers"][0]["phone_number_id"]
    assert (channel.account_id, channel.app_secret) == (shop["waba_id"], OWN_APP_SECRET)
    assert channel.token
    assert channel.token not in page
    for step in ("token", "secret", "number"):
        assert alice.post(f"/w/{house.handle}/channels/{channel.id}/checks/{step}/").status_code == 302
    [channel] = channels(house)
    assert channel.is_bound
    with scope(house.id):
        assert "channel.signed_up" in set(Entry.objects.values_list("action", flat=True))


def test_a_word_is_good_once(house: House, meta: Live, browser_of: Browser) -> None:
    alice, shop = browser_of("Alice"), account(meta, "Once only")
    back = at_meta(sent_to_meta(house, alice), shop["waba_id"])
    assert alice.get(back).status_code == 302
    again = alice.get(back)
    assert again.status_code == 400
    assert "This did not begin here" in again.content.decode()


def test_a_word_is_good_for_an_hour(house: House, meta: Live, browser_of: Browser) -> None:
    alice, shop = browser_of("Alice"), account(meta, "Slow coach")
    address = sent_to_meta(house, alice)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert alice.get(at_meta(address, shop["waba_id"])).status_code == 400
    assert channels(house) == []


@pytest.mark.parametrize("state", ["", "guessed", "x" * 5000])
def test_a_made_up_word_opens_nothing(house: House, browser_of: Browser, state: str) -> None:
    alice = browser_of("Alice")
    sent_to_meta(house, alice)
    assert alice.get("/connect/meta/", {"state": state, "code": "AQ"}).status_code == 400
    assert channels(house) == []


def test_a_word_belongs_to_the_browser_that_took_it_along(house: House, meta: Live, browser_of: Browser) -> None:
    """Somebody who makes another follow their own return connects nothing there."""
    alice, other_browser = browser_of("Alice"), browser_of("Alice")
    shop = account(meta, "Somebody's")
    back = at_meta(sent_to_meta(house, alice), shop["waba_id"])
    assert other_browser.get(back).status_code == 400
    assert channels(house) == []
    assert alice.get(back).status_code == 302


def test_whoever_is_no_admin_any_more_connects_nothing(house: House, meta: Live, browser_of: Browser) -> None:
    from troth.workspaces.models import Membership, Role  # noqa: PLC0415

    alice, shop = browser_of("Alice"), account(meta, "Late demotion")
    back = at_meta(sent_to_meta(house, alice), shop["waba_id"])
    with scope(house.id):
        Membership.objects.filter(pk=house.members["Alice"]).update(role=Role.AGENT)
    assert alice.get(back).status_code == 403
    assert channels(house) == []


def test_agents_are_not_sent_to_meta(house: House, browser_of: Browser) -> None:
    assert browser_of("Bob").get(f"/w/{house.handle}/channels/signup/signup/").status_code == 403


@pytest.mark.parametrize(
    ("end", "chosen", "says"),
    [
        ("cancel", True, "You stopped at Meta"),
        ("slow", True, "has run out"),
        ("finish", False, "no WhatsApp Business account was chosen"),
    ],
)
def test_what_went_wrong_at_meta_is_said(
    house: House, meta: Live, browser_of: Browser, end: str, chosen: bool, says: str
) -> None:
    alice, shop = browser_of("Alice"), account(meta, f"Trouble {end} {chosen}")
    accounts = [shop["waba_id"]] if chosen else []
    assert says in told(alice, alice.get(at_meta(sent_to_meta(house, alice), *accounts, end=end)))
    assert channels(house) == []


def test_an_account_without_a_number_is_partly_done(house: House, meta: Live, browser_of: Browser) -> None:
    alice, shop = browser_of("Alice"), account(meta, "No number yet", empty=True)
    page = told(alice, alice.get(at_meta(sent_to_meta(house, alice), shop["waba_id"])))
    assert "it has no number yet" in page


def test_an_address_that_meta_does_not_know_is_the_operators_business(
    house: House, meta: Live, browser_of: Browser, settings: Any
) -> None:
    alice, shop = browser_of("Alice"), account(meta, "Another address")
    back = at_meta(sent_to_meta(house, alice), shop["waba_id"])
    settings.BASE_URL = "http://127.0.0.1:9"
    assert "Ask whoever runs this installation" in told(alice, alice.get(back))


def test_of_several_numbers_some_are_chosen_and_the_others_left_alone(
    house: House, meta: Live, browser_of: Browser
) -> None:
    alice = browser_of("Alice")
    first, second = account(meta, "Two of them", numbers=2), account(meta, "Third")
    back = at_meta(sent_to_meta(house, alice), first["waba_id"], second["waba_id"])
    page = told(alice, alice.get(back))
    assert "Which numbers?" in page
    assert page.count('name="numbers"') == 3
    [draft] = channels(house)
    assert draft.token
    assert draft.token not in page
    choose = f"/w/{house.handle}/channels/{draft.id}/numbers/"
    assert alice.post(choose, {}).status_code == 422
    assert alice.post(choose, {"numbers": ["999999999999"]}).status_code == 422
    wanted = [first["numbers"][1]["phone_number_id"], second["numbers"][0]["phone_number_id"]]
    answer = alice.post(choose, {"numbers": wanted})
    assert answer.status_code == 302
    found = channels(house)
    assert {one.wanted_number_id for one in found} == set(wanted)
    assert {one.account_id for one in found} == {first["waba_id"], second["waba_id"]}
    assert alice.post(choose, {"numbers": wanted}).status_code == 404


def test_a_number_of_another_workspace_stays_there(
    house: House, stranger: House, meta: Live, browser_of: Browser
) -> None:
    shop = account(meta, "Taken elsewhere")
    number = shop["numbers"][0]["phone_number_id"]
    with scope(stranger.id):
        Channel.objects.filter(pk=stranger.channel).update(number_id=number)
    alice = browser_of("Alice")
    page = told(alice, alice.get(at_meta(sent_to_meta(house, alice), shop["waba_id"])))
    assert "connected in another workspace" in page
    assert channels(house) == []


def test_a_connected_number_gets_a_new_token_and_keeps_its_channel(
    house: House, meta: Live, browser_of: Browser
) -> None:
    shop = account(meta, "Again and again")
    number = shop["numbers"][0]["phone_number_id"]
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(number_id=number)
    alice = browser_of("Alice")
    answer = alice.get(at_meta(sent_to_meta(house, alice), shop["waba_id"]))
    assert str(house.channel) in answer["Location"]
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
    assert (channel.way, channel.app_secret, channel.checks) == (Way.SIGNED_UP, OWN_APP_SECRET, None)
    assert channel.is_bound


def test_a_number_that_was_here_goes_on_in_its_channel_also_under_another_id(
    house: House, meta: Live, browser_of: Browser
) -> None:
    shop = account(meta, "Moved house")
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
        channel.display_number = shop["numbers"][0]["display_phone_number"].replace(" ", "")
        channel.removed_at, channel.token, channel.app_secret = now(), None, None
        channel.save()
    alice = browser_of("Alice")
    answer = alice.get(at_meta(sent_to_meta(house, alice), shop["waba_id"]))
    assert str(house.channel) in answer["Location"]
    assert channels(house) == []
    for step in ("token", "secret", "number"):
        alice.post(f"/w/{house.handle}/channels/{house.channel}/checks/{step}/")
    with scope(house.id):
        channel = Channel.objects.get(pk=house.channel)
    assert channel.is_bound
    assert channel.number_id == shop["numbers"][0]["phone_number_id"]


def test_a_number_without_registration_is_registered_with_a_pin_that_is_not_kept(
    house: House, meta: Live, browser_of: Browser
) -> None:
    alice, shop = browser_of("Alice"), account(meta, "Fresh number", unregistered=True)
    told(alice, alice.get(at_meta(sent_to_meta(house, alice), shop["waba_id"])))
    [channel] = channels(house)
    base = f"/w/{house.handle}/channels/{channel.id}/"
    for step in ("token", "secret", "number"):
        alice.post(f"{base}checks/{step}/")
    page = alice.get(f"{base}connect/").content.decode()
    assert "Register the number" in page
    assert "The PIN is six digits" in told(alice, alice.post(f"{base}registration/", {"pin": "12"}))
    page = told(alice, alice.post(f"{base}registration/", {"pin": "424242"}))
    assert "The number is registered" in page
    alice.post(f"{base}checks/number/")
    [channel] = channels(house)
    assert channel.is_bound
    assert "424242" not in str(vars(channel))


def test_a_number_in_the_phone_app_is_never_registered(house: House, browser_of: Browser) -> None:
    """That would take it away on the phone."""
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(on_phone_app=True)
    url = f"/w/{house.handle}/channels/{house.channel}/registration/"
    assert browser_of("Alice").post(url, {"pin": "123456"}).status_code == 404


def test_the_apps_news_come_to_one_address_for_all(house: House, meta: Live) -> None:
    app = own_app()
    assert app is not None
    assert app.callback_url.endswith("/hooks/cloud/app")
    assert len(app.verify_token) == 48
    assert OWN_APP_SECRET not in repr(app)
