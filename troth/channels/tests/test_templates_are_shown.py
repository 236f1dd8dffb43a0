"""The templates of a channel's account stand on its page as far as Meta has told of them."""

from typing import Any

import pytest

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.channels.models import Channel, MessageTemplate
from troth.channels.templates_told import templates_of
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

BLOCK = 'id="templates"'


@pytest.fixture
def url(house: House) -> str:
    return f"/w/{house.handle}/channels/{house.channel}/"


def tell(house: House, name: str, *, at: int, field: str = "message_template_status_update", **value: Any) -> None:
    named = {"message_template_id": 1, "message_template_name": name, "message_template_language": "en_US"}
    body = bodies.envelope({**named, **value}, account=house.account_id, field=field)
    body["entry"][0]["time"] = at
    deliver(house, body)


def test_without_templates_there_is_only_the_way_to_them(house: House, browser_of: Browser, url: str) -> None:
    shown = browser_of("Bob").get(url).content.decode()
    assert f'href="{url}templates/"' in shown
    assert "badge" not in shown.partition(BLOCK)[2].partition("</section>")[0]


def test_a_template_is_told_in_words(house: House, browser_of: Browser, url: str) -> None:
    tell(house, "welcome", at=1_780_000_000, event="REJECTED", reason="INVALID_FORMAT")
    category, quality = "template_category_update", "message_template_quality_update"
    tell(house, "welcome", at=1_780_000_001, field=category, previous_category="UTILITY", new_category="MARKETING")
    tell(house, "welcome", at=1_780_000_002, field=quality, previous_quality_score="GREEN", new_quality_score="RED")
    shown = browser_of("Bob").get(url).content.decode()
    assert BLOCK in shown
    for word in ("welcome", "English (en_US)", "Rejected", "It is not formed as", "Marketing", "Quality low"):
        assert word in shown


def test_a_word_that_we_do_not_know_stays_metas(house: House, browser_of: Browser, url: str) -> None:
    tell(house, "welcome", at=1_780_000_000, event="HALF_APPROVED", reason="NEW_MOON", message_template_language="xx")
    shown = browser_of("Bob").get(url).content.decode()
    for word in ("Half approved", "New moon", "<bdi>xx</bdi>"):
        assert word in shown


def test_the_newest_facts_come_first_and_the_rest_is_a_page_away(house: House, browser_of: Browser, url: str) -> None:
    for n in range(6):
        tell(house, f"kind_{n:02}", at=1_780_000_000 + n, event="APPROVED")
    tell(house, "kind_00", at=1_780_000_500, event="PAUSED")
    with scope(house.id):
        names = [one.name for one in templates_of(Channel.objects.get(pk=house.channel)).lines]
    assert names == ["kind_00", *(f"kind_{n:02}" for n in range(5, 1, -1))]
    few = browser_of("Bob").get(url).content.decode()
    assert "All templates" in few
    assert "kind_01" not in few
    assert "kind_01" in browser_of("Bob").get(f"{url}templates/").content.decode()


def test_templates_of_another_account_or_house_are_not_shown(
    house: House, stranger: House, browser_of: Browser, url: str
) -> None:
    tell(stranger, "theirs", at=1_780_000_000, event="APPROVED")
    with scope(house.id):
        MessageTemplate.objects.create(account_id="777", name="elsewhere", language="en")
    bob = browser_of("Bob")
    for shown in (bob.get(url), bob.get(f"{url}templates/")):
        assert "theirs" not in shown.content.decode()
        assert "elsewhere" not in shown.content.decode()


def test_news_of_a_deletion_brings_nothing_back(house: House, browser_of: Browser, url: str) -> None:
    """It comes in any order: also when the row is gone already, since Meta lists the template no more."""
    tell(house, "bygone", at=1_780_000_000, event="PENDING_DELETION")
    tell(house, "welcome", at=1_780_000_000, event="APPROVED")
    alice = browser_of("Alice")
    shown = alice.get(f"{url}templates/").content.decode()
    assert "welcome" in shown
    assert "bygone" not in shown
    assert "bygone" in alice.get(f"{url}templates/?status=archived").content.decode()
