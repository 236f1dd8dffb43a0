"""Alice, and the ground that every test of people stands on."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.test import Client

from troth.accounts.models import QueuedMail, User

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any, tmp_path: Path) -> None:
    """Name static files as they are; collecting and hashing them is not what these tests are about."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = tmp_path


@pytest.fixture(autouse=True)
def our_mail(settings: Any) -> None:
    """Queue mails as the product does; Django's test runner would put its own backend there."""
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"


@pytest.fixture(autouse=True)
def light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the product does, but with little work: tests log in very often."""
    for name, value in {"time_cost": 1, "memory_cost": 64, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time that a password is hashed, something is put into this list."""
    times: list[str] = []
    real = Argon2PasswordHasher.encode

    def encode(hasher: Argon2PasswordHasher, password: str, salt: str) -> str:
        times.append("once")
        return real(hasher, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    return times


@pytest.fixture
def commits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do at once what waits for a commit, which the transaction around a test would never make."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_options: act())


@pytest.fixture
def alice(db: Any) -> User:
    """Return Alice, who has proven her address and has a password."""
    return person("Alice", password=PASSWORD)


@pytest.fixture
def browser(alice: User) -> Client:
    """Return a browser in which Alice has logged in."""
    return logged_in(alice)


def person(name: str, *, password: str | None = None) -> User:
    """Make somebody with a proven address."""
    address = f"{name.lower()}@people.example"
    user = User.objects.create_user(address, password, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def logged_in(user: User, *, password: str = PASSWORD) -> Client:
    """Log somebody in with a password in a browser of their own."""
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": password})
    assert answer.status_code == 302, answer.content
    return client


def reauthenticated(client: Client, *, password: str = PASSWORD) -> Client:
    """Let the browser's person type their password once more."""
    answer = client.post("/account/reauthenticate/", {"password": password})
    assert answer.status_code == 302, answer.content
    return client


def words_of(answer: Any, *, without: str = "") -> str:
    """Return what a page says in its main part, without an address and without what differs in every answer."""
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main")]
    return re.sub(r'(nonce|value)="[^"]*"', "", main).replace(without or "\0", "")


def mails() -> list[str]:
    """Return the mails that wait, the oldest first."""
    return [bytes(mail.message).replace(b"=\n", b"").decode() for mail in QueuedMail.objects.order_by("id")]


def mailed_code() -> str:
    """Return the code in the mail that was queued last."""
    found = re.search(r"\b([A-Z]{4}-[A-Z]{4})\b", mails()[-1])
    assert found is not None, mails()[-1]
    return found[1]


def at_once(act: Callable[[], Any], *, times: int) -> list[Any]:
    """Do the same thing at the same moment, each time with a connection of its own."""
    start = Barrier(times)

    def do(_turn: int) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(do, range(times)))
