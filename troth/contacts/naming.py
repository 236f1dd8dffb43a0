"""Calling a contact by the name that a member types. It wins over what WhatsApp says, and replaces the name before it
everywhere: nothing keeps the old one."""

from troth.base.clock import now
from troth.base.sealing import ring
from troth.contacts.models import Contact
from troth.contacts.names import name_tokens
from troth.contacts.profiles import NAME_MAX


def rename(contact: Contact, name: str) -> None:
    """Call a contact by this name; an empty one gives the word back to WhatsApp's."""
    contact.name = " ".join(name.split())[:NAME_MAX] or None
    contact.name_tokens = name_tokens(ring(), contact.name or contact.profile_name or "")
    contact.changed_at = now()
    contact.save(update_fields=["name", "name_tokens", "changed_at"])
