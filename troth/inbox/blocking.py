"""Blocking people in WhatsApp: what a number may ask for, and what is kept of WhatsApp's answer.

WhatsApp is asked outside of any transaction; a part of what was asked for may be done, and only that part is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.sealing import ring
from troth.channels.connecting import link_of
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.channels.registry import Blocked, BlockList
from troth.contacts.merging import group_of
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.contacts.recognise import identity_hash
from troth.inbox.heads import thread_ids
from troth.inbox.models import Activity, Block, Conversation
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership


class CannotBlock(Exception):
    """This person may not be blocked now; the text says why."""


@dataclass(frozen=True)
class Wish:
    """What WhatsApp is to be asked: for which number, and whom, by each name the contact whose it is."""

    link: Link
    people: dict[str, UUID] = field(repr=False)


def wish(conversation: Conversation, *, block: bool) -> Wish:
    """Return what to ask to block the person of a thread, or to end that. Raises: CannotBlock."""
    channel = Channel.objects.get(id=conversation.channel_id)
    if not channel.is_bound:
        raise CannotBlock(_("This number is no longer connected, so nobody can be blocked for it."))
    if conversation.contact.is_group:
        raise CannotBlock(_("A group cannot be blocked. Block the people in it instead."))
    if block and not conversation.window_is_open(at=now()):
        raise CannotBlock(_("WhatsApp blocks only people who wrote within the last 24 hours."))
    people: dict[str, UUID] = {}
    for contact in group_of(conversation.contact_id):
        asked = block or Block.objects.filter(channel=channel, contact=contact).exists()
        if asked and (way := _way_of(contact)) is not None:
            people[way] = contact
    if not people:
        raise CannotBlock(_("WhatsApp does not tell by which number or id this person can be blocked."))
    return Wish(link_of(channel), people)


def _way_of(contact: UUID) -> str | None:
    ways = Identity.objects.filter(contact=contact, valid_to=None, kind__in=[IdentityKind.PHONE, IdentityKind.BSUID])
    known = {one.kind: one.value for one in ways.order_by("valid_from")}
    return known.get(IdentityKind.PHONE) or known.get(IdentityKind.BSUID)


def keep(asked: Wish, answer: Blocked, *, block: bool, by: Membership) -> int:
    """Keep what WhatsApp did of what was asked; return how many people that were."""
    done = [asked.people[one] for one in answer.done if one in asked.people]
    channel_id = asked.link.channel_id
    for contact in done:
        if block:
            Block.objects.get_or_create(channel_id=channel_id, contact_id=contact, defaults={"by": by})
        else:
            Block.objects.filter(channel_id=channel_id, contact_id=contact).delete()
        verb = "contact.blocked" if block else "contact.unblocked"
        record(verb, by=Actor.member(by.id), target=("contact", contact), detail={"channel": str(channel_id)})
    _tell(channel_id, done, "blocked" if block else "unblocked", by=by)
    return len(done)


def _tell(channel_id: UUID, contacts: Sequence[UUID], kind: str, *, by: Membership) -> None:
    at = now().replace(microsecond=0)  # as messages are told: in whole seconds
    for one in Conversation.objects.heads().filter(channel_id=channel_id, contact__in=contacts):
        Activity(conversation=one, kind=kind, member=by, at=at).save()
        poke("conversation", one.id, workspace_id=one.workspace_id, about=channel_id)


def is_blocked(conversation: Conversation) -> bool:
    """Return whether the number of this thread has blocked anybody who is shown in it."""
    theirs = Conversation.objects.filter(id__in=thread_ids(conversation.id)).values("contact_id")
    return bool(Block.objects.filter(channel_id=conversation.channel_id, contact__in=theirs).exists())


def take_over(channel: Channel, told: BlockList) -> int:
    """Let what we know of a number's blocks be what WhatsApp says; return how many it names who are no contacts here."""
    keys = ring()
    named = {identity_hash(keys, IdentityKind.PHONE, f"+{one}"): one for one in told.phones}
    named |= {identity_hash(keys, IdentityKind.BSUID, one): one for one in told.ids}
    found = Identity.objects.filter(value_hash__in=list(named), valid_to=None, contact__erasing_at=None)
    known = {bytes(digest): contact for digest, contact in found.values_list("value_hash", "contact_id")}
    contacts = set(known.values())
    Block.objects.filter(channel=channel).exclude(contact__in=contacts).delete()
    have = set(Block.objects.filter(channel=channel).values_list("contact_id", flat=True))
    for contact in sorted(contacts - have):
        Block.objects.create(channel=channel, contact_id=contact)
    return len(named) - len(known)


def found_blocked(conversation_ids: Sequence[UUID]) -> None:
    """Note that WhatsApp refused a message because the person is blocked there."""
    for one in Conversation.objects.filter(id__in=conversation_ids, contact__erasing_at=None):
        Block.objects.get_or_create(channel_id=one.channel_id, contact_id=one.contact_id)


def blocked_of(channel: Channel) -> list[Block]:
    """Return whom a number has blocked, the latest first."""
    shown = Block.objects.filter(channel=channel, contact__erasing_at=None)
    return list(shown.select_related("contact", "by__user").order_by("-at"))


def ask_for_confirmation(channel: Channel, *, on: bool, by: Membership) -> None:
    """Decide whether a number asks for a confirmation before anything is sent to somebody whose code changed."""
    Channel.objects.filter(id=channel.id).update(confirms_identity=on)
    verb = "channel.confirmation_on" if on else "channel.confirmation_off"
    record(verb, by=Actor.member(by.id), target=("channel", channel.id))
    poke("channel", channel.id, workspace_id=channel.workspace_id, about=channel.id)


def contact_link(contact: Contact) -> UUID | None:
    """Return a thread of a contact to go to, None where there is none."""
    theirs = Conversation.objects.filter(contact=contact).order_by("-last_message_at")
    return theirs.values_list("id", flat=True).first()
