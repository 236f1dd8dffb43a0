"""While an app secret is replaced both count, at the door and when a delivery is given to its channel."""

from collections.abc import Sequence

import pytest
from django.db import connection

from tests.cast import APP_SECRET, House, connect
from troth.base.clock import now
from troth.base.sealing import ring
from troth.channels.app_secrets import hash_of
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

NEW = "abcdef0123456789abcdef0123456789"
NEWER = "99999999999999999999999999999999"


@pytest.fixture
def url(house: House) -> str:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(first_delivery_at=now())
    return f"/w/{house.handle}/channels/{house.channel}/"


def at_the_door(house: House) -> list[bytes]:
    """Return the secrets that the door's look-up gives, newest first, each with the right fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app_secret, app_secret_hash, previous_app_secret, previous_app_secret_hash FROM channel_door(%s)",
            [house.channel],
        )
        found = cursor.fetchone()
    assert found is not None
    secret, mark, previous, previous_mark = found
    keys = ring(str(house.id))
    pairs = [("app_secret", secret, mark), ("previous_app_secret", previous, previous_mark)]
    known = [
        (keys.unseal(bytes(sealed), place=f"channels_channel.{column}"), bytes(fingerprint))
        for column, sealed, fingerprint in pairs
        if sealed is not None
    ]
    assert all(hash_of(plain.decode()) == fingerprint for plain, fingerprint in known)
    return [plain for plain, _ in known]


def routes(number_id: str) -> Sequence[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_hash, previous_secret_hash FROM channels_for(%s, '{}')", [[number_id]])
        row = cursor.fetchone()
    assert row is not None
    return [None if mark is None else bytes(mark) for mark in row]


def test_the_old_secret_counts_until_it_is_ended(house: House, browser_of: Browser, url: str) -> None:
    alice = browser_of("Alice")
    assert at_the_door(house) == [APP_SECRET.encode()]
    assert alice.post(f"{url}secret/", {"app_secret": NEW}).status_code == 302
    assert at_the_door(house) == [NEW.encode(), APP_SECRET.encode()]
    assert routes(house.number_id) == [hash_of(NEW), hash_of(APP_SECRET)]
    assert "Two app secrets count at the moment" in alice.get(url).content.decode()
    assert alice.post(f"{url}secret/previous/").status_code == 302
    assert at_the_door(house) == [NEW.encode()]
    assert routes(house.number_id) == [hash_of(NEW), None]


def test_a_third_secret_ends_the_first(house: House, browser_of: Browser, url: str) -> None:
    alice = browser_of("Alice")
    for secret in (NEW, NEWER):
        with scope(house.id):
            Channel.objects.filter(pk=house.channel).update(first_delivery_at=now())
        alice.post(f"{url}secret/", {"app_secret": secret})
    assert at_the_door(house) == [NEWER.encode(), NEW.encode()]


def test_the_same_secret_again_is_no_rotation(house: House, browser_of: Browser, url: str) -> None:
    alice = browser_of("Alice")
    alice.post(f"{url}secret/", {"app_secret": NEW})
    answer = alice.post(f"{url}secret/", {"app_secret": NEW})
    assert answer.status_code == 422
    assert "in use already" in answer.content.decode()
    assert at_the_door(house) == [NEW.encode(), APP_SECRET.encode()]


def test_a_secret_that_never_was_right_is_not_kept(house: House, browser_of: Browser, url: str) -> None:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(first_delivery_at=None)
    browser_of("Alice").post(f"{url}secret/", {"app_secret": NEW})
    assert at_the_door(house) == [NEW.encode()]


def test_the_other_numbers_of_the_same_app_follow(house: House, browser_of: Browser, url: str) -> None:
    with scope(house.id):
        second = connect(number_id="100000000000021", account_id=house.account_id, secret=APP_SECRET)
        apart = connect(number_id="100000000000022", account_id=house.account_id, secret="of another app")
        Channel.objects.filter(pk=second.pk).update(first_delivery_at=now())
    browser_of("Alice").post(f"{url}secret/", {"app_secret": NEW})
    assert routes("100000000000021") == [hash_of(NEW), hash_of(APP_SECRET)]
    assert routes("100000000000022") == [hash_of("of another app"), None]
    browser_of("Alice").post(f"{url}secret/previous/")
    assert routes("100000000000021") == [hash_of(NEW), None]
    assert apart.pk != second.pk


def test_a_new_secret_is_asked_about_again(house: House, browser_of: Browser, url: str) -> None:
    with scope(house.id):
        Channel.objects.filter(pk=house.channel).update(
            checks={"token": {"ok": True, "code": "ok", "facts": {}, "at": now()}}
        )
    alice = browser_of("Alice")
    alice.post(f"{url}secret/", {"app_secret": NEW})
    assert f'hx-post="{url}checks/token/" hx-trigger="load"' in alice.get(url).content.decode()


def test_a_new_token_takes_the_place_of_the_old_one(house: House, browser_of: Browser, url: str) -> None:
    browser_of("Alice").post(f"{url}token/", {"token": "EAA" + "n" * 40})
    with scope(house.id):
        assert Channel.objects.get(pk=house.channel).token == "EAA" + "n" * 40
