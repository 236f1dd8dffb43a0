"""The details beside a conversation: how its person is known, what they agreed to, what a member can do about them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from troth.contacts.masking import Veil
from troth.contacts.models import IdentityKind
from troth.contacts.unmasking import WORDS_MAX, Reason
from troth.inbox.doubles import suggestions
from troth.inbox.models import Conversation
from troth.inbox.screens.person_acts import person_acts
from troth.inbox.screens.surroundings import Surroundings
from troth.workspaces.models import Membership, Role


def details_of(
    conversation: Conversation,
    member: Membership,
    found: Surroundings,
    *,
    veil: Veil,
    phone: str | None,
    handle: str,
    has_others: bool,
) -> dict[str, Any]:
    """Return what the details show. `has_others` is whether the member has other numbers to write from."""
    return {
        "identities": [_identity(kind, value, veil) for kind, value in _number_first(found.identities)],
        "unmask": _unmask(conversation, handle, veil) if phone else None,
        "opened_until": veil.until,
        "consent": _consent(*found.consent),
        "facts": [],
        "person": _person(conversation, member, handle, found.marks, has_others=has_others),
        "acts": person_acts(member, handle, conversation.id),
    }


def _person(
    conversation: Conversation, member: Membership, handle: str, marks: set[str], *, has_others: bool
) -> dict[str, Any]:
    """Return who may be the same person as this, and how a member merges and separates them."""
    if not member.may(Role.AGENT) or conversation.contact.is_group:
        return {}
    at = [handle, conversation.id]
    return {
        "suggested": suggestions(conversation.contact_id, member) if "double" in marks else [],
        "merge_url": reverse("merge", args=at),
        "begin_url": f"{reverse('begin', args=[handle])}?with={conversation.contact_id}" if has_others else None,
        "parting_url": reverse("parting", args=at) if "merge" in marks else None,
    }


def _unmask(conversation: Conversation, handle: str, veil: Veil) -> dict[str, Any] | None:
    """Return how a member asks to see the numbers, where they are masked."""
    if veil.is_open:
        return None
    return {"url": reverse("number", args=[handle, conversation.id]), "reasons": Reason.choices, "words_max": WORDS_MAX}


def _number_first(identities: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(identities, key=lambda one: one[0] != IdentityKind.PHONE)


def _identity(kind: str, value: str, veil: Veil) -> dict[str, Any]:
    is_phone = kind == IdentityKind.PHONE
    return {
        "kind_label": str(IdentityKind(kind).label),
        "value": veil.phone(value) if is_phone else value,
        "masked": is_phone and not veil.is_open,
    }


def _consent(value: str, source: str) -> str:
    if not value:
        return _("Never asked")
    if source != "whatsapp":
        return {"stop": _("Not wanted"), "resume": _("Allowed")}.get(value, value)
    return {
        "stop": _("Stopped in WhatsApp"),
        "resume": _("Given in WhatsApp"),
        "signup": _("Signed up in WhatsApp"),
    }.get(value, value)
