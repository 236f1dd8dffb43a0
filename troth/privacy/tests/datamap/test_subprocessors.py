"""The list of who works on data for us is the code's own, and does not change without notice."""

import dataclasses
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.keepers import bucket_of
from troth.base.http import hosts as registry
from troth.base.http.hosts import hosts
from troth.base.registry import Purpose
from troth.media.bucket_calls import declare_bucket
from troth.privacy.datamap import subprocessors
from troth.privacy.datamap.record import recipients_of
from troth.privacy.datamap.subprocessors import Edition, coming, declared, editions, in_force, troubles

pytestmark = pytest.mark.clause("B6.1", "A3.1")
TODAY = date(2027, 3, 1)


def edition(since: date, *names: str, announced: date | None = None, after: Edition | None = None) -> Edition:
    processors = tuple({"of": name, "hosts": [f"{name}.example"]} for name in names)
    previous = after.digest if after else ""
    made = Edition(announced or since - timedelta(days=30), since, processors, "", previous)
    return dataclasses.replace(made, digest=made.computed())


def test_what_the_code_may_call_is_what_the_last_edition_says_word_for_word() -> None:
    assert list(editions()[-1].processors) == declared()


def test_what_the_last_edition_adds_is_not_called_before_its_day() -> None:
    first, last = editions()[0], editions()[-1]
    new = {host.name: host.since for host in hosts() if host.subprocessor and host.name not in first.hosts}
    since = {name: min(one.since for one in editions() if name in one.hosts) for name in new}
    assert new == since
    assert last.hosts == {host.name for host in hosts() if host.subprocessor}


def test_the_history_holds() -> None:
    assert troubles(editions()) == []


def test_an_edition_that_is_changed_afterwards_is_found_out() -> None:
    first = edition(TODAY, "meta")
    second = edition(TODAY + timedelta(days=60), "meta", "other", after=first)
    assert troubles([first, second]) == []
    for changed in (
        dataclasses.replace(first, processors=({"of": "meta", "hosts": ["elsewhere.example"]},)),
        dataclasses.replace(first, announced=first.announced - timedelta(days=90)),
    ):
        assert troubles([changed, second]) != []
    rewritten = dataclasses.replace(first, since=TODAY - timedelta(days=5))
    rewritten = dataclasses.replace(rewritten, digest=rewritten.computed())
    assert troubles([rewritten, dataclasses.replace(second, previous=rewritten.digest)]) != []


@pytest.mark.parametrize(("ahead", "fine"), [(29, False), (30, True), (90, True)])
def test_a_change_is_announced_thirty_days_ahead(ahead: int, fine: bool) -> None:
    first = edition(TODAY, "meta")
    since = TODAY + timedelta(days=200)
    second = edition(since, "meta", "other", announced=since - timedelta(days=ahead), after=first)
    assert (troubles([first, second]) == []) == fine


def test_the_edition_that_holds_is_the_newest_whose_day_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition(TODAY, "meta")
    second = edition(TODAY + timedelta(days=60), "meta", "other", after=first)
    monkeypatch.setattr(subprocessors, "editions", lambda: [first, second])
    assert in_force(on=TODAY + timedelta(days=59)) == first
    assert coming(on=TODAY + timedelta(days=59)) == [second]
    assert in_force(on=second.since) == second
    assert coming(on=second.since) == []
    assert in_force(on=TODAY - timedelta(days=9)) == first


@pytest.mark.django_db
def test_the_page_names_every_host_and_what_is_sent_there(client: Client) -> None:
    page = client.get("/subprocessors/").content.decode()
    for host in hosts():
        assert host.name in page
        assert host.of in page
    assert "The WhatsApp number or id of the person you write to" in page


@pytest.mark.django_db
def test_the_store_that_the_operator_chose_is_shown_apart_and_is_on_no_edition(client: Client) -> None:
    before = dict(registry._hosts)
    place = bucket_of(
        {
            "TROTH_S3_ADDRESS": "https://s3.stores.example",
            "TROTH_S3_BUCKET": "media",
            "TROTH_S3_KEY_ID": "AKSHOWNNOWHERE",
            "TROTH_S3_SECRET": "nor-this",
            "TROTH_S3_STYLE": "host",
            "TROTH_S3_WHERE": "Example Stores <Ltd>, Germany",
        }
    )
    try:
        declare_bucket(place)
        page = client.get("/subprocessors/").content.decode()
        assert list(editions()[-1].processors) == declared()
        assert recipients_of(Purpose.TALK)[0].name == "media.s3.stores.example"
    finally:
        registry._hosts.clear()
        registry._hosts.update(before)
        registry.is_declared.cache_clear()
    assert "media.s3.stores.example" in page
    assert "Example Stores &lt;Ltd&gt;, Germany" in page
    assert "The operator&#x27;s own choice" in page or "The operator's own choice" in page
    assert "AKSHOWNNOWHERE" not in page
    assert "The operator's own choice" not in client.get("/subprocessors/").content.decode()


@pytest.mark.django_db
def test_the_page_tells_of_what_is_announced(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = edition(date(2999, 1, 1), "newcomer", after=editions()[-1])
    whole = {"purpose": ["To help"], "sends": ["nothing"], "where": ["here"]}
    soon = dataclasses.replace(soon, processors=tuple({**one, **whole} for one in soon.processors))
    found = [*editions(), soon]
    for place in ("troth.privacy.datamap.subprocessors.editions", "troth.privacy.datamap.views.subprocessors.editions"):
        monkeypatch.setattr(place, lambda: found)
    page = client.get("/subprocessors/").content.decode()
    announced, _, held = page.partition('<section class="block"')
    assert "newcomer.example" in announced
    assert "To help" in announced
    assert "newcomer" not in held
