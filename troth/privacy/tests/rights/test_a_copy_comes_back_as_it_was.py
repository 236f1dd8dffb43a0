"""Exported, imported into an empty workspace and exported again, everything is the same, but for what brought.py names."""

import io
import itertools
import zipfile
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import bodies
from tests.cast import House, house, user
from tests.deliver import deliver
from tests.house.canaries import canary, found_below
from troth.accounts.claims import unproven_users
from troth.accounts.models import User
from troth.audit.record import Actor
from troth.base.sealed_files import SealedWriter
from troth.base.sealing import INSTALLATION, ring
from troth.channels.contract import Content
from troth.channels.models import Channel, Rate
from troth.contacts.models import Contact, Identity
from troth.contacts.naming import rename
from troth.contacts.recognise import recognise
from troth.contacts.sighting import Sighting
from troth.inbox.acts import assign, close, keep_draft
from troth.inbox.models import Attachment, AttachmentState, Conversation, Message, MessageStatus
from troth.inbox.outbox import queue
from troth.inbox.tests.arriving import NOON, edited, revoked, said, told
from troth.media import pictures, store
from troth.privacy.forgetting.contacts import request_erasure
from troth.privacy.models import DataImport, ImportState
from troth.privacy.rights.exports import places
from troth.privacy.rights.imports import brought, job, restoring
from troth.privacy.rights.imports.moving import Mover
from troth.privacy.rights.imports.uploads import SealedFile, take
from troth.privacy.tests.rights.conftest import every_word, make_export, opened, rows_in
from troth.workspaces.founding import found_workspace
from troth.workspaces.models import Membership, Role, Team, TeamMember, Workspace
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


def busy(full: House) -> None:
    """Fill a house with one of everything that a team makes."""
    told(
        full,
        said(full, "Is the café open?", id="wamid.A", name="Mei Ling"),
        said(full, "=1+1", id="wamid.B", at=NOON + 60, context={"id": "wamid.A"}),
        said(full, "Marhaba", id="wamid.C", at=NOON + 90, name="أحمد", phone="966501234567"),
        edited(full, "wamid.B", "Two", at=NOON + 70),
        revoked(full, "wamid.C", at=NOON + 100),
        _reacted(full, "wamid.A", "❤"),
        _reacted(full, "wamid.NEVER", "👍"),
    )
    with scope(full.id):
        alice, bob = (Membership.objects.select_related("user").get(id=full.members[name]) for name in ("Alice", "Bob"))
        first = Conversation.objects.order_by("id").first()
        assert first is not None
        Channel.objects.update(open_to_all=True)
        assign(first, to=bob, by=alice)
        queue(first, Content(kind="text", text="We are!"), by=bob)
        queue(first, Content(kind="text", text="By itself"), by=None)
        keep_draft(first, "And also", of=alice)
        id, files = _with_a_file(Message.objects.earliest("id"), picture()), store.files()
        close(Conversation.objects.exclude(pk=first.pk).get(), by=alice)
        rename(first.contact, "Mei (cakes)")
        price(by=alice)
        Contact.objects.exclude(pk=first.contact_id).update(merged_into=first.contact_id)
        TeamMember.objects.create(team=Team.objects.create(name="Bakers"), membership=bob)
        Membership.objects.filter(pk=full.members["Vera"]).update(removed_at="2026-01-01T00:00:00Z", removed_by=alice)
    for part, written in ((store.WHOLE, picture()), (store.PREVIEW, pictures.preview(picture(), "image/jpeg"))):
        with files.writer(id, part) as out:
            out.write(written)


def price(*, by: Membership | None) -> None:
    """Make a rate, which has a day and an exact number."""
    facts = {"currency": "USD", "market": "MY", "category": "utility", "valid_from": "2026-10-01"}
    Rate.objects.create(**facts, amount="0.014000", created_by=by)


def picture() -> bytes:
    """Return a picture as the store holds one."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def _with_a_file(message: Message, data: bytes) -> UUID:
    about = {"mime": "image/jpeg", "size_bytes": len(data), "width": 40, "height": 30, "has_preview": True}
    row = Attachment.objects.create(
        message=message, state=AttachmentState.HERE, next_attempt_at=None, wave="00ff", name="tea.jpg", **about
    )
    id: UUID = row.id
    return id


def _reacted(full: House, target: str, emoji: str) -> bodies.Body:
    reaction = {"message_id": target, "emoji": emoji}
    message = {"from": "60123456789", "id": f"{target}.R", "timestamp": str(NOON + 5), "type": "reaction"}
    return bodies.envelope(
        bodies.value(full.number_id, messages=[{**message, "reaction": reaction}]), account=full.account_id
    )


def empty(name: str = "New") -> House:
    """Make a workspace with nothing in it but its owner."""
    owner = user(name)
    made = found_workspace(name, by=owner)
    with scope(made.pk):
        member = Membership.objects.get()
    return House(made.pk, made.handle, made.pk, "", "", "", {name: member.pk}, {name: owner})


def brought_in(into: House, data: bytes) -> DataImport:
    """Hand a file in as the page does, and let the job restore it."""
    with scope(into.id):
        owner = Membership.objects.filter(removed_at=None, role=Role.OWNER).order_by("id").first()
        assert owner is not None
        taken = take(_arrived(data), by=owner)
    job.restore(str(into.id), str(taken.pk))
    with scope(into.id):
        return DataImport.objects.get(pk=taken.pk)


def _arrived(data: bytes) -> SealedFile:
    from troth.base.ids import new_id  # noqa: PLC0415

    id = new_id()
    path = places.root() / "arriving" / str(id)
    with SealedWriter(path, keys=ring(INSTALLATION), name=str(id)) as out:
        out.write(data)
    return SealedFile(id, path, size=len(data))


def bytes_of(full: House) -> bytes:
    """Export a workspace and return its file."""
    export = make_export(full)
    out = opened(full, export).fp
    assert out is not None
    out.seek(0)
    return out.read()


def same(before: bytes, after: bytes, *, taken: DataImport, into: House) -> list[str]:
    """Return how two copies differ, beyond what brought.py names."""
    one, two = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    move = Mover(f"{into.id}|{taken.pk}")
    with scope(into.id):
        parts = brought.parts()
    wrong = []
    for part in parts:
        old = {row["id"]: _settled(part.label, row, None, into) for row in rows_in(one, part.key)}
        new = {
            row["id"]: row
            for row in (_settled(part.label, _moved_back(row, move), move, into) for row in rows_in(two, part.key))
        }
        # What founding the workspace made stands in the second copy only.
        new = {id: row for id, row in new.items() if id in old or part.label not in brought.FOUNDING}
        wrong += [f"{part.key}: {id}" for id in sorted(old.keys() | new.keys()) if old.get(id) != new.get(id)]
        order = [row["id"] for row in rows_in(one, part.key)]
        back = [_moved_back(row, move)["id"] for row in rows_in(two, part.key)]
        if part.label not in brought.FOUNDING and order != back:
            wrong.append(f"{part.key}: the order")
    if _files_in(one) != {str(move.back(UUID(id))): data for id, data in _files_in(two).items()}:
        wrong.append("files")
    return wrong


def _files_in(copy: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the files of messages in a copy, by their rows."""
    return {name[6:42]: copy.read(name) for name in copy.namelist() if name.startswith("files/")}


def _moved_back(row: dict[str, Any], move: Mover) -> dict[str, Any]:
    def back(name: str, value: Any) -> Any:
        if name in ("client_id", "workspace") or not isinstance(value, str) or len(value) != 36:
            return value
        try:
            return str(move.back(UUID(value)))
        except ValueError:
            return value

    return {name: back(name, value) for name, value in row.items()}


def _settled(label: str, row: dict[str, Any], move: Mover | None, into: House) -> dict[str, Any]:
    """Leave out what brought.py says differs."""
    gone = {name.rpartition(".")[2] for name in brought.DIFFERS if name.startswith(f"{label}.")} | {"workspace"}
    return {name: value for name, value in row.items() if name not in gone}


@pytest.mark.clause("B7.4")
@pytest.mark.usefixtures("keeping")
def test_exported_imported_and_exported_again_it_is_the_same(house: House) -> None:
    busy(house)
    before = bytes_of(house)
    into = empty()
    taken = brought_in(into, before)
    assert (taken.state, taken.problems) == (ImportState.DONE, None)
    assert same(before, bytes_of(into), taken=taken, into=into) == []
    assert taken.rows["messages"] == 5
    with scope(into.id):
        brought_file, files = Attachment.objects.get(), store.files()
    with files.reader(brought_file.id) as file, files.reader(brought_file.id, store.PREVIEW) as small:
        assert file.read() == picture()
        assert small.read()[8:12] == b"WEBP"


@pytest.mark.clause("B7.4", "B4.2")
def test_whoever_is_being_forgotten_is_in_no_copy_of_the_workspace(house: House) -> None:
    leaving = canary()
    told(
        house,
        said(house, "Is the café open?", id="wamid.A", name="Mei Ling"),
        said(house, leaving, id="wamid.B", name=leaving, phone="966501234567"),
        said(house, f"{leaving} too", id="wamid.C", name=leaving, phone="966501234567"),
        _reacted(house, "wamid.B", "❤"),
    )
    with scope(house.id):
        owner = Membership.objects.get(pk=house.members["Alice"])
        gone = next(one for one in Contact.objects.all() if one.profile_name == leaving)
        keep_draft(Conversation.objects.get(contact=gone), leaving, of=owner)
        # Said in a group of others, too.
        group = Conversation.objects.exclude(contact=gone).get()
        said_there = Message.objects.filter(conversation__contact=gone).order_by("id").last()
        assert said_there is not None
        Message.objects.filter(pk=said_there.pk).update(sender=gone, conversation=group)
        request_erasure(gone.pk, by=Actor.member(owner.pk))
    before = bytes_of(house)
    with zipfile.ZipFile(io.BytesIO(before)) as bundle:
        assert [name for name, data in every_word(bundle) if leaving.encode() in data or b"966501234567" in data] == []
    into = empty()
    taken = brought_in(into, before)
    assert (taken.state, taken.problems) == (ImportState.DONE, None)
    assert taken.rows["messages"] == 1
    assert same(before, bytes_of(into), taken=taken, into=into) == []


@pytest.mark.clause("B7.4")
def test_what_came_back_is_history_and_nothing_leaves(house: House, client: Client) -> None:
    busy(house)
    into = empty()
    brought_in(into, bytes_of(house))
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM outbox_waiting()")
        assert into.id not in {row[0] for row in cursor.fetchall()}
    with scope(into.id):
        assert not Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]).exists()
        assert not Conversation.objects.filter(unread__gt=0).exists()
        assert [one.is_removed for one in Channel.objects.all()] == [True]
        assert Membership.objects.filter(removed_at=None).count() == 1
        thread = Conversation.objects.filter(contact__merged_into=None).first()
        assert thread is not None
    client.force_login(into.users["New"])
    page = client.get(f"/w/{into.handle}/inbox/{thread.pk}/?show=all").content.decode()
    for word in ("Is the café open?", "We are!", "Mei (cakes)", "❤"):
        assert word in page


@pytest.mark.clause("B7.4")
def test_nobody_can_sign_in_as_a_former_colleague_and_the_sweep_leaves_them(house: House) -> None:
    busy(house)
    into = empty()
    brought_in(into, bytes_of(house))
    people = User.objects.filter(email__endswith=restoring.AWAY)
    assert people.count() == 3
    assert not people.filter(is_active=True).exists()
    assert not any(one.has_usable_password() for one in people)
    assert not unproven_users().filter(pk__in=people.values("pk")).exists()


@pytest.mark.clause("B7.4")
def test_people_are_recognised_again_by_their_numbers(house: House) -> None:
    told(house, said(house, "Hello", id="wamid.A", name="Mei Ling"))
    into = empty()
    brought_in(into, bytes_of(house))
    with scope(into.id):
        assert Identity.objects.get().value == "+60123456789"
        found = recognise([Sighting(at=Identity.objects.get().valid_from, phone="60123456789")])
        assert found == [Contact.objects.get().pk]


@pytest.mark.clause("B7.4")
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30), min_size=1, max_size=4
    ),
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20),
    seed=st.integers(0, 10**6),
)
def test_whatever_people_wrote_comes_back(texts: list[str], name: str, seed: int) -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        full = house(
            f"H{seed}",
            people={f"O{next(_numbers)}": Role.OWNER},
            number_id=f"1{next(_numbers):014d}",
            account_id=f"2{seed:014d}",
        )
        for number, text in enumerate(texts):
            deliver(full, said(full, text, id=f"wamid.{number}", at=NOON, name=name, phone=f"60123{seed % 10:06}"))
        before = bytes_of(full)
        into = empty(f"N{next(_numbers)}")
        taken = brought_in(into, before)
        assert taken.state == ImportState.DONE, taken.problems
        assert same(before, bytes_of(into), taken=taken, into=into) == []
        transaction.set_rollback(True)


def test_nothing_of_a_file_is_in_clear_on_the_disk(house: House) -> None:
    word = canary()
    told(house, said(house, word, id="wamid.A", name=word))
    into = empty()
    brought_in(into, bytes_of(house))
    assert found_below(places.root(), [word]) == set()


@pytest.mark.clause("X23")
def test_a_killed_import_goes_on_and_ends_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(house)
    before = bytes_of(house)
    into = empty()
    real, calls = restoring._put, [0]

    def put(*given: Any) -> None:
        calls[0] += 1
        if calls[0] == 6:
            raise SystemExit
        real(*given)

    monkeypatch.setattr(restoring, "_put", put)
    with scope(into.id):
        owner = Membership.objects.get(removed_at=None)
        taken = take(_arrived(before), by=owner)
    with pytest.raises(SystemExit):
        job.restore(str(into.id), str(taken.pk))
    with scope(into.id):
        DataImport.objects.filter(pk=taken.pk).update(beat_at="2026-01-01T00:00:00Z")
    job.restore(str(into.id), str(taken.pk))
    with scope(into.id):
        taken.refresh_from_db()
    assert (taken.state, taken.problems) == (ImportState.DONE, None)
    assert same(before, bytes_of(into), taken=taken, into=into) == []


def test_only_an_empty_workspace_takes_one(house: House, client: Client) -> None:
    told(house, said(house, "Hello", id="wamid.A"))
    data = bytes_of(house)
    arriving = places.root() / "arriving"
    before = set(arriving.glob("*"))
    client.force_login(house.users["Alice"])
    answer = client.post(f"/w/{house.handle}/privacy/import/", {"file": io.BytesIO(data)})
    assert answer.status_code == 409
    assert set(arriving.glob("*")) == before


def test_the_page_takes_a_file_and_the_command_does_the_same(house: House, client: Client, tmp_path: Any) -> None:
    told(house, said(house, "Hello", id="wamid.A"))
    data = bytes_of(house)
    into = empty()
    client.force_login(into.users["New"])
    answer = client.post(f"/w/{into.handle}/privacy/import/", {"file": io.BytesIO(data)})
    assert answer.status_code == 302
    with scope(into.id):
        taken = DataImport.objects.get()
    job.restore(str(into.id), str(taken.pk))
    assert "Restored." in client.get(answer.headers["Location"]).content.decode()
    (tmp_path / "copy.zip").write_bytes(data)
    again = empty("Again")
    call_command("privacy_import", again.handle, str(tmp_path / "copy.zip"), stdout=io.StringIO())
    with scope(again.id):
        assert Message.objects.count() == 1
        assert Workspace.current().name == "Again"
    with pytest.raises(CommandError, match="not empty"):
        call_command("privacy_import", again.handle, str(tmp_path / "copy.zip"), stdout=io.StringIO())


@pytest.mark.parametrize("other", [0, 1, 2**74, 2**121, (1 << 122) - 1])
def test_ids_move_and_come_back_in_order(other: int) -> None:
    from uuid import UUID, uuid4  # noqa: PLC0415

    from troth.base.ids import new_id  # noqa: PLC0415

    move = Mover(f"key {other}")
    ids = [new_id() for _ in range(50)]
    assert [move.back(move(id)) for id in ids] == ids
    assert sorted(map(move, ids)) == [move(id) for id in ids]
    assert isinstance(move(uuid4()), UUID)
    assert {move(id).version for id in ids} == {7}
