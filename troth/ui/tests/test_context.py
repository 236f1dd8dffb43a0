"""What every template may count on."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import ResolverMatch

from troth.ui import slots
from troth.ui.context import page
from troth.ui.slots import RailEntry, register_pages, register_rail


@pytest.fixture(autouse=True)
def _rail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_rail", {})
    monkeypatch.setattr(slots, "_belonging", {})


def entry(key: str, *, position: int, url: str | None) -> RailEntry:
    def address(request: HttpRequest) -> str | None:
        return url

    return RailEntry(key=key, label=key, icon="inbox", url=address, position=position)


def request(path: str = "/", **cookies: str) -> HttpRequest:
    made = RequestFactory().get(path)
    made.COOKIES.update(cookies)
    return made


def test_chosen_looks_come_from_cookies() -> None:
    looks = page(request(troth_theme="dark", troth_density="compact", troth_keys="off"))["looks"]
    assert looks == {"theme": "dark", "density": "compact", "details": "", "single_keys": "off"}


def test_a_forged_cookie_chooses_nothing() -> None:
    assert page(request(troth_theme='"><script>'))["looks"]["theme"] == ""


def test_the_rail_shows_what_apps_registered_in_order_and_where_one_is() -> None:
    register_rail(entry("settings", position=100, url="/settings/"))
    register_rail(entry("inbox", position=10, url="/inbox/"))
    shown = page(request("/inbox/1/"))["rail"]
    assert [(one["entry"].key, one["current"], one["at_foot"]) for one in shown] == [
        ("inbox", True, False),
        ("settings", False, True),
    ]


def test_pages_of_another_app_can_stand_under_an_entry() -> None:
    register_rail(entry("settings", position=100, url="/settings/"))
    register_pages("channels", under="settings")
    asked = request("/channels/")
    asked.resolver_match = ResolverMatch(page, (), {}, app_names=["channels"])
    assert page(asked)["rail"][0]["current"]
    asked.resolver_match = ResolverMatch(page, (), {}, app_names=["inbox"])
    assert not page(asked)["rail"][0]["current"]


def test_an_entry_without_an_address_is_not_shown() -> None:
    register_rail(entry("deals", position=10, url=None))
    assert page(request())["rail"] == []
