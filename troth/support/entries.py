"""Where help is offered outside of its own pages: beside an open conversation."""

from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from troth.inbox.screens.person_acts import PersonAct, register_person_act
from troth.support.models import Problem
from troth.workspaces.models import Membership


def register() -> None:
    """Register. Called once, when the app is ready."""
    label = _("Ask support about this conversation")
    register_person_act(PersonAct(key="help", label=label, icon="message-circle", url=_ask_address, position=70))


def _ask_address(member: Membership, handle: str, conversation_id: UUID) -> str:
    """Return the address of the form with this conversation, and no other, ticked."""
    form = reverse("support:ask", args=[handle, Problem.CONVERSATION.value])
    return f"{form}?{urlencode({'conversation': str(conversation_id)})}"
