"""Logging in: the same answer for everybody who fails, and not for ever."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from troth.accounts.models import CacheEntry, User
from troth.accounts.tests.conftest import PASSWORD, logged_in, mailed_code, mails, person, reauthenticated, words_of

pytestmark = pytest.mark.clause("B2.4")


def attempt(client: Client, email: str, password: str, **headers: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password}, headers=headers)


def is_in(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


def test_the_right_password_opens(alice: User) -> None:
    assert is_in(logged_in(alice))


@pytest.mark.clause("X21")
def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(alice: User) -> None:
    unknown = words_of(attempt(Client(), "nobody@people.example", "wrong"), without="nobody@people.example")
    assert unknown == words_of(attempt(Client(), alice.email, "wrong"), without=alice.email)


@pytest.mark.clause("X21")
def test_an_unknown_address_costs_a_hash_too(db: Any, hashed: list[str]) -> None:
    attempt(Client(), "nobody@people.example", "wrong")
    assert len(hashed) == 1


@pytest.mark.clause("X21")
def test_after_five_wrong_passwords_the_right_one_does_not_open_either(alice: User) -> None:
    for _ in range(5):
        attempt(Client(), alice.email, "wrong")
    client = Client()
    attempt(client, alice.email, PASSWORD)
    assert not is_in(client)


def test_an_address_in_a_header_does_not_make_one_somebody_else(alice: User) -> None:
    for turn in range(12):
        attempt(Client(), f"person{turn}@people.example", "wrong", **{"X-Forwarded-For": f"203.0.113.{turn}"})
    client = Client()
    attempt(client, alice.email, PASSWORD, **{"X-Forwarded-For": "203.0.113.99"})
    assert not is_in(client)


def test_attempts_are_counted_without_keeping_addresses_in_clear(alice: User) -> None:
    attempt(Client(REMOTE_ADDR="198.51.100.7"), alice.email, "wrong")
    entries = list(CacheEntry.objects.all())
    assert entries
    assert not any(b"198.51.100.7" in bytes(entry.key) or b"alice" in bytes(entry.key) for entry in entries)
    assert not any("198.51" in str(entry.value) or "alice" in str(entry.value) for entry in entries)


@pytest.mark.clause("X21")
def test_a_reset_is_answered_alike_for_known_and_unknown_addresses(alice: User) -> None:
    known, unknown = Client(), Client()
    answers = [
        known.post("/account/password/reset/", {"email": alice.email}),
        unknown.post("/account/password/reset/", {"email": "nobody@people.example"}),
    ]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert words_of(known.get("/account/password/reset/code/"), without=alice.email) == words_of(
        unknown.get("/account/password/reset/code/"), without="nobody@people.example"
    )
    assert len(mails()) == 2


@pytest.mark.clause("A3.2", "X20")
def test_a_reset_gives_a_new_password_and_ends_all_sessions(alice: User, browser: Client) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": alice.email})
    client.post("/account/password/reset/code/", {"code": mailed_code()})
    client.post("/account/password/reset/new/", {"password1": "another horse, another staple"})
    alice.refresh_from_db()
    assert alice.check_password("another horse, another staple")
    assert not is_in(browser)
    assert not is_in(client)


@pytest.mark.clause("X21")
def test_a_reset_by_guessing_ends_after_three_tries(alice: User) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": alice.email})
    code = mailed_code()
    for _ in range(3):
        client.post("/account/password/reset/code/", {"code": "XXXX-XXXX"})
    client.post("/account/password/reset/code/", {"code": code})
    client.post("/account/password/reset/new/", {"password1": "another horse, another staple"})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.clause("X7")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(alice: User, target: str) -> None:
    answer = Client().post("/account/login/", {"login": alice.email, "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_a_new_address_counts_only_when_its_code_was_typed(alice: User, browser: Client) -> None:
    reauthenticated(browser)
    browser.post("/account/email/", {"email": "alice@elsewhere.example", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@people.example"
    browser.post("/account/address/", {"code": mailed_code()})
    alice.refresh_from_db()
    assert alice.email == "alice@elsewhere.example"
    assert "alice@people.example" in mails()[-1]


@pytest.mark.clause("X6")
def test_a_squatter_does_not_keep_one_from_ones_own_new_address(alice: User, browser: Client) -> None:
    squatter = person("Mallory")
    EmailAddress.objects.filter(user=squatter).update(verified=False, email="alice@elsewhere.example")
    User.objects.filter(pk=squatter.pk).update(email="alice@elsewhere.example")
    reauthenticated(browser)
    browser.post("/account/email/", {"email": "alice@elsewhere.example", "action_add": ""})
    browser.post("/account/address/", {"code": mailed_code()})
    alice.refresh_from_db()
    assert alice.email == "alice@elsewhere.example"
