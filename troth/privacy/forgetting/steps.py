"""Tells the purge how each kind of subject is forgotten, a restored database how to forget again, and requests of people
what to call."""

from uuid import UUID

from allauth.account.signals import user_logged_in
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from troth.base import tombstones
from troth.inbox.screens.person_acts import PersonAct, register_person_act
from troth.privacy.forgetting import (
    blocks,
    coming_back,
    contact_steps,
    contacts,
    member_steps,
    replay,
    restriction,
    workspace_steps,
)
from troth.privacy.forgetting.purge import register_before, register_steps
from troth.privacy.models import SubjectKind
from troth.privacy.rights import doing
from troth.workspaces.models import Membership, Role


def connect() -> None:
    """Register. Called once, when the app is ready."""
    register_steps(SubjectKind.CONTACT, contact_steps.steps)
    register_before(SubjectKind.CONTACT, blocks.end_blocks)
    register_steps(SubjectKind.MEMBER, member_steps.steps)
    register_steps(SubjectKind.WORKSPACE, workspace_steps.steps)
    user_logged_in.connect(coming_back.on_login, dispatch_uid="privacy.coming_back")
    tombstones.register_replayer(replay.forget_again)
    doing.register("erase", contacts.request_erasure)
    doing.register("restrict", restriction.restrict)
    delete = _("Delete this person")
    register_person_act(
        PersonAct(key="erasure", label=delete, icon="trash-2", url=_ask_address, position=90, danger=True)
    )
    hold = _("Legal hold")
    register_person_act(PersonAct(key="hold", label=hold, icon="lock", url=_hold_address, position=80))


def _ask_address(member: Membership, handle: str, conversation_id: UUID) -> str | None:
    return reverse("forgetting:ask", args=[handle, conversation_id]) if member.may(Role.ADMIN) else None


def _hold_address(member: Membership, handle: str, conversation_id: UUID) -> str | None:
    return reverse("forgetting:hold", args=[handle, conversation_id]) if member.may(Role.ADMIN) else None
