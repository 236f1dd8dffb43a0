"""Each look at the installation finds nothing where all is well, and finds what is wrong where something is."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from tests import cast
from troth.accounts.models import QueuedMail, Session
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.keystore import SealedFiles
from troth.base.registry import REGISTRY
from troth.base.sealing import configure, store
from troth.ingest.models import Delivery
from troth.privacy.policy import looks
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A1.1")]


def test_headers_are_seen_to_be_there_and_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks.headers().ok
    monkeypatch.setattr("troth.ui.middleware.PrivatePages.__call__", lambda self, request: self.get_response(request))
    assert not looks.headers().ok


def test_a_page_that_does_not_answer_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.test.Client.get", lambda *args, **more: HttpResponse(status=500))
    assert not looks.headers().ok


def test_a_missing_wall_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks.walls().ok
    unwalled = [model for model in apps.get_models() if model._meta.label == "accounts.User"]
    monkeypatch.setattr(looks, "issubclass", lambda model, base: True, raising=False)
    monkeypatch.setattr(apps, "get_models", lambda: unwalled)
    seen = looks.walls()
    assert not seen.ok
    assert seen.details["holes"] == 1


def test_an_undeclared_field_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks.registry().ok
    monkeypatch.delitem(REGISTRY, "accounts.User")
    assert not looks.registry().ok


@pytest.mark.parametrize(("hours", "ok"), [(0.9, True), (1.1, False)])
def test_content_of_a_notice_that_stays_is_seen(hours: float, ok: bool) -> None:
    assert looks.deliveries().ok
    Delivery.objects.create(
        channel_id=new_id(),
        secret_hash=b"0" * 16,
        body=b"{}",
        body_hash=b"1" * 16,
        received_at=now() - timedelta(hours=hours),
    )
    assert looks.deliveries().ok is ok


@pytest.mark.parametrize(("hours", "ok"), [(1.9, True), (2.1, False)])
def test_a_mail_that_waits_is_seen(hours: float, ok: bool) -> None:
    assert looks.mail().ok
    QueuedMail.objects.create(message=b"x", created_at=now() - timedelta(hours=hours))
    assert looks.mail().ok is ok
    QueuedMail.objects.update(message=None, delivered_at=now())
    assert looks.mail().ok


@pytest.mark.parametrize(("days", "ok"), [(29, True), (31, False)])
def test_an_address_that_stays_is_seen(days: int, ok: bool) -> None:
    Session.objects.create(
        session_key="x", session_data="", ip="192.0.2.1", created_at=now() - timedelta(days=days), expire_date=now()
    )
    assert looks.addresses().ok is ok


@pytest.fixture
def own_keys(tmp_path: Path) -> Any:
    """Rings of this test alone."""
    usual = store()
    configure(SealedFiles(tmp_path / "keys"))
    yield
    configure(usual)


def test_chains_are_followed_and_a_break_is_seen(own_keys: None) -> None:
    house = cast.kopi()
    for _ in range(3):
        record("thing.done", by=Actor.system())
        with scope(house.id):
            record("thing.done", by=Actor.system())
    seen = looks.chains()
    assert (seen.ok, seen.words) == (True, "0 breaks in 6 entries of 2 chains")


def test_a_forged_entry_breaks_its_chain(own_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    house = cast.kopi()
    with scope(house.id):
        for _ in range(3):
            record("thing.done", by=Actor.system())
        with connection.cursor() as cursor:
            # As somebody would who got around the guards: an entry of the right shape that does not follow.
            cursor.execute(
                "INSERT INTO audit_entry (id, workspace_id, number, at, actor_kind, action, target_kind, hash)"
                " VALUES (%s, %s, 4, now(), 'system', 'thing.done', '', %s)",
                [new_id(), house.id, b"0" * 32],
            )
    assert not looks.chains().ok


def test_only_the_newest_entries_of_a_long_chain_are_followed(own_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "LINKS_EACH", 3)
    for _ in range(7):
        record("thing.done", by=Actor.system())
    assert looks.chains().ok
    assert "4 entries" in looks.chains().words


def test_a_ring_that_does_not_open_is_seen(own_keys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    house = cast.kopi()
    assert looks.keys().ok
    (path,) = (tmp_path / "keys").rglob(f"*{house.id}*")
    path.write_text("{}")
    assert not looks.keys().ok


def test_keys_that_others_may_read_are_seen(own_keys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    cast.kopi()
    (tmp_path / "keys").chmod(0o755)
    assert not looks.keys().ok


def test_what_is_said_holds_no_id_and_no_name(own_keys: None) -> None:
    house = cast.kopi()
    for look in (looks.walls, looks.registry, looks.deliveries, looks.mail, looks.addresses, looks.chains, looks.keys):
        seen = look()
        said = f"{seen.words} {dict(seen.details)}"
        assert str(house.id) not in said
        assert house.handle not in said
