"""What a copy holds, against a walk of the registry that shares no code with the one that makes copies."""

import hashlib
import json
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from tests.cast import House
from tests.house.canaries import canary
from troth.accounts.models import User
from troth.base.registry import REGISTRY, DataClass, Subject
from troth.contacts.models import Contact
from troth.inbox.acts import close, keep_draft
from troth.inbox.models import Attachment, AttachmentState, Conversation, Message
from troth.inbox.tests.arriving import said, told
from troth.media import store
from troth.privacy.rights.exports import walk
from troth.privacy.tests.rights.conftest import contact_named, every_word, make_export, opened, rows_in
from troth.workspaces.models import Membership, WorkspaceModel
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def reachable(contact_id: UUID) -> dict[str, set[str]]:
    """Return the ids of rows by model that lead to a contact, found row by row, by looking at what each row points to."""
    found: dict[str, set[str]] = {}
    for label, said_ in REGISTRY.items():
        if said_.subject != Subject.CONTACT or not said_.export:
            continue
        model = apps.get_model(label)
        found[label] = {
            str(row.pk)
            for row in model._default_manager.all()
            if any(_leads(row, way) == contact_id for way in said_.reach)
        }
    return found


def _leads(row: models.Model, way: str) -> Any:
    at: Any = row
    for step in way.split("__") if way else []:
        at = getattr(at, step, None)
        if at is None:
            return None
    return at.pk if isinstance(at, models.Model) else at


def _ids(bundle: Any, key: str) -> set[str]:
    return {row["id"] for row in rows_in(bundle, key)}


@pytest.mark.clause("B7.1")
def test_a_contacts_copy_holds_every_row_that_leads_to_them_and_no_other(talked: House) -> None:
    with scope(talked.id):
        people = list(Contact.objects.values_list("id", flat=True))
        member = Membership.objects.select_related("user").get(id=talked.members["Alice"])
        for thread in Conversation.objects.all():
            keep_draft(thread, "Soon", of=member)
            close(thread, by=member)
    for person in people:
        bundle = opened(talked, make_export(talked, "contact", person))
        with scope(talked.id):
            expected = reachable(person)
            for part in walk.of_contact(person):
                assert _ids(bundle, part.key) == expected.pop(part.label), part.key
        assert expected == {}
        assert len(_ids(bundle, "messages")) in (1, 2)


@pytest.mark.clause("B7.1", "B7.4")
def test_a_workspaces_copy_holds_every_row_of_every_part(talked: House, other: House) -> None:
    told(other, said(other, "Elsewhere", id="wamid.Z"))
    bundle = opened(talked, make_export(talked))
    for label, said_ in REGISTRY.items():
        model = apps.get_model(label)
        if said_.export and issubclass(model, WorkspaceModel):
            with scope(talked.id):
                key = next(part.key for part in walk.of_workspace() if part.label == label)
                made_since = {"audit.Entry", "privacy.Export"}
                if label not in made_since:
                    assert len(rows_in(bundle, key)) == model._default_manager.count(), label


@pytest.mark.clause("B7.1")
def test_nothing_of_anybody_else_stands_in_a_contacts_copy(talked: House, other: House) -> None:
    foreign = {name: canary() for name in ("message", "name", "workspace", "member")}
    told(other, said(other, foreign["workspace"], id="wamid.Y", name=foreign["workspace"]))
    told(talked, said(talked, foreign["message"], id="wamid.D", name=foreign["name"], phone="60199999999"))
    with scope(talked.id):
        User.objects.filter(pk=talked.users["Alice"].pk).update(name=foreign["member"])
        person = contact_named("Mei Ling")
        member = Membership.objects.select_related("user").get(id=talked.members["Alice"])
        close(Conversation.objects.get(contact=person), by=member)
    bundle = opened(talked, make_export(talked, "contact", person.pk))
    told_ = [(name, word) for name, data in every_word(bundle) for word in foreign.values() if word.encode() in data]
    assert told_ == []
    assert b"60199999999" not in b"".join(data for _, data in every_word(bundle))
    assert rows_in(bundle, "conversations")[0]["closed_by"] == "owner"


@pytest.mark.clause("B7.1")
def test_the_whole_copy_tells_nothing_of_another_workspace(talked: House, other: House) -> None:
    word = canary()
    told(other, said(other, word, id="wamid.Y", name=word))
    bundle = opened(talked, make_export(talked))
    assert [name for name, data in every_word(bundle) if word.encode() in data] == []


def test_in_a_group_a_person_gets_their_own_words_only(talked: House) -> None:
    group: dict[str, Any] = {"group_id": "G1"}
    told(talked, said(talked, "Mine in the group", id="wamid.G1"), said(talked, "x", id="wamid.G2"))
    with scope(talked.id):
        person, speaker = contact_named("Omar"), contact_named("Mei Ling")
        Message.objects.filter(conversation__contact=person).update(sender=speaker)
    bundle = opened(talked, make_export(talked, "contact", speaker.pk))
    shared = [row for row in rows_in(bundle, "messages") if row["sender"] is not None]
    assert [row["external_id"] for row in shared] == [None]
    assert group


@pytest.mark.clause("B7.1", "B7.4")
def test_no_secret_and_no_keyed_hash_leaves(talked: House) -> None:
    bundle = opened(talked, make_export(talked))
    secrets = {
        name for said_ in REGISTRY.values() for name, kind in said_.classes.items() if kind == DataClass.SECRET
    } | {"value_hash", "external_hash", "name_tokens", "tokens", "once_hash"}
    for name in bundle.namelist():
        if name.startswith("data/"):
            for row in (json.loads(line) for line in bundle.read(name).splitlines()):
                assert not secrets & set(row), name
    told_ = b"".join(data for _, data in every_word(bundle))
    assert talked.secret.encode() not in told_
    assert b"EAAtoken-of-kopi" not in told_


@pytest.mark.clause("B7.1", "B7.4")
def test_the_manifest_tells_the_hash_and_the_size_of_every_file(talked: House) -> None:
    bundle = opened(talked, make_export(talked))
    manifest = json.loads(bundle.read("manifest.json"))
    listed = {one["path"]: one for one in manifest["files"]}
    assert set(listed) == set(bundle.namelist()) - {"manifest.json"}
    for path, one in listed.items():
        data = bundle.read(path)
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert manifest["rows"]["messages"] == listed["data/messages.jsonl"]["rows"] == 3


def test_the_pages_open_by_themselves(talked: House) -> None:
    bundle = opened(talked, make_export(talked))
    pages = {name: bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".html")}
    assert "index.html" in pages
    threads = [text for name, text in pages.items() if name.startswith("threads/")]
    assert any("Is the café open?" in text and "And on Sunday?" in text for text in threads)
    for name, text in pages.items():
        assert "<script" not in text, name
        assert "http:" not in text, name
        assert "https:" not in text, name
        assert "default-src 'none'" in text, name


@pytest.mark.clause("B7.1", "B7.4")
@pytest.mark.usefixtures("keeping")
def test_files_lie_beside_the_rows_that_stand_for_them(talked: House) -> None:
    """A person's copy holds their files, byte for byte, and nobody else's; the manifest counts them."""
    with scope(talked.id):
        mine, other = contact_named("Mei Ling"), contact_named("Omar")
        made = {}
        for person in (mine, other):
            message = Message.objects.filter(conversation__contact=person).earliest("id")
            row = Attachment.objects.create(message=message, state=AttachmentState.HERE, mime="application/pdf")
            made[person.pk] = row.id
        files_here = store.files()
    for person, id in made.items():
        with files_here.writer(id) as out:
            out.write(b"%PDF-1.7 of " + str(person).encode())
    bundle = opened(talked, make_export(talked, "contact", mine.pk))
    files = [name for name in bundle.namelist() if name.startswith("files/")]
    assert files == [f"files/{made[mine.pk]}.pdf"]
    assert bundle.read(files[0]) == b"%PDF-1.7 of " + str(mine.pk).encode()
    manifest = {one["path"]: one["sha256"] for one in json.loads(bundle.read("manifest.json"))["files"]}
    assert manifest[files[0]] == hashlib.sha256(bundle.read(files[0])).hexdigest()
    everything = opened(talked, make_export(talked))
    assert len([name for name in everything.namelist() if name.startswith("files/")]) == 2
