"""Forgetting as the product does it, with the undo time over at once; and what the product does not have yet: media."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from troth.audit.record import Actor
from troth.base import tombstones
from troth.base.clock import now
from troth.base.sealing import store
from troth.base.tombstones import Kind
from troth.contacts.models import Contact
from troth.privacy.forgetting import contacts, workspaces
from troth.privacy.forgetting.purge import place, purge
from troth.privacy.models import Erasure
from troth.workspaces.scope import scope


def forget_contact(workspace: UUID, contact: UUID) -> None:
    """Forget a contact."""
    with scope(workspace):
        erasure = contacts.request_erasure(contact, by=Actor.system())
    _purge(erasure, workspace)
    shutil.rmtree(_media(contact), ignore_errors=True)


def forget_workspace(workspace: UUID) -> None:
    """Forget a workspace with its keys."""
    _forget_media(workspace)
    _purge(workspaces.request_erasure(workspace, by=Actor.system()), None)


def lose_keys(workspace: UUID) -> None:
    """Destroy the keys of a workspace that nobody asked to forget."""
    store().destroy(str(workspace))


def replace_keys(workspace: UUID) -> None:
    """Do what `keys rotate` does, but for sealing everything again."""
    store().rotate(str(workspace))
    store().retire(str(workspace))


def forget_media_again() -> int:
    """Delete the media of everybody whom the journal names. Rows are the product's own to delete, after this."""
    for one in tombstones.read():
        if one.kind == Kind.CONTACT:
            shutil.rmtree(_media(one.subject_id), ignore_errors=True)
        if one.kind == Kind.WORKSPACE:
            _forget_media(one.subject_id)
    return 0


def _purge(erasure: Erasure, workspace: UUID | None) -> None:
    with place(workspace):
        Erasure.objects.filter(id=erasure.id).update(undo_until=now())
    assert purge(erasure.id, workspace)


def _forget_media(workspace: UUID) -> None:
    with scope(workspace):
        for contact in Contact.objects.values_list("id", flat=True):
            shutil.rmtree(_media(contact), ignore_errors=True)


def _media(contact: UUID) -> Path:
    return Path(settings.HOME) / "media" / str(contact)
