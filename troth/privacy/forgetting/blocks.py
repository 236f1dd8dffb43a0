"""Before a person is erased, WhatsApp is asked to end the blocks that our numbers set: its list of blocked people holds their
number, and nobody could find it there afterwards. It is asked outside of any transaction; what it does not end is counted,
and the certificate says so.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.models import Block
from troth.privacy.forgetting.holds_in_force import contact_is_held
from troth.privacy.forgetting.purge import locked
from troth.workspaces.scope import scope

LEFT = "blocks_left"  # among the facts of an erasure: how many blocks WhatsApp did not end
PATIENCE = timedelta(hours=12)  # for so long an erasure waits for a WhatsApp that does not answer
_LATER = {"no_answer", "unreachable", "meta_down", "throttled"}


@dataclass(frozen=True)
class Asked:
    """Whom one number is to block no more, by each name the contact; no link where it is not connected any more."""

    channel_id: UUID
    link: Link | None
    people: dict[str, UUID] = field(repr=False)
    unnamed: int


def end_blocks(erasure_id: UUID, workspace_id: UUID) -> bool:
    """End the blocks of the person whom an erasure is about; return whether it may go on. Safe to repeat."""
    with scope(workspace_id):
        erasure = locked(erasure_id, workspace_id)
        if contact_is_held(erasure.subject_id):
            return True  # nothing of the person goes until the hold is over
        patient = erasure.purge_began_at is not None and now() - erasure.purge_began_at < PATIENCE
        asked = _asked(erasure.subject_id)
    left, waits = 0, False
    for one in asked:
        answer = registry.change_blocks(one.link, list(one.people), block=False) if one.link and one.people else None
        done = {name for name in (answer.done if answer else ()) if name in one.people}
        waits |= answer is not None and answer.code in _LATER
        left += len(one.people) - len(done) + one.unnamed
        with scope(workspace_id):
            _ended(one, [one.people[name] for name in done])
    if waits and patient:
        return False
    if left:
        with scope(workspace_id):
            erasure = locked(erasure_id, workspace_id)
            erasure.facts[LEFT] = left
            erasure.save(update_fields=["facts"])
    return True


def _asked(contact_id: UUID) -> list[Asked]:
    people = list(Contact.objects.filter(id=contact_id) | Contact.objects.filter(merged_into=contact_id))
    blocks = Block.objects.filter(contact__in=people).values_list("channel_id", "contact_id").order_by("channel_id")
    by_channel: dict[UUID, list[UUID]] = {}
    for channel_id, contact in blocks:
        by_channel.setdefault(channel_id, []).append(contact)
    ways = {one.id: _way_of(one) for one in people}
    found = []
    for channel in Channel.objects.filter(id__in=by_channel):
        named = {way: id for id in by_channel[channel.id] if (way := ways[id]) is not None}
        link = link_of(channel) if channel.is_bound else None
        found.append(Asked(channel.id, link, named, len(by_channel[channel.id]) - len(named)))
    return found


def _way_of(contact: Contact) -> str | None:
    """Return how WhatsApp was told whom to block: as they were known until their erasure was asked for."""
    kinds = [IdentityKind.PHONE, IdentityKind.BSUID]
    ways = Identity.objects.filter(contact=contact, kind__in=kinds)
    known = {one.kind: one.value for one in ways.order_by("valid_from") if one.valid_to in (None, contact.erasing_at)}
    return known.get(IdentityKind.PHONE) or known.get(IdentityKind.BSUID)


def _ended(asked: Asked, contacts: list[UUID]) -> None:
    for contact in contacts:
        Block.objects.filter(channel_id=asked.channel_id, contact_id=contact).delete()
        detail = {"channel": str(asked.channel_id)}
        record("contact.unblocked", by=Actor.system(), target=("contact", contact), detail=detail)
