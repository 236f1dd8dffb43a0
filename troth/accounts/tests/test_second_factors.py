"""A second factor is asked for at every log-in, its secret lies sealed, and its codes work once."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from troth.accounts import second_factor
from troth.accounts.models import Session, User
from troth.accounts.second_factor import reseal_second_factors, unseal_text
from troth.accounts.tests.conftest import PASSWORD, logged_in, mailed_code, mails, reauthenticated
from troth.base.keystore import RingKeys
from troth.base.sealing import INSTALLATION, Ring, store

pytestmark = pytest.mark.clause("A3.2")


def code_now(secret: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app in this browser; return its secret and the recovery codes that were shown."""
    reauthenticated(client)
    page = client.get("/account/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    answer = client.post("/account/totp/activate/", {"code": code_now(secret)})
    assert answer.status_code == 302, answer.content
    shown = client.get("/account/recovery-codes/").content.decode()
    return secret, re.findall(r"\b\d{10}\b", shown)


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(a)::text, ' ') FROM mfa_authenticator a")
        return str(cursor.fetchone()[0])


@pytest.fixture
def secured(browser: Client) -> tuple[str, list[str]]:
    return set_up(browser)


def half_way(alice: User) -> Client:
    client = Client()
    answer = client.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/second-factor/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


@pytest.mark.clause("B5.3")
def test_the_secret_and_the_codes_lie_sealed(secured: tuple[str, list[str]]) -> None:
    secret, codes = secured
    assert len(codes) == 10
    assert secret not in stored()
    assert not any(code in stored() for code in codes)
    data = Authenticator.objects.get(type=Authenticator.Type.TOTP).data
    assert unseal_text(data["secret"]) == secret


def test_a_sealed_secret_is_bound_to_its_place(secured: tuple[str, list[str]]) -> None:
    sealed = json.dumps(Authenticator.objects.get(type=Authenticator.Type.TOTP).data)
    assert "secret" in sealed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_session WHERE session_data::text LIKE %s", [f"%{secured[0]}%"])
        assert cursor.fetchone() == (0,)


def test_the_password_alone_opens_nothing(alice: User, secured: tuple[str, list[str]]) -> None:
    assert not is_in(half_way(alice))


@pytest.mark.clause("X20")
def test_the_code_of_the_app_opens_and_works_once(alice: User, secured: tuple[str, list[str]]) -> None:
    code = code_now(secured[0], steps=1)
    first, second = half_way(alice), half_way(alice)
    first.post("/account/second-factor/", {"code": code})
    assert is_in(first)
    second.post("/account/second-factor/", {"code": code})
    assert not is_in(second)


@pytest.mark.clause("X20")
def test_a_recovery_code_opens_and_works_once(alice: User, secured: tuple[str, list[str]]) -> None:
    first, second = half_way(alice), half_way(alice)
    first.post("/account/second-factor/", {"code": secured[1][0]})
    assert is_in(first)
    second.post("/account/second-factor/", {"code": secured[1][0]})
    assert not is_in(second)


def test_recovery_codes_are_shown_once(browser: Client, secured: tuple[str, list[str]]) -> None:
    again = browser.get("/account/recovery-codes/").content.decode()
    assert not any(code in again for code in secured[1])


@pytest.mark.clause("X21")
def test_guessing_the_second_factor_ends_soon(alice: User, secured: tuple[str, list[str]]) -> None:
    client = half_way(alice)
    for _ in range(5):
        client.post("/account/second-factor/", {"code": "000000"})
    client.post("/account/second-factor/", {"code": code_now(secured[0], steps=1)})
    assert not is_in(client)


def test_a_new_password_by_mail_does_not_get_around_the_second_factor(
    alice: User, secured: tuple[str, list[str]]
) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": alice.email})
    client.post("/account/password/reset/code/", {"code": mailed_code()})
    client.post("/account/password/reset/new/", {"password1": "another horse, another staple"})
    assert not is_in(client)
    answer = client.post("/account/login/", {"login": alice.email, "password": "another horse, another staple"})
    assert answer.headers["Location"] == "/account/second-factor/"
    assert not is_in(client)


def test_setting_up_asks_for_the_password_again(browser: Client) -> None:
    answer = browser.get("/account/totp/activate/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_the_owner_is_told_by_mail(alice: User, browser: Client, commits_at_once: None) -> None:
    set_up(browser)
    assert alice.email in mails()[-1]


@pytest.mark.clause("X20")
def test_setting_up_ends_all_other_sessions(alice: User, browser: Client, commits_at_once: None) -> None:
    other = logged_in(alice)
    set_up(browser)
    assert not is_in(other)
    assert is_in(browser)
    assert Session.objects.filter(user=alice).count() == 1


def test_the_qr_code_is_drawn_here(browser: Client) -> None:
    reauthenticated(browser)
    page = browser.get("/account/totp/activate/").content.decode()
    assert "data:image/svg+xml;base64," in page


def test_a_rotated_key_leaves_no_second_factor_behind(
    alice: User, secured: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store().load(INSTALLATION)
    new = {max(old.data) + 1: bytes(32)}
    both = Ring(INSTALLATION, RingKeys(data={**old.data, **new}, current=max(new), index=old.index))
    monkeypatch.setattr(second_factor, "ring", lambda name: both)
    assert reseal_second_factors() == 2
    assert reseal_second_factors() == 0
    only_new = Ring(INSTALLATION, RingKeys(data=new, current=max(new), index=old.index))
    monkeypatch.setattr(second_factor, "ring", lambda name: only_new)
    totp = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    assert unseal_text(totp.data["secret"]) == secured[0]
