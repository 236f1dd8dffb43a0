"""What is no table: log events, cookies, kinds of mail and hosts are declared too, completely, or not there at all."""

import importlib
import pkgutil
from typing import Any

import pytest

import troth
from troth.base.http.hosts import hosts
from troth.base.logs import events, kinds

pytestmark = pytest.mark.clause("A0.3")

# Words of ours: whatever passes one of these kinds is an id, a number or a word that stands in the code.
NAMED = {
    kinds.ID, kinds.CODE, kinds.COUNT, kinds.BYTES, kinds.STATUS, kinds.SECONDS, kinds.FLAG, kinds.METHOD, kinds.ROUTE
}  # fmt: skip
PERSONAL = {
    "name",
    "phone",
    "number",
    "email",
    "mail",
    "address",
    "ip",
    "text",
    "body",
    "content",
    "user_agent",
    "token",
}
PLANTED = ("Mei Ling Tan", "+60 12-345 6789", "60123456789", "mei@example.test", "a whole sentence", "EAAx" + "b1" * 20)


@pytest.fixture(scope="module", autouse=True)
def everything() -> None:
    """Import every module, so that all that is declared is declared."""
    for found in pkgutil.walk_packages(troth.__path__, "troth."):
        if not any(room in found.name.split(".") for room in ("tests", "migrations", "management")):
            importlib.import_module(found.name)


def declared_events() -> dict[str, Any]:
    return {name: event for name, event in events._events.items() if not name.startswith("test.")}


def test_a_log_event_carries_kinds_of_values_and_no_free_text() -> None:
    wrong = {
        f"{name}.{key}"
        for name, event in declared_events().items()
        for key, kind in event.kinds.items()
        if not kind.__module__.startswith("troth.base.logs.")
    }
    assert wrong == set()
    assert len(declared_events()) > 1


def test_no_kind_of_value_lets_a_person_through() -> None:
    every = {kind for event in declared_events().values() for kind in event.kinds.values()} | NAMED
    for kind in every - {kinds.METHOD}:
        for planted in PLANTED:
            try:
                shown = kind(planted)
            except kinds.Unloggable:
                continue
            raise AssertionError(f"{kind} lets {shown!r} through")
    assert {kinds.METHOD(planted) for planted in PLANTED} == {"other"}


def test_no_log_event_has_a_key_that_names_something_personal() -> None:
    keys = {key for event in declared_events().values() for key in event.kinds}
    assert keys & PERSONAL == set()


@pytest.mark.clause("B6.1")
def test_a_host_says_whose_it_is_why_what_is_sent_and_where() -> None:
    assert hosts()
    for host in hosts():
        assert all((host.of, host.purpose, host.sends, host.where)), host.name


@pytest.mark.clause("B8.1")
def test_a_cookie_says_why_how_long_and_whether_it_is_needed() -> None:
    found = pytest.importorskip("troth.base.cookies")
    assert found.cookies()
    for cookie in found.cookies():
        assert all((cookie.name, cookie.place, cookie.purpose, cookie.life)), cookie.name
        assert cookie.essential in (True, False)


@pytest.mark.clause("B2.2")
def test_a_kind_of_mail_says_what_it_is() -> None:
    found = pytest.importorskip("troth.base.mails")
    assert found.mail_types()
    for mail in found.mail_types():
        assert all((mail.key, mail.label, mail.words)), mail.key
        assert mail.choosable in (True, False)
