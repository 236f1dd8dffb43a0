"""Guessing is no faster by many at once, and a code opens once: however long it is right, however many bring it."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client

from tests.postgres import in_fresh_database
from troth.accounts.models import User
from troth.accounts.tests.conftest import PASSWORD, at_once, logged_in, mails, person, reauthenticated, words_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# The beginning of a step of 30 seconds.
BEGIN = datetime(2026, 11, 2, 12, 0, 0, tzinfo=UTC)


def code(*, at: datetime, secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def half_way(user: User) -> Client:
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/second-factor/"
    return client


def tries(client: Client, typed: str) -> bool:
    """Type a code as the second factor, and tell whether that opened."""
    client.post("/account/second-factor/", {"code": typed})
    return is_in(client)


def is_in(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


@pytest.fixture
def committed(django_db_blocker: Any) -> Iterator[User]:
    """Alice with an app and a sheet of codes, in a database whose commits are real."""
    name = f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_guess"
    with django_db_blocker.unblock(), in_fresh_database(name):
        alice = person("Alice", password=PASSWORD)
        TOTP.activate(alice, SECRET)
        RecoveryCodes.activate(alice)
        yield alice


@pytest.mark.clause("X20", "X21", "A3.2")
@pytest.mark.parametrize("later", [0, 29, 31, 45, 59])
@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1} {2}", "{1}-{2}"])
def test_a_code_of_the_app_opens_once_for_as_long_as_it_is_right(alice: User, later: int, written: str) -> None:
    TOTP.activate(alice, SECRET)
    typed = code(at=BEGIN)
    with time_machine.travel(BEGIN, tick=False):
        assert tries(half_way(alice), typed)
    with time_machine.travel(BEGIN + timedelta(seconds=later), tick=False):
        assert not tries(half_way(alice), written.format(typed, typed[:3], typed[3:]))
    with time_machine.travel(BEGIN + timedelta(seconds=later + 60), tick=False):
        assert tries(half_way(alice), code(at=BEGIN + timedelta(seconds=later + 60))), "another code opens"


@pytest.mark.clause("X20")
def test_a_code_that_opened_does_not_prove_anything_again(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    with time_machine.travel(BEGIN, tick=False):
        browser = half_way(alice)
        assert tries(browser, code(at=BEGIN))
    with time_machine.travel(BEGIN + timedelta(seconds=40), tick=False):
        answer = browser.post("/account/reauthenticate/code/", {"code": code(at=BEGIN)})
        assert answer.status_code == 200, "it asks again"
        again = browser.post("/account/reauthenticate/code/", {"code": code(at=BEGIN + timedelta(seconds=60))})
        assert again.status_code == 302


@pytest.mark.clause("X20", "X27")
@pytest.mark.parametrize("kind", ["app", "sheet"])
def test_of_twenty_who_bring_one_code_at_once_one_comes_in(committed: User, kind: str) -> None:
    sheet = Authenticator.objects.get(user=committed, type=Authenticator.Type.RECOVERY_CODES).wrap()
    typed = code(at=datetime.now(UTC)) if kind == "app" else sheet.get_unused_codes()[0]
    waiting = [half_way(committed) for _ in range(20)]
    opened = at_once(lambda: tries(waiting.pop(), typed), times=20)
    assert opened.count(True) == 1


@pytest.mark.clause("X21", "X27")
def test_twenty_guesses_at_once_are_no_more_than_five(committed: User, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = Argon2PasswordHasher.verify

    def verify(hasher: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        looked.append(password)
        return real(hasher, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    addresses = [f"192.0.2.{turn}" for turn in range(20)]

    def guess() -> None:
        where = addresses.pop()
        Client(REMOTE_ADDR=where).post("/account/login/", {"login": committed.email, "password": f"from {where}"})

    at_once(guess, times=20)
    assert 1 <= len(looked) <= 5


@pytest.mark.clause("X21")
def test_guessing_the_password_of_an_open_browser_ends_too(alice: User, browser: Client) -> None:
    for turn in range(10):
        headers = {"X-Forwarded-For": f"203.0.113.{turn}"}
        browser.post("/account/reauthenticate/", {"password": f"guess {turn}"}, headers=headers)
    answer = browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code != 302, "the right one does not open any more either"


@pytest.mark.clause("X21")
def test_a_second_factor_is_guarded_wherever_the_guesses_come_from(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    client = half_way(alice)
    for turn in range(5):
        headers = {"X-Forwarded-For": f"203.0.113.{turn}", "X-Real-Ip": f"203.0.113.{turn}"}
        client.post("/account/second-factor/", {"code": "000000"}, headers=headers)
    assert not tries(client, str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))))


@pytest.mark.clause("X21")
@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/"])
def test_asking_for_mails_ends_however_often_one_says_to_be_somebody_else(db: Any, path: str) -> None:
    statuses = []
    for turn in range(45):
        form = {"email": f"nobody{turn}@people.example", "password1": "x"}
        headers = {"X-Forwarded-For": f"203.0.113.{turn}", "Forwarded": f"for=203.0.113.{turn}"}
        statuses.append(Client().post(path, form, headers=headers).status_code)
    assert statuses[0] != 429
    assert statuses[-1] == 429


@pytest.mark.clause("X21", "X33")
def test_wanting_an_address_that_somebody_has_is_answered_like_any_other(alice: User, browser: Client) -> None:
    person("Mallory")
    answers, told = [], []
    for wanted in ("mallory@people.example", "nobody@people.example"):
        client = reauthenticated(logged_in(alice))
        before = len(mails())
        answer = client.post("/account/email/", {"email": wanted, "action_add": ""})
        page = client.get("/account/address/")
        answers.append((answer.status_code, answer.headers.get("Location"), words_of(page, without=wanted)))
        told.append(len(mails()) - before)
    assert answers[0] == answers[1]
    assert told == [1, 1]


@pytest.mark.clause("X20")
def test_the_key_from_half_way_is_not_the_key_inside(alice: User) -> None:
    """Whoever planted a key in a browser, or read one before the second factor, has nothing afterwards."""
    TOTP.activate(alice, SECRET)
    client = half_way(alice)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert tries(client, code(at=datetime.now(UTC)))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_in(thief)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_session WHERE user_id = %s", [alice.pk])
        assert cursor.fetchone() == (1,)
