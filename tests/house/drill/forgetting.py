"""Forgetting, as much of it as the drill needs: a contact with all that was said, or a workspace with its keys."""

import shutil
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection

from troth.base import tombstones
from troth.base.clock import now
from troth.base.sealing import store
from troth.base.tombstones import Kind, Tombstone
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Conversation, Message
from troth.workspaces.models import Workspace, WorkspaceModel
from troth.workspaces.scope import scope


def forget_contact(workspace: UUID, contact: UUID) -> None:
    """Write the tombstone, then delete."""
    tombstones.append(Tombstone(Kind.CONTACT, subject_id=contact, workspace_id=workspace, erased_at=now()))
    _delete_contact(workspace, contact)


def forget_workspace(workspace: UUID) -> None:
    """Write the tombstone, delete, and destroy the keys."""
    tombstones.append(Tombstone(Kind.WORKSPACE, subject_id=workspace, workspace_id=workspace, erased_at=now()))
    _delete_workspace(workspace)
    store().destroy(str(workspace))


def lose_keys(workspace: UUID) -> None:
    """Destroy the keys of a workspace that nobody asked to forget."""
    store().destroy(str(workspace))


def replace_keys(workspace: UUID) -> None:
    """Do what `keys rotate` does, but for sealing everything again."""
    store().rotate(str(workspace))
    store().retire(str(workspace))


def replay_tombstones() -> int:
    """Forget everybody again whom the journal names; return how many were still here."""
    found = 0
    for one in tombstones.read():
        if one.kind == Kind.CONTACT and one.workspace_id is not None:
            found += _delete_contact(one.workspace_id, one.subject_id)
        if one.kind == Kind.WORKSPACE:
            found += _delete_workspace(one.subject_id)
    return found


def _delete_contact(workspace: UUID, contact: UUID) -> bool:
    shutil.rmtree(_media(contact), ignore_errors=True)
    with scope(workspace):
        Message.objects.filter(conversation__contact=contact).delete()
        Conversation.objects.filter(contact=contact).delete()
        Identity.objects.filter(contact=contact).delete()
        deleted, _ = Contact.objects.filter(id=contact).delete()
    return bool(deleted)


def _delete_workspace(workspace: UUID) -> bool:
    with scope(workspace), connection.cursor() as cursor:
        for contact in Contact.objects.values_list("id", flat=True):
            shutil.rmtree(_media(contact), ignore_errors=True)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in apps.get_models():
            if issubclass(model, WorkspaceModel):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        cursor.execute(f'DELETE FROM "{Workspace._meta.db_table}"')
        return bool(cursor.rowcount)


def _media(contact: UUID) -> Path:
    return Path(settings.HOME) / "media" / str(contact)
