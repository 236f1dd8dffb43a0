"""A session ends by itself, by its owner's hand, and whenever the proof of who somebody is changes."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client

from troth.accounts.models import Session, User
from troth.accounts.tests.conftest import PASSWORD, logged_in, person, reauthenticated
from troth.base.clock import now

pytestmark = pytest.mark.clause("A3.2", "X20")

NEW_PASSWORD = "another horse, another staple"


def is_open(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.clause("B5.3")
def test_the_database_holds_no_session_key(alice: User, browser: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM accounts_session s")
        rows = [row for (row,) in cursor.fetchall()]
    assert rows
    assert not any(key_of(browser) in row for row in rows)
    assert not any(str(alice.password) in row or alice.email in row for row in rows)


@pytest.mark.clause("B5.3")
def test_what_the_database_holds_opens_nothing(browser: Client) -> None:
    stored = Session.objects.values_list("session_key", flat=True)
    for key in stored:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not is_open(thief)


def test_logging_in_gives_a_new_key(alice: User) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = str(session.session_key)
    client.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert key_of(client) != before
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_open(attacker)


def test_logging_out_ends_the_session_and_not_only_the_cookie(browser: Client) -> None:
    key = key_of(browser)
    browser.post("/account/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_open(thief)


def test_a_session_ends_after_twelve_hours_without_use(browser: Client) -> None:
    with time_machine.travel(now() + timedelta(hours=11, minutes=59)):
        assert is_open(browser)
    with time_machine.travel(now() + timedelta(hours=23, minutes=58)):
        assert is_open(browser)
    with time_machine.travel(now() + timedelta(hours=36)):
        assert not is_open(browser)


def test_a_session_ends_after_fourteen_days_however_much_it_is_used(browser: Client) -> None:
    began = now()
    for hours in range(11, 14 * 24, 11):
        with time_machine.travel(began + timedelta(hours=hours)):
            assert is_open(browser)
    with time_machine.travel(began + timedelta(days=14, minutes=1)):
        assert not is_open(browser)


def test_the_last_use_is_noted_at_most_once_a_minute(browser: Client, alice: User) -> None:
    is_open(browser)
    first = Session.objects.get(user=alice).seen_at
    with time_machine.travel(now() + timedelta(seconds=30)):
        is_open(browser)
        assert Session.objects.get(user=alice).seen_at == first
    with time_machine.travel(now() + timedelta(seconds=90)):
        is_open(browser)
        assert Session.objects.get(user=alice).seen_at > first


def test_a_fresh_session_tells_where_it_is_used_from(alice: User) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    client.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    page = client.get("/account/security/").content.decode()
    assert "Firefox on Linux" in page
    assert "127.0.0.1" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT ip, user_agent FROM accounts_session")
        assert not any(b"127.0.0.1" in bytes(value) or b"Firefox" in bytes(value) for value in cursor.fetchone())


def test_one_ends_one_of_ones_sessions(alice: User, browser: Client) -> None:
    other = logged_in(alice)
    other_id = Session.objects.filter(user=alice).order_by("-created_at")[0].id
    assert browser.post(f"/account/sessions/{other_id}/end/").status_code == 302
    assert not is_open(other)
    assert is_open(browser)


def test_nobody_ends_the_session_of_somebody_else(alice: User, browser: Client) -> None:
    stranger = logged_in(person("Charlie", password=PASSWORD))
    alices = Session.objects.get(user=alice)
    assert stranger.post(f"/account/sessions/{alices.id}/end/").status_code == 404
    assert is_open(browser)


def test_one_ends_all_others_and_keeps_this_one(alice: User, browser: Client) -> None:
    others = [logged_in(alice), logged_in(alice)]
    browser.post("/account/sessions/end-others/")
    assert is_open(browser)
    assert not any(is_open(other) for other in others)


def test_a_new_password_ends_all_other_sessions(alice: User, browser: Client) -> None:
    other = logged_in(alice)
    browser.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    assert is_open(browser)
    assert not is_open(other)
    assert Session.objects.filter(user=alice).count() == 1


def test_a_second_factor_that_is_gone_ends_all_other_sessions(alice: User, browser: Client) -> None:
    other = logged_in(alice)
    authenticator = Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    reauthenticated(browser)
    browser.post("/account/totp/deactivate/")
    assert not Authenticator.objects.filter(pk=authenticator.pk).exists()
    assert is_open(browser)
    assert not is_open(other)


def test_a_disabled_person_is_out_at_once(alice: User, browser: Client) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_open(browser)


@pytest.mark.parametrize("path", ["/account/sessions/end-others/", "/account/logout/", "/account/profile/"])
def test_a_form_of_another_site_changes_nothing(alice: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(path, {"name": "Mallory"}).status_code == 403
    assert is_open(client)
