"""What is counted is a declared event, a day and a workspace; it is shown whole, ends with a switch, and goes in time."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.cast import House
from tests.house.canaries import canary
from troth.audit.models import Entry
from troth.base import usage
from troth.base.clock import now
from troth.base.ids import new_id
from troth.privacy.browser.tests.conftest import Browser
from troth.privacy.browser.usage import events, storing
from troth.privacy.browser.usage.totals import totals
from troth.privacy.models import UsageCount, UsageOptOut
from troth.workspaces.scope import scope


@pytest.fixture(autouse=True)
def nothing_gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with nothing, and keep the test's own connection open while it stores."""
    monkeypatch.setattr(storing, "close_old_connections", lambda: None)
    usage.take()
    yield
    usage.take()


def store() -> None:
    storing.add(usage.take())


def kept(house: House) -> dict[str, int]:
    with scope(house.id):
        return dict(UsageCount.objects.values_list("event", "count"))


def test_pages_and_acts_are_counted_by_day(house: House, browser_of: Browser) -> None:
    alice = browser_of("Alice")
    for _ in range(3):
        alice.get(f"/w/{house.handle}/inbox/")
    store()
    browser_of("Bob").get(f"/w/{house.handle}/inbox/")
    alice.get(f"/w/{house.handle}/settings/")
    store()
    assert kept(house) == {"inbox.opened": 4, "settings.opened": 1}


def test_nothing_is_written_while_a_page_is_made(house: House, browser_of: Browser) -> None:
    browser_of("Alice").get(f"/w/{house.handle}/inbox/")
    assert kept(house) == {}


@pytest.mark.parametrize("headers", [{"HX-Request": "true", "HX-Target": "list"}])
def test_parts_that_a_page_asks_for_by_itself_are_not_counted(
    house: House, browser_of: Browser, headers: dict[str, str]
) -> None:
    browser_of("Alice").get(f"/w/{house.handle}/inbox/", headers=headers)
    assert usage.take() == {}


def test_refusals_strangers_and_public_pages_are_not_counted(house: House, browser_of: Browser) -> None:
    browser_of("Charlie").get(f"/w/{house.handle}/inbox/")
    Client().get("/account/login/")
    browser_of("Bob").get(f"/w/{house.handle}/privacy/usage/")
    assert usage.take() == {}


@pytest.mark.clause("B1.3")
def test_what_nobody_declared_is_not_counted(house: House) -> None:
    with pytest.raises(usage.Undeclared):
        usage.count("contact.looked_at", workspace_id=house.id)


def test_every_counted_address_exists() -> None:
    from django.urls import get_resolver  # noqa: PLC0415

    def names(resolver: Any, prefix: str = "") -> Iterator[str]:
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                yield from names(entry, inner)
            elif entry.name:
                yield prefix + entry.name

    assert {name for _, name in events.COUNTED} <= set(names(get_resolver()))


@pytest.mark.clause("A2.3b", "B1.3")
def test_a_counter_knows_no_person_and_no_browser() -> None:
    assert {field.name for field in UsageCount._meta.get_fields()} == {"id", "workspace", "day", "event", "count"}


@pytest.mark.clause("A2.3b", "B1.3")
def test_no_word_of_a_request_is_found_among_the_counts(house: House, browser_of: Browser) -> None:
    word = canary()
    client = browser_of("Alice")
    client.get(f"/w/{house.handle}/inbox/?q={word}", headers={"User-Agent": word}, REMOTE_ADDR="203.0.113.77")
    store()
    with scope(house.id), connection.cursor() as cursor:
        cursor.execute("SELECT u::text FROM privacy_usagecount u")
        rows = "".join(row[0] for row in cursor.fetchall())
    assert rows
    assert word not in rows
    assert "203.0.113" not in rows
    assert str(house.users["Alice"].id) not in rows


@pytest.mark.clause("B1.3")
def test_the_page_and_the_file_show_exactly_what_is_kept(house: House, browser_of: Browser) -> None:
    with scope(house.id):
        UsageCount.objects.create(day=now().date(), event="inbox.opened", count=1234)
        UsageCount.objects.create(day=now().date() - timedelta(days=40), event="message.written", count=5)
        rows = list(UsageCount.objects.order_by("day", "event").values_list("day", "event", "count"))
    alice = browser_of("Alice")
    page = alice.get(f"/w/{house.handle}/privacy/usage/").content.decode()
    assert "1234" in page
    assert "Answer written" in page
    read = list(csv.reader(alice.get(f"/w/{house.handle}/privacy/usage/rows.csv").content.decode().splitlines()))
    assert read == [["day", "event", "count"], *([day.isoformat(), event, str(n)] for day, event, n in rows)]


@pytest.mark.clause("B1.3")
def test_after_the_switch_nothing_is_there_and_nothing_comes(house: House, browser_of: Browser) -> None:
    alice, url = browser_of("Alice"), f"/w/{house.handle}/privacy/usage/"
    alice.get(f"/w/{house.handle}/inbox/")
    store()
    alice.get(f"/w/{house.handle}/inbox/")  # gathered, and not stored yet
    alice.post(f"{url}choice/", {"count": "off"})
    assert kept(house) == {}
    store()
    alice.get(f"/w/{house.handle}/inbox/")
    store()
    assert kept(house) == {}
    assert "Nothing is kept" in alice.get(url).content.decode()
    with scope(house.id):
        assert Entry.objects.filter(action="usage.switched_off").count() == 1
    alice.post(f"{url}choice/", {"count": "on"})
    usage.take()
    alice.get(f"/w/{house.handle}/inbox/")
    store()
    assert kept(house) == {"inbox.opened": 1}


def test_the_switch_of_one_workspace_is_not_anothers(house: House, stranger: House, browser_of: Browser) -> None:
    browser_of("Alice").post(f"/w/{house.handle}/privacy/usage/choice/", {"count": "off"})
    browser_of("Charlie").get(f"/w/{stranger.handle}/inbox/")
    store()
    assert kept(stranger) == {"inbox.opened": 1}
    with scope(stranger.id):
        assert not UsageOptOut.objects.exists()


@pytest.mark.clause("B1.3")
def test_counters_go_after_thirteen_months(house: House) -> None:
    with scope(house.id):
        UsageCount.objects.create(day=now().date(), event="inbox.opened", count=7)
    with time_machine.travel(now() + timedelta(days=395)):
        assert storing.forget_old() == 0
    with time_machine.travel(now() + timedelta(days=397)):
        storing.forget_old()
    assert kept(house) == {}


@pytest.mark.clause("A2.3b", "B1.3")
@pytest.mark.parametrize(("workspaces", "told"), [(9, []), (10, [30])])
def test_the_installation_sees_a_sum_of_ten_workspaces_or_nothing(db: Any, workspaces: int, told: list[int]) -> None:
    from tests import cast  # noqa: PLC0415
    from troth.workspaces.models import Role  # noqa: PLC0415

    for number in range(workspaces):
        made = cast.house(
            f"House {number}", people={f"P{number}": Role.OWNER}, number_id=f"9{number:014d}", account_id=f"8{number}"
        )
        with scope(made.id):
            UsageCount.objects.create(day=now().date(), event="inbox.opened", count=3)
    assert [count for _, _, count in totals(now().date())] == told


def test_counts_of_a_workspace_that_is_gone_are_dropped(db: Any) -> None:
    storing.add({(new_id(), now().date(), "inbox.opened"): 1})


def test_a_thread_hands_over_what_has_gathered_when_the_server_ends() -> None:
    taken: list[dict[usage.Key, int]] = []
    writing = usage.Writing(lambda counts: taken.append(dict(counts)))
    writing.start()
    workspace = new_id()
    usage.count("inbox.opened", workspace_id=workspace)
    usage.count("inbox.opened", workspace_id=workspace)
    writing.stop()
    assert taken == [{(workspace, now().date(), "inbox.opened"): 2}]


def test_a_failure_to_store_is_in_nobodys_way(caplog: pytest.LogCaptureFixture) -> None:
    def fail(counts: Any) -> None:
        raise OSError

    writing = usage.Writing(fail)
    usage.count("inbox.opened", workspace_id=new_id())
    writing.start()
    writing.stop()
    assert "usage.lost" in caplog.text
