"""Each step of connecting a number says green or red, and why."""

from typing import Any

import pytest

from tests.cast import House
from tests.live import Live
from troth.channels import registry
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.channels.tests.walk import Walk, begin, entered
from troth.workspaces.scope import scope


@pytest.fixture
def account(meta: Live) -> dict[str, Any]:
    return meta.sandbox.create_account(name="Batik Studio")


@pytest.fixture
def walk(house: House, browser_of: Browser, account: dict[str, Any]) -> Walk:
    return begin(house, browser_of("Alice"), entered(account))


def test_a_number_is_a_draft_until_meta_confirms_it(walk: Walk, account: dict[str, Any]) -> None:
    assert (walk.channel().is_draft, walk.channel().number_id) == (True, "")
    walk.ask("token", "secret")
    assert walk.channel().is_draft
    rows = walk.ask("number")
    channel = walk.channel()
    assert [rows[step].state for step in ("token", "secret", "number")] == ["ok", "ok", "ok"]
    assert channel.is_bound
    assert channel.number_id == account["numbers"][0]["phone_number_id"]
    assert channel.display_number == account["numbers"][0]["display_phone_number"]
    assert (channel.name, channel.quality, channel.status) == ("Batik Studio", "GREEN", "CONNECTED")
    assert channel.app_id == account["app_id"]


def test_the_first_page_asks_the_first_step_by_itself_and_each_answer_the_next(walk: Walk) -> None:
    page = walk.browser.get(f"{walk.url}connect/").content.decode()
    assert page.count('hx-trigger="load"') == 1
    assert f'hx-post="{walk.url}checks/token/" hx-trigger="load"' in page
    part = walk.browser.post(f"{walk.url}checks/token/", headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{walk.url}checks/secret/" hx-trigger="load"' in part
    assert 'id="step-secret" hx-swap-oob="true"' in part


def test_what_was_found_survives_a_reload(walk: Walk) -> None:
    walk.ask("token")
    page = walk.browser.get(f"{walk.url}connect/").content.decode()
    assert 'class="step step-ok" id="step-token"' in page
    assert f'hx-post="{walk.url}checks/secret/" hx-trigger="load"' in page


def test_a_token_that_is_none_is_red_and_ends_the_steps(
    house: House, browser_of: Browser, account: dict[str, Any]
) -> None:
    walk = begin(house, browser_of("Alice"), entered(account, token="EAA" + "x" * 60))
    rows = walk.ask("token")
    assert (rows["token"].state, rows["token"].remedy) == ("bad", "token")
    assert "not valid" in rows["token"].happened
    assert {rows[step].state for step in ("secret", "number", "app", "account", "arrival")} == {"todo"}


def test_a_token_that_has_expired_is_red(walk: Walk, meta: Live, account: dict[str, Any]) -> None:
    meta.sandbox.control("POST", "/tokens", {"waba_id": account["waba_id"], "expires_at": 1_000_000})
    row = walk.ask("token")["token"]
    assert row.state == "bad"
    assert "expired" in row.happened


def test_a_token_that_will_expire_works_with_a_warning(walk: Walk, meta: Live, account: dict[str, Any]) -> None:
    meta.sandbox.control("POST", "/tokens", {"waba_id": account["waba_id"], "expires_at": 4_000_000_000})
    rows = walk.ask("token")
    assert (rows["token"].state, rows["secret"].state) == ("warn", "now")
    assert "2096" in rows["token"].advice


def test_a_missing_permission_is_named(walk: Walk, meta: Live, account: dict[str, Any]) -> None:
    scopes = ["whatsapp_business_messaging"]
    meta.sandbox.control("POST", "/tokens", {"waba_id": account["waba_id"], "scopes": scopes})
    row = walk.ask("token")["token"]
    assert (row.state, row.names) == ("bad", ["whatsapp_business_management"])


def test_a_secret_of_another_app_is_red(house: House, browser_of: Browser, account: dict[str, Any]) -> None:
    walk = begin(house, browser_of("Alice"), entered(account, app_secret="0" * 32))
    rows = walk.ask("token", "secret")
    assert (rows["secret"].state, rows["secret"].remedy) == ("bad", "secret")
    assert "not the secret of the app" in rows["secret"].happened
    assert rows["secret"].trace_id
    assert rows["number"].state == "todo"


def test_a_number_of_another_account_is_red_and_not_bound(
    house: House, browser_of: Browser, meta: Live, account: dict[str, Any]
) -> None:
    other = meta.sandbox.create_account(name="Other")
    number = other["numbers"][0]["phone_number_id"]
    walk = begin(house, browser_of("Alice"), entered(account, number_id=number))
    rows = walk.ask("token", "secret", "number")
    assert (rows["number"].state, rows["number"].remedy) == ("bad", "ids")
    assert not walk.channel().is_bound


def test_an_account_that_the_token_does_not_reach_is_red(
    house: House, browser_of: Browser, meta: Live, account: dict[str, Any]
) -> None:
    other = meta.sandbox.create_account(name="Other")
    walk = begin(house, browser_of("Alice"), entered(account, account_id=other["waba_id"]))
    assert walk.ask("token", "secret", "number")["number"].state == "bad"
    assert not walk.channel().is_bound


def test_a_number_that_is_off_is_red_with_metas_word_for_it(walk: Walk, meta: Live, account: dict[str, Any]) -> None:
    number = account["numbers"][0]["phone_number_id"]
    meta.sandbox.control("POST", "/numbers", {"to": number, "status": "DISCONNECTED"})
    row = walk.ask("token", "secret", "number")["number"]
    assert row.state == "bad"
    assert "DISCONNECTED" in row.advice
    assert not walk.channel().is_bound


def test_a_callback_that_does_not_answer_is_red_for_the_app_and_for_the_account(walk: Walk) -> None:
    # The door of the running product does not know this channel, which is in another database.
    rows = walk.ask()
    assert [rows[step].state for step in ("app", "account", "arrival")] == ["bad", "bad", "todo"]
    assert "could not open the callback address" in rows["account"].happened
    assert walk.channel().is_bound
    page = walk.browser.get(walk.url).content.decode()
    assert "Needs attention" in page
    assert "Not everything is right" in page


def test_meta_that_is_away_is_red_and_can_be_asked_again(walk: Walk, settings: Any) -> None:
    right = settings.GRAPH_BASE_URL
    settings.GRAPH_BASE_URL = "http://127.0.0.1:9"
    rows = walk.ask("token")
    assert rows["token"].state == "bad"
    assert "could not be reached" in rows["token"].happened
    settings.GRAPH_BASE_URL = right
    part = walk.browser.post(f"{walk.url}checks/", headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{walk.url}checks/token/" hx-trigger="load"' in part
    assert walk.ask("token")["token"].state == "ok"


def test_an_address_of_the_graph_api_that_is_not_vouched_for_is_never_called(walk: Walk, settings: Any) -> None:
    settings.GRAPH_BASE_URL = "https://127.0.0.1:9"
    row = walk.ask("token")["token"]
    assert row.state == "bad"
    assert "not allowed here" in row.happened


def test_without_a_script_one_press_asks_everything(walk: Walk) -> None:
    answer = walk.browser.post(f"{walk.url}checks/")
    assert (answer.status_code, answer["Location"]) == (302, f"{walk.url}connect/")
    assert {step: row.state for step, row in walk.rows().items()} == {
        "token": "ok", "secret": "ok", "number": "ok", "app": "bad", "account": "bad", "arrival": "todo",
    }  # fmt: skip


def test_entering_it_again_asks_everything_again(walk: Walk, account: dict[str, Any]) -> None:
    walk.ask("token", "secret")
    answer = walk.browser.post(f"{walk.url}connect/", entered(account, app_secret="1" * 32))
    assert answer.status_code == 302
    assert walk.channel().checks is None
    assert walk.rows()["token"].state == "now"


def test_an_answer_about_what_is_no_longer_entered_is_dropped(
    walk: Walk, account: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = registry.ask

    def entered_meanwhile(step: str, link: Any, **options: Any) -> Any:
        found = asks(step, link, **options)
        walk.browser.post(f"{walk.url}connect/", entered(account, token="EAA" + "y" * 60))
        return found

    monkeypatch.setattr(registry, "ask", entered_meanwhile)
    assert walk.ask("token")["token"].state == "now"
    assert walk.channel().checks is None


def test_beginning_the_same_number_twice_makes_one_channel(walk: Walk, account: dict[str, Any]) -> None:
    again = begin(walk.house, walk.browser, entered(account))
    assert again.channel_id == walk.channel_id


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number_id", "+60 3-1234 5678"),
        ("number_id", "123/../../me"),
        ("account_id", "12"),
        ("token", "EAA with spaces in it and long enough"),
        ("token", "EAAline\r\nX-Evil: 1-and-long-enough"),
        ("app_secret", "short"),
        ("app_secret", "990100200300401|5a9d0b0c5e7f4d1a"),
    ],
)
def test_what_cannot_be_right_is_not_even_asked(
    house: House, browser_of: Browser, account: dict[str, Any], field: str, typed: str
) -> None:
    answer = browser_of("Alice").post(f"/w/{house.handle}/channels/connect/", entered(account, **{field: typed}))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode() or "errorlist" in answer.content.decode()
    with scope(house.id):
        assert Channel.objects.count() == 1


def test_the_account_id_is_not_the_number_id_once_more(
    house: House, browser_of: Browser, account: dict[str, Any]
) -> None:
    number = account["numbers"][0]["phone_number_id"]
    answer = browser_of("Alice").post(f"/w/{house.handle}/channels/connect/", entered(account, account_id=number))
    assert answer.status_code == 422
    assert "an id of its own" in answer.content.decode()


def test_a_step_that_there_is_not_is_not_found(walk: Walk) -> None:
    assert walk.browser.post(f"{walk.url}checks/arrival/").status_code == 404


def test_a_draft_leaves_nothing_behind_when_it_is_erased(walk: Walk) -> None:
    assert walk.browser.post(f"{walk.url}removal/").status_code == 302
    with scope(walk.house.id):
        assert not Channel.objects.filter(pk=walk.channel_id).exists()


def test_a_draft_that_is_erased_while_meta_is_asked_is_gone(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = registry.ask

    def erased_meanwhile(step: str, link: Any, **options: Any) -> Any:
        walk.browser.post(f"{walk.url}removal/")
        return asks(step, link, **options)

    monkeypatch.setattr(registry, "ask", erased_meanwhile)
    assert walk.browser.post(f"{walk.url}checks/token/").status_code == 404
