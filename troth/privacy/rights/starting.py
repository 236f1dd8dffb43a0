"""What this package registers with the floors below when the app is ready."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from troth.inbox.screens.person_acts import PersonAct, register_person_act
from troth.privacy.rights import clocks, look, telling, whatsapp
from troth.ui.slots import register_alarm, register_pages
from troth.workspaces.models import Membership, Role


def begin() -> None:
    """Listen for requests in WhatsApp, and take our places on the screens."""
    whatsapp.listen()
    telling.declare()
    look.register()
    register_alarm(clocks.to_hand_on)
    register_person_act(
        PersonAct(key="person", label=_("Name and consent"), icon="pencil", url=_person_address, position=10)
    )
    register_person_act(
        PersonAct(key="request", label=_("They ask for something"), icon="inbox", url=_ask_address, position=20)
    )
    register_pages("rights", under="settings")


def _person_address(member: Membership, handle: str, conversation_id: UUID) -> str | None:
    return reverse("rights:person", args=[handle, conversation_id]) if member.may(Role.AGENT) else None


def _ask_address(member: Membership, handle: str, conversation_id: UUID) -> str | None:
    person = _person_address(member, handle, conversation_id)
    return f"{person}#ask-title" if person else None
