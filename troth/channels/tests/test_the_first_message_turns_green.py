"""The last step waits for a signed delivery, and turns green by itself."""

import pytest

from tests.cast import House
from troth.base.clock import now
from troth.channels.connecting import STEPS, heard_from
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope


@pytest.fixture
def url(house: House) -> str:
    right = {"ok": True, "code": "ok", "facts": {}, "at": now()}
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(checks=dict.fromkeys(STEPS, right))
    return f"/w/{house.handle}/channels/{house.channel}/"


def look(browser_of: Browser, url: str, n: str = "0") -> str:
    return browser_of("Alice").get(f"{url}arrival/?n={n}", headers={"HX-Request": "true"}).content.decode()


def test_an_open_page_looks_again_and_again_and_then_no_more(house: House, browser_of: Browser, url: str) -> None:
    assert f'hx-get="{url}arrival/?n=1" hx-trigger="load delay:3s"' in look(browser_of, url)
    assert f'hx-get="{url}arrival/?n=8"' in look(browser_of, url, "7")
    for last in ("299", "1000000", "-1", "x", "9" * 5000):
        part = look(browser_of, url, last)
        assert "step-wait" in part
        assert "hx-trigger" not in part


def test_a_first_delivery_turns_it_green_once(house: House, browser_of: Browser, url: str) -> None:
    first = now()
    with scope(house.id):
        heard_from([house.channel], at=first)
        heard_from([house.channel], at=now())
        assert Channel.objects.get(pk=house.channel).first_delivery_at == first
    part = look(browser_of, url)
    assert "step-ok" in part
    assert "hx-trigger" not in part
    assert 'id="outcome"' in part
    assert "All checks passed" in browser_of("Alice").get(url).content.decode()


def test_what_another_workspace_hears_is_not_ours(house: House, stranger: House, url: str) -> None:
    with scope(stranger.id):
        heard_from([house.channel], at=now())
    with scope(house.id):
        assert Channel.objects.get(pk=house.channel).first_delivery_at is None
