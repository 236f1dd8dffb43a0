"""A workspace in which somebody wrote, and the hands to make copies without a worker."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.cast import House, kopi, rival
from troth.audit.record import Actor
from troth.base.sealed_files import SealedReader
from troth.base.sealing import using_ring
from troth.contacts.models import Contact
from troth.inbox.tests.arriving import NOON, said, told
from troth.privacy.models import Export
from troth.privacy.rights.exports import job, places, request_export
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def other() -> House:
    return rival()


@pytest.fixture
def talked(house: House) -> House:
    """A house with two customers: Mei Ling, who wrote twice, and Omar, who wrote once."""
    told(
        house,
        said(house, "Is the café open?", id="wamid.A", name="Mei Ling"),
        said(house, "And on Sunday?", id="wamid.B", at=NOON + 60, name="Mei Ling"),
        said(house, "Marhaba", id="wamid.C", at=NOON + 90, name="Omar", phone="966501234567"),
    )
    return house


def contact_named(name: str) -> Contact:
    """Return a contact by WhatsApp's name for them, in scope."""
    return next(one for one in Contact.objects.all() if one.profile_name == name)


def make_export(house: House, kind: str = "workspace", subject: UUID | None = None) -> Export:
    """Ask for a copy and make it as the worker does."""
    with scope(house.id):
        owner = Membership.objects.select_related("user").get(id=next(iter(house.members.values())))
        export = request_export(kind, subject, by=Actor.member(owner.pk), member=owner)
    job.make(str(house.id), str(export.pk))
    with scope(house.id):
        return Export.objects.get(pk=export.pk)


def opened(house: House, export: Export) -> zipfile.ZipFile:
    """Open the file of a copy."""
    with using_ring(str(house.id)):
        reader = SealedReader(places.file_of(export), keys=places.ring_of(export), name=str(export.pk))
        with reader:
            return zipfile.ZipFile(io.BytesIO(b"".join(reader.pieces())))


def rows_in(bundle: zipfile.ZipFile, part: str) -> list[dict[str, Any]]:
    """Return the rows of a part."""
    return [json.loads(line) for line in bundle.read(f"data/{part}.jsonl").splitlines()]


def every_word(bundle: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield all that stands in a copy, files inside files included."""
    for name in bundle.namelist():
        data = bundle.read(name)
        if name.endswith(".xlsx"):
            inner = zipfile.ZipFile(io.BytesIO(data))
            for part in inner.namelist():
                yield f"{name}/{part}", inner.read(part)
        else:
            yield name, data
