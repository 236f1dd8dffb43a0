"""Whatever somebody hands in as a copy: it is refused with a reason, within limits, and nothing was changed."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import House
from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Message
from troth.inbox.tests.arriving import said, told
from troth.privacy.models import ImportState, RetentionRule
from troth.privacy.rights.exports import places
from troth.privacy.rights.imports import brought, job, reading
from troth.privacy.rights.imports.reading import BadFile, Copy
from troth.privacy.rights.imports.uploads import take
from troth.privacy.tests.rights.test_a_copy_comes_back_as_it_was import _arrived, brought_in, bytes_of, empty, price
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X23")]
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def good(django_db_blocker: Any) -> Files:
    """The files of a real copy, made once."""
    from django.db import transaction  # noqa: PLC0415

    from tests.cast import kopi  # noqa: PLC0415

    with django_db_blocker.unblock(), transaction.atomic():
        house = kopi()
        told(house, said(house, "Hello", id="wamid.A", name="Mei"), said(house, "Again", id="wamid.B"))
        with scope(house.id):
            price(by=None)
        bundle = zipfile.ZipFile(io.BytesIO(bytes_of(house)))
        found = {name: bundle.read(name) for name in bundle.namelist()}
        transaction.set_rollback(True)
    return found


def packed(files: Files, manifest: dict[str, Any] | None = None, *, honest: bool = True) -> bytes:
    """Pack files; where honest, with a manifest that tells of them as they are."""
    if honest:
        told_ = json.loads(files["manifest.json"])
        told_["files"] = [
            {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
            if name != "manifest.json"
        ]
        told_["rows"] = {name[5:-6]: len(data.splitlines()) for name, data in files.items() if name.startswith("data/")}
        files = {**files, "manifest.json": json.dumps(told_ | (manifest or {})).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return out.getvalue()


def changed(files: Files, key: str, change: Callable[[dict[str, Any]], Any], *, which: int = 0) -> Files:
    """Return the files with one row of a part changed."""
    lines = files[f"data/{key}.jsonl"].splitlines()
    row = json.loads(lines[which])
    answer = change(row)
    lines[which] = json.dumps(row if answer is None else answer).encode()
    return {**files, f"data/{key}.jsonl": b"\n".join(lines) + b"\n"}


def refused(data: bytes) -> list[dict[str, Any]]:
    """Hand it in; it must be refused, and the workspace be as empty as before."""
    into = empty()
    taken = brought_in(into, data)
    assert taken.state == ImportState.REFUSED
    with scope(into.id):
        assert not Contact.objects.exists()
        assert not Message.objects.exists()
        assert not Identity.objects.exists()
        assert Membership.objects.count() == 1
    assert taken.problems
    return list(taken.problems)


@pytest.mark.clause("X17")
@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + b"\0" * 100, b"not a zip at all" * 100])
def test_what_is_no_zip(data: bytes) -> None:
    assert refused(data)[0]["field"] == "not_a_zip"


def test_a_file_that_was_changed_after_it_was_made(good: Files) -> None:
    files = {**good, "data/contacts.jsonl": good["data/contacts.jsonl"].replace(b"Mei", b"Eve")}
    assert refused(packed(files, honest=False))[0]["field"] == "changed"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": 2}, "other_version"),
        ({"format": "something"}, "no_manifest"),
        ({"kind": "contact"}, "not_a_workspace"),
        ({"files": []}, "other_files"),
        ({"files": "x"}, "no_manifest"),
        ({"rows": {"contacts": -1}}, "no_manifest"),
        ({"rows": {"contacts": 1}}, "other_files"),
    ],
)
def test_a_list_of_contents_that_is_not_ours(good: Files, change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadFile, match=why):
        Copy(io.BytesIO(packed(good, change)))


@pytest.mark.clause("X17")
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "data/../x.jsonl", "data/x.jsonl\0.exe", "a/b/c", "x.py"]
)
def test_names_that_lead_elsewhere(good: Files, name: str) -> None:
    with pytest.raises(BadFile):
        Copy(io.BytesIO(packed({**good, name: b"x"})))


@pytest.mark.clause("X17")
def test_a_zip_bomb(good: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadFile, match="too_big"):
        Copy(io.BytesIO(packed({**good, "data/bomb.jsonl": b"\0" * 50_000_000})))
    monkeypatch.setattr(reading, "ALL_BYTES_MAX", 1000)
    with pytest.raises(BadFile, match="too_big"):
        Copy(io.BytesIO(packed(good)))


def test_more_files_than_any_copy_has(good: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ENTRIES_MAX", 10)
    with pytest.raises(BadFile, match="too_many_files"):
        Copy(io.BytesIO(packed(good)))


def test_a_size_that_the_list_lies_about(good: Files) -> None:
    told_ = json.loads(good["manifest.json"])
    for one in told_["files"]:
        one["bytes"] = 3
    files = {**good, "manifest.json": json.dumps(told_).encode()}
    with pytest.raises(BadFile):
        list(Copy(io.BytesIO(packed(files, honest=False))).check_hashes())


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"id": NaN}',
        b'{"id": ' + b"9" * 5000 + b"}",
        b"[]",
        b"\xff\xfe",
        b'"x"',
        b"{",
        b'{"x": "' + os.urandom(reading.LINE_BYTES_MAX // 2 + 10).hex().encode() + b'"}',
    ],
)
def test_lines_that_are_no_rows(good: Files, line: bytes) -> None:
    copy = Copy(io.BytesIO(packed({**good, "data/contacts.jsonl": line + b"\n"})))
    with pytest.raises(BadFile):
        list(copy.lines("contacts"))


HOSTILE: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("contacts", lambda row: row.update(id="x"), "id"),
    ("contacts", lambda row: row.update(name=5), "name"),
    ("contacts", lambda row: row.update(name="a" * 200_000), "name"),
    ("contacts", lambda row: row.update(created_at="yesterday"), "created_at"),
    ("contacts", lambda row: row.update(is_group="yes"), "is_group"),
    ("contacts", lambda row: row.pop("name") and None, "name"),
    ("contacts", lambda row: row.update(more=1), "more"),
    ("contacts", lambda row: row.update({f"c{n}": n for n in range(10_000)}), ""),
    ("identities", lambda row: row.update(kind="password"), "kind"),
    ("identities", lambda row: row.update(contact=None), "contact"),
    ("messages", lambda row: row.update(content={"kind": "nonsense"}), "content"),
    ("messages", lambda row: row.update(content="<script>"), "content"),
    ("messages", lambda row: row.update(status=10**6), "status"),
    ("messages", lambda row: row.update(status=True), "status"),
    ("messages", lambda row: row.update(direction="out' OR 1=1"), "direction"),
    ("messages", lambda row: row.update(kind="\0"), "kind"),
    ("messages", lambda row: row.update(pricing={"a": "\0"}), "pricing"),
    ("memberships", lambda row: row.update(role="god"), "role"),
    ("channels", lambda row: row.update(kind="\ud800"), "kind"),
    ("rates", lambda row: row.update(valid_from="2026-02-30"), "valid_from"),
    ("rates", lambda row: row.update(valid_from=20261001), "valid_from"),
    ("rates", lambda row: row.update(amount="NaN"), "amount"),
    ("rates", lambda row: row.update(amount="1e9"), "amount"),
    ("rates", lambda row: row.update(amount="0.0000001"), "amount"),
    ("rates", lambda row: row.update(amount="123456789.0"), "amount"),
    ("rates", lambda row: row.update(amount=0.01), "amount"),
]


@pytest.mark.parametrize(("key", "change", "field"), HOSTILE)
def test_a_row_that_does_not_fit_its_fields_is_named(
    good: Files, key: str, change: Callable[[dict[str, Any]], Any], field: str
) -> None:
    problems = refused(packed(changed(good, key, change)))
    assert problems[0] == {"part": key, "line": 1, "field": field}


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("identities", lambda row: row.update(contact="01a221c2-ca22-7709-8186-5264969bb361")),
        ("conversations", lambda row: row.update(channel="01a221c2-ca22-7709-8186-5264969bb361")),
        ("messages", lambda row: row.update(author="01a221c2-ca22-7709-8186-5264969bb361")),
        ("memberships", lambda row: row.update(user="01a221c2-ca22-7709-8186-5264969bb361")),
        ("messages", lambda row: row.update(external_id="wamid.B")),
        ("rates", lambda row: row.update(amount="-0.01")),
    ],
)
def test_rows_that_do_not_hold_together_are_taken_out_again(
    good: Files, key: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    assert refused(packed(changed(good, key, change)))[0]["field"] == "does_not_fit"


def test_the_same_id_twice(good: Files) -> None:
    line = good["data/contacts.jsonl"].splitlines()[0]
    files = {**good, "data/contacts.jsonl": line + b"\n" + line + b"\n"}
    assert refused(packed(files))[0] == {"part": "contacts", "line": 2, "field": "id"}


def test_not_more_problems_are_listed_than_a_person_reads(good: Files) -> None:
    files = {**good, "data/contacts.jsonl": b"{}\n" * 5000}
    assert len(refused(packed(files))) == 100


def test_nobody_becomes_a_member_or_an_owner_by_a_file(good: Files) -> None:
    into = empty()
    data = packed(changed(good, "memberships", lambda row: row.update(role="owner", removed_at=None)))
    assert brought_in(into, data).state == ImportState.DONE
    with scope(into.id):
        assert Membership.objects.filter(removed_at=None).count() == 1


def test_nothing_that_opens_deletes_or_stops_comes_by_a_file(good: Files) -> None:
    """A grant for staff, a rule of retention, a hold and a stop are what somebody did, and none of them is brought."""
    row = {"id": str(new_id()), "workspace": str(new_id())}
    kept = {"kept": "talk", "days": 1, "days_before": None, "changed_at": "2020-01-01T00:00:00.000000Z"}
    rule = row | kept | {"changed_by": None, "acts_from": "2020-01-01T00:00:00.000000Z"}
    data = packed({**good, "data/retention-rules.jsonl": json.dumps(rule).encode() + b"\n"})
    into = empty()
    assert brought_in(into, data).state == ImportState.DONE
    with scope(into.id):
        assert not RetentionRule.objects.exists()
        labels = {part.label for part in brought.parts()}
    never = {"support.Grant", "support.HelpRequest", "privacy.RetentionRule", "privacy.Hold", "channels.SendingStop"}
    assert not labels & never


@pytest.mark.clause("X2")
def test_a_file_cannot_reach_into_another_workspace(good: Files, house: House) -> None:
    told(house, said(house, "Theirs", id="wamid.T", name="Theirs"))
    with scope(house.id):
        theirs = Contact.objects.get().pk
    data = packed(changed(good, "identities", lambda row: row.update(contact=str(theirs))))
    assert refused(data)[0]["field"] == "does_not_fit"
    with scope(house.id):
        assert Contact.objects.get().profile_name == "Theirs"


@pytest.mark.clause("X25")
@pytest.mark.parametrize("change", [{"removed_at": now()}, {"role": Role.ADMIN}])
def test_whoever_is_no_owner_any_more_when_the_job_runs_brings_nothing_in(good: Files, change: dict[str, Any]) -> None:
    into = empty()
    with scope(into.id):
        taken = take(_arrived(packed(good)), by=Membership.objects.get())
        Membership.objects.update(**change)
    job.restore(str(into.id), str(taken.pk))
    with scope(into.id):
        taken.refresh_from_db()
        assert (taken.state, Contact.objects.count()) == (ImportState.REFUSED, 0)
        assert taken.problems[0]["field"] == "not_allowed"
    assert not places.import_file(taken).exists()
