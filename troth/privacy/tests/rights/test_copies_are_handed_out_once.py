"""A copy lies sealed, is offered only when it is whole, is fetched once within 72 hours, and is gone afterwards."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import House
from tests.house.canaries import canary, found_below
from troth.audit.models import Entry
from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.sealed_files import PIECE_BYTES, SealedReader, SealedWriter
from troth.base.sealing import Unreadable, ring
from troth.contacts.masking import UNMASKED
from troth.inbox.models import Message
from troth.inbox.tests.arriving import said, told
from troth.privacy.models import Export, ExportState, PersonalExport
from troth.privacy.rights.exports import delivery, gather, job, places, request_export, request_personal_export
from troth.privacy.rights.exports.gather import line_of
from troth.privacy.rights.exports.task import SILENT, TakenOver, Task
from troth.privacy.tests.rights.conftest import contact_named, make_export, opened, rows_in
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X18")]


def address(house: House, export: Export, act: str = "") -> str:
    return f"/w/{house.handle}/privacy/exports/{export.pk}/{act}"


def age(house: House, export: Export, by: timedelta) -> None:
    with scope(house.id):
        Export.objects.filter(pk=export.pk).update(expires_at=F("expires_at") - by)


@pytest.mark.clause("B7.1", "B7.4")
def test_an_owner_fetches_it_once_and_it_is_written_down(talked: House, client: Client) -> None:
    export = make_export(talked)
    client.force_login(talked.users["Alice"])
    assert "Download" in client.get(address(talked, export)).content.decode()
    answer: Any = client.post(address(talked, export, "download/"))
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"PK")
    assert len(data) == int(answer.headers["Content-Length"]) == export.size_bytes
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.post(address(talked, export, "download/")).status_code == 409
    with scope(talked.id):
        acts = list(Entry.objects.filter(target_id=export.pk).order_by("number").values_list("action", flat=True))
    assert acts == ["export.asked", "export.made", "export.downloaded"]


def test_a_downloaded_copy_opens_numbers_and_is_written_down_as_that(talked: House, client: Client) -> None:
    """Whoever sees numbers masked makes a person's copy and sends it on unopened; to open it says why."""
    with scope(talked.id):
        Membership.objects.filter(pk=talked.members["Alice"]).update(role=Role.ADMIN)
        Workspace.objects.update(phones_from=Role.OWNER)
        person = contact_named("Mei Ling")
    export = make_export(talked, "contact", person.pk)
    client.force_login(talked.users["Alice"])
    assert "numbers in full" in client.get(address(talked, export)).content.decode()
    with scope(talked.id):
        assert not Entry.objects.filter(action=UNMASKED).exists()
    assert client.post(address(talked, export, "download/")).status_code == 200
    with scope(talked.id):
        opened_by = Entry.objects.get(action=UNMASKED)
    assert (opened_by.target_id, opened_by.actor_id) == (person.pk, talked.members["Alice"])


@pytest.mark.clause("B7.1")
def test_it_is_over_after_72_hours_and_then_gone_from_the_disk(talked: House, client: Client) -> None:
    export = make_export(talked)
    assert export.expires_at is not None
    assert export.ready_at is not None
    assert export.expires_at - export.ready_at == timedelta(hours=72)
    client.force_login(talked.users["Alice"])
    age(talked, export, timedelta(hours=72))
    assert client.post(address(talked, export, "download/")).status_code == 409
    assert places.file_of(export).exists()
    job.tend()
    assert not places.folder_of(export).exists()
    with scope(talked.id):
        assert Export.objects.get(pk=export.pk).state == ExportState.GONE


@pytest.mark.clause("X25")
def test_whoever_lost_the_role_since_asking_gets_nothing(talked: House, client: Client) -> None:
    export = make_export(talked)
    with scope(talked.id):
        Membership.objects.filter(pk=talked.members["Bob"]).update(role=Role.OWNER)
        Membership.objects.filter(pk=talked.members["Alice"]).update(role=Role.ADMIN)
    client.force_login(talked.users["Alice"])
    assert client.post(address(talked, export, "download/")).status_code == 404
    client.force_login(talked.users["Vera"])
    assert client.post(address(talked, export, "download/")).status_code == 403


def test_a_stranger_finds_nothing(talked: House, other: House, client: Client) -> None:
    export = make_export(talked)
    client.force_login(other.users["Charlie"])
    assert client.get(address(talked, export)).status_code == 404
    assert client.get(address(other, export)).status_code == 404
    assert client.post(address(other, export, "download/")).status_code == 404


@pytest.mark.clause("B7.1")
def test_a_person_outside_fetches_their_own_by_a_link_that_works_once(talked: House, client: Client) -> None:
    with scope(talked.id):
        person = contact_named("Mei Ling").pk
    export = make_export(talked, "contact", person)
    with scope(talked.id):
        token = delivery.make_link(export, by=Actor.system())
    assert client.get(f"/copy/{token}/").status_code == 200
    assert client.get(f"/copy/{token}/").status_code == 200, "a preview uses nothing up"
    answer: Any = client.post(f"/copy/{token}/")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert [client.get(f"/copy/{token}/").status_code, client.post(f"/copy/{token}/").status_code] == [404, 404]
    assert client.get("/copy/nothing/").content == client.get(f"/copy/{token}/").content
    with scope(talked.id):
        by = Entry.objects.get(target_id=export.pk, action="export.downloaded")
        assert (by.actor_kind, by.actor_id) == ("contact", person)


def test_a_newer_link_ends_the_earlier_one(talked: House, client: Client) -> None:
    with scope(talked.id):
        person = contact_named("Mei Ling").pk
    export = make_export(talked, "contact", person)
    with scope(talked.id):
        first = delivery.make_link(export, by=Actor.system())
        second = delivery.make_link(export, by=Actor.system())
    assert [client.get(f"/copy/{token}/").status_code for token in (first, second)] == [404, 200]


def test_nothing_of_it_is_in_clear_on_the_disk(house: House) -> None:
    word = canary()
    told(house, said(house, word, id="wamid.W", name=word))
    export = make_export(house)
    assert any(row["content"]["text"] == word for row in rows_in(opened(house, export), "messages"))
    assert found_below(places.root(), [word]) == set()
    assert {path.stat().st_mode & 0o077 for path in places.root().rglob("*")} == {0}


@pytest.mark.clause("B7.1")
@pytest.mark.parametrize("killed_in", ["gather", "pack"])
def test_a_worker_that_is_killed_leaves_nothing_to_fetch_and_another_goes_on(
    talked: House, client: Client, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    with scope(talked.id):
        owner = Membership.objects.select_related("user").get(id=talked.members["Alice"])
        export = request_export("workspace", None, by=Actor.member(owner.pk), member=owner)
    real = getattr(job, killed_in)

    def half(task: Task, *more: Any) -> Any:
        if killed_in == "gather":
            monkeypatch.setattr(gather, "line_of", _killed_after(12, line_of))
        else:
            monkeypatch.setattr("troth.privacy.rights.exports.pack._workbook", _killed_after(0, line_of))
        return real(task, *more)

    with monkeypatch.context() as patched:
        patched.setattr(job, killed_in, half)
        with pytest.raises(SystemExit):
            job.make(str(talked.id), str(export.pk))
    monkeypatch.undo()
    assert not places.file_of(export).exists()
    client.force_login(talked.users["Alice"])
    assert client.post(address(talked, export, "download/")).status_code == 409
    job.make(str(talked.id), str(export.pk))
    assert not places.file_of(export).exists(), "the first may still be alive"
    with scope(talked.id):
        Export.objects.filter(pk=export.pk).update(beat_at=now() - 2 * SILENT)
    job.make(str(talked.id), str(export.pk))
    with scope(talked.id):
        export.refresh_from_db()
    assert export.state == ExportState.READY
    assert len(rows_in(opened(talked, export), "messages")) == 3


def _killed_after(calls: int, real: Any) -> Any:
    left = [calls]

    def call(*given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit
        return real(*given)

    return call


def test_a_worker_that_was_taken_over_stops_and_offers_nothing(talked: House) -> None:
    with scope(talked.id):
        owner = Membership.objects.select_related("user").get(id=talked.members["Alice"])
        export = request_export("workspace", None, by=Actor.member(owner.pk), member=owner)
    first = Task.claim(export.pk, workspace_id=talked.id)
    assert first is not None
    assert Task.claim(export.pk, workspace_id=talked.id) is None
    with scope(talked.id):
        Export.objects.filter(pk=export.pk).update(beat_at=now() - 2 * SILENT)
    assert Task.claim(export.pk, workspace_id=talked.id) is not None
    with pytest.raises(TakenOver):
        first.count(1)


def test_a_silent_copy_is_gone_on_with_by_the_schedule(talked: House) -> None:
    with scope(talked.id):
        owner = Membership.objects.select_related("user").get(id=talked.members["Alice"])
        export = request_export("workspace", None, by=Actor.member(owner.pk), member=owner)
        Export.objects.filter(pk=export.pk).update(created_at=now() - 2 * SILENT)
    before = ProcrastinateJob.objects.filter(task_name="exports.make").count()
    job.tend()
    assert ProcrastinateJob.objects.filter(task_name="exports.make").count() == before + 1


def test_more_rows_than_a_batch_come_once_each_and_in_order(talked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "BATCH", 2)
    for number in range(7):
        told(talked, said(talked, f"Number {number}", id=f"wamid.N{number}", at=1_700_000_000))
    rows = rows_in(opened(talked, make_export(talked)), "messages")
    assert len({row["id"] for row in rows}) == len(rows) == 10
    assert [(row["conversation"], row["at"], row["id"]) for row in rows] == sorted(
        (row["conversation"], row["at"], row["id"]) for row in rows
    )
    with scope(talked.id):
        assert Message.objects.count() == 10


@pytest.mark.clause("B7.1")
def test_a_person_gets_their_places_in_all_workspaces_and_nobody_elses(talked: House, other: House) -> None:
    alice = talked.users["Alice"]
    with scope(other.id):
        Membership.objects.create(user=alice, role=Role.VIEWER, removed_at=now())
    export = request_personal_export(alice)
    job.make_personal(str(export.pk))
    export = PersonalExport.objects.get(pk=export.pk)
    assert export.state == ExportState.READY
    with SealedReader(places.file_of(export), keys=places.ring_of(export), name=str(export.pk)) as reader:
        bundle = zipfile.ZipFile(io.BytesIO(b"".join(reader.pieces())))
    assert [row["id"] for row in rows_in(bundle, "profile")] == [str(alice.pk)]
    assert {row["workspace"] for row in rows_in(bundle, "memberships")} == {str(talked.id), str(other.id)}
    assert {row["user"] for row in rows_in(bundle, "memberships")} == {str(alice.pk)}
    assert "password" not in rows_in(bundle, "profile")[0]


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 200_001])
def test_a_sealed_file_gives_back_what_was_written(house: House, tmp_path: Any, size: int) -> None:
    data = bytes(i % 251 for i in range(size))
    with scope(house.id):
        with SealedWriter(tmp_path / "x", keys=ring(), name="x") as out:
            for start in range(0, size, 40_000):
                out.write(data[start : start + 40_000])
        with SealedReader(tmp_path / "x", keys=ring(), name="x") as reader:
            assert b"".join(reader.pieces()) == data
            reader.seek(max(0, size - 10))
            assert reader.read() == data[-10:] if size else True
            assert reader.size == size


def test_a_sealed_file_that_was_cut_swapped_or_renamed_does_not_open(house: House, tmp_path: Any) -> None:
    with scope(house.id):
        with SealedWriter(tmp_path / "x", keys=ring(), name="x") as out:
            out.write(b"a" * (3 * PIECE_BYTES))
        whole = (tmp_path / "x").read_bytes()
        step = len(whole) // 3
        broken = {
            "cut": whole[: 2 * step],
            "torn": whole[:-5],
            "swapped": whole[step : 2 * step] + whole[:step] + whole[2 * step :],
            "changed": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        }
        for name, data in broken.items():
            (tmp_path / name).write_bytes(data)
            with pytest.raises(Unreadable), SealedReader(tmp_path / name, keys=ring(), name="x") as reader:
                list(reader.pieces())
        with pytest.raises(Unreadable), SealedReader(tmp_path / "x", keys=ring(), name="y") as reader:
            list(reader.pieces())
