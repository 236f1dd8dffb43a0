"""Beginning a conversation with somebody who has not written: a contact, or a number that a member types.

The thread is there at once, so that a template can be chosen for it, and closed, since nothing was said in it: it stands in
nobody's way, and the first thing that we say opens it (`outbox.py`).
"""

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.phones import Phone
from troth.channels.models import Channel
from troth.contacts.merging import group_of, root_of
from troth.contacts.models import Contact, Identity, IdentityKind, Source
from troth.contacts.naming import rename
from troth.contacts.recognise import recognise
from troth.contacts.sighting import Sighting
from troth.contacts.suppressions import erased_among, forgotten_since
from troth.inbox.doubles import may_touch
from troth.inbox.heads import head_of
from troth.inbox.models import Conversation
from troth.inbox.receive.apply import one_at_a_time
from troth.inbox.receive.threads import conversations_of, open_conversations
from troth.workspaces.models import Membership

ADDRESSES = (IdentityKind.PHONE, IdentityKind.BSUID)


class CannotBegin(Exception):
    """Nobody can be written to like that; `user_text` says why and what to do."""

    def __init__(self, user_text: str) -> None:
        super().__init__("cannot begin")
        self.user_text = user_text


def begin_with_number(channel: Channel, phone: Phone, *, name: str = "", by: Membership) -> Conversation:
    """Return the conversation of a number of ours with a typed one; who is not known yet becomes known, by this name.

    Raises: CannotBegin, where it is the number itself, or its person asked to be forgotten.
    """
    one_at_a_time()
    if "".join(filter(str.isdecimal, channel.display_number or "")) == phone.wa_id:
        raise CannotBegin(_("This is the number that you write from."))
    sighting = Sighting(at=now(), phone=phone.wa_id, source=Source.MEMBER.value)
    [known] = recognise([replace(sighting, create=False)])
    if known is None and forgotten_since(sighting, erased_among([sighting])) is not None:
        raise CannotBegin(
            _(
                "Whoever has this number asked to be forgotten, so nobody is written to there until they write themselves."
            )
        )
    if known is None:
        [known] = recognise([sighting])
        assert known is not None
    elif contact_for(known, by=by) is None:  # who writes on numbers that this member does not see
        raise CannotBegin(_("This contact is not here for you. Choose another one."))
    contact = Contact.objects.get(id=known)
    if name.strip() and not (contact.name or contact.profile_name):
        rename(contact, name)
    return _thread(channel, contact, by=by)


def begin_with_contact(channel: Channel, contact_id: UUID, *, by: Membership) -> Conversation:
    """Return the conversation of a number of ours with a contact. Raises: CannotBegin, where they cannot be reached."""
    one_at_a_time()
    contact = contact_for(contact_id, by=by)
    if contact is None:
        raise CannotBegin(_("This contact is not here for you. Choose another one."))
    addresses = Identity.objects.filter(contact__in=group_of(contact.id), valid_to=None, kind__in=ADDRESSES)
    if not addresses.exists():
        raise CannotBegin(_("No number of this person is known any more, so they cannot be written to."))
    return _thread(channel, contact, by=by)


def contact_for(contact_id: UUID, *, by: Membership) -> Contact | None:
    """Return the person whom a contact stands for, None where this member may not write to them first."""
    found = Contact.objects.filter(id=contact_id, is_group=False, erasing_at=None).first()
    if found is None or not may_touch(by, group_of(root_of(found.id))):
        return None
    return Contact.objects.get(id=root_of(found.id))


def _thread(channel: Channel, contact: Contact, *, by: Membership) -> Conversation:
    if contact.restricted:
        raise CannotBegin(_("This person's data are only kept for now, so nothing can be sent to them."))
    place = (channel.id, contact.id)
    id = conversations_of([place]).get(place)
    if id is None:
        id = open_conversations({place: now()})[place]
        Conversation.objects.filter(id=id).update(closed_at=now(), closed_by=by)
    return head_of(Conversation.objects.select_related("contact", "channel").get(id=id))
