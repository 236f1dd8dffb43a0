"""How people and kinds of messages are called on screen."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from troth.base.phones import NotAPhone, Phone
from troth.contacts.masking import CLOSED, Veil
from troth.contacts.models import Contact
from troth.workspaces.models import Membership


@dataclass(frozen=True, slots=True)
class Person:
    """A name with the seed of its avatar's colour."""

    id: str
    name: str
    seed: str


def contact_name(contact: Contact, phone: str | None, *, veil: Veil = CLOSED) -> str:
    """Return what a contact is called: a member's word, WhatsApp's, the number, or that it is hidden.

    Whoever does not say what the reader may see of numbers (`veil`) gets them masked, in names too.
    """
    if contact.name or contact.profile_name:
        return veil.any(str(contact.name or contact.profile_name))
    if phone:
        return veil.phone(phone)
    if contact.username:
        return veil.any(f"@{str(contact.username).removeprefix('@')}")
    return _("Group") if contact.is_group else _("Hidden number")


def display_phone(value: str) -> str:
    """Return a number as people write it; unchanged where it is none."""
    try:
        return Phone.parse(value).display()
    except NotAPhone:
        return value


def person(member: Membership) -> Person:
    """Return a member as shown."""
    return Person(str(member.id), member.name, str(member.user_id))


ICONS = {
    "image": "image",
    "video": "video",
    "audio": "audio-lines",
    "voice": "mic",
    "document": "file-text",
    "sticker": "sticker",
    "location": "map-pin",
    "contacts": "contact-round",
    "order": "shopping-bag",
    "unsupported": "circle-dashed",
    "deleted": "ban",
}


def kind_label(kind: str) -> str:
    """Return the word for a message without words."""
    labels = {
        "image": _("Photo"),
        "video": _("Video"),
        "audio": _("Audio"),
        "voice": _("Voice message"),
        "document": _("File"),
        "sticker": _("Sticker"),
        "location": _("Location"),
        "contacts": _("Contact"),
        "order": _("Order"),
        "interactive": _("Answer"),
        "button": _("Answer"),
        "unsupported": _("Message that cannot be shown"),
        "system": _("Notice"),
        "template": _("Template"),
        "deleted": _("Deleted message"),
    }
    return labels.get(kind, "")
