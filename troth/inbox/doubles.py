"""Contacts that may be one person: who they are, what merging them would do, and deciding it.

A member merges and separates only people all of whose conversations they may see; owners and admins see all.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from troth.base.phones import NotAPhone, Phone
from troth.base.sealing import ring, words_of
from troth.contacts import merging
from troth.contacts.consents import MARKETING, STOP, latest, refuses_marketing
from troth.contacts.likenesses import settle_likenesses
from troth.contacts.masking import Eyes, eyes_of
from troth.contacts.merging import CannotMerge, group_of, root_of
from troth.contacts.models import Contact, Identity, IdentityKind, Likeness, Merge
from troth.contacts.names import NAME_PLACE
from troth.contacts.recognise import identity_hash
from troth.inbox.models import Conversation, Message
from troth.inbox.receive.apply import one_at_a_time
from troth.inbox.screens.names import contact_name
from troth.workspaces.models import Membership

FOUND_MAX = 20
LISTED_MAX = 100


@dataclass(frozen=True)
class Side:
    """One of two people, as a preview shows them."""

    id: UUID
    name: str
    identities: list[tuple[str, str]]
    consent: str
    threads: list[str]
    messages: int
    since: datetime | None


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be the same person, and why."""

    id: UUID
    name: str
    why: str
    seen: str = ""
    conversation: UUID | None = None
    other_name: str = ""


@dataclass(frozen=True)
class Preview:
    """Two people side by side, and what merging them would do."""

    kept: Side
    other: Side
    why: str
    effects: list[str] = field(default_factory=list)


def may_touch(member: Membership, contact_ids: Iterable[UUID]) -> bool:
    """Return whether a member sees everything of these people."""
    theirs = Conversation.objects.filter(contact__in=list(contact_ids))
    return not theirs.exclude(id__in=Conversation.objects.visible_to(member).values("id")).exists()


def suggestions(contact_id: UUID, member: Membership) -> list[Suggestion]:
    """Return who may be the same person as a contact, as far as the member may decide it."""
    mine = group_of(contact_id)
    noted = Likeness.objects.filter(Q(first__in=mine) | Q(second__in=mine), settled_at=None).order_by("-seen_at")
    found: dict[UUID, str] = {}
    for one in noted.select_related("first", "second"):
        other = one.second if one.first_id in mine else one.first
        if not other.restricted and (root := other.merged_into_id or other.id) != mine[0]:
            found.setdefault(root, reason_text(one.reason))
    names = names_of(found, eyes_of(member))
    return [
        Suggestion(id, names[id], why) for id, why in found.items() if id in names and may_touch(member, group_of(id))
    ]


def everywhere(member: Membership) -> list[Suggestion]:
    """Return all pairs that nobody has decided about, the newest first."""
    shown = Likeness.objects.filter(
        settled_at=None,
        first__erasing_at=None,
        first__disputed_at=None,
        second__erasing_at=None,
        second__disputed_at=None,
    )
    pairs: dict[frozenset[UUID], tuple[UUID, UUID, str]] = {}
    for one in shown.select_related("first", "second").order_by("-seen_at")[:LISTED_MAX]:
        first, second = (other.merged_into_id or other.id for other in (one.first, one.second))
        if first != second:
            pairs.setdefault(frozenset((first, second)), (first, second, reason_text(one.reason)))
    people = {id for first, second, _why in pairs.values() for id in (first, second)}
    names = names_of(people, eyes_of(member))
    threads = dict(
        Conversation.objects.visible_to(member)
        .heads()
        .filter(contact__in=people)
        .order_by("last_message_at")
        .values_list("contact_id", "id")
    )
    made = []
    for first, second, why in pairs.values():
        if first not in threads:
            first, second = second, first
        if first in threads:
            made.append(Suggestion(second, names[second], why, "", threads[first], names[first]))
    return made


def find(contact_id: UUID | None, words: str, member: Membership) -> list[Suggestion]:
    """Return people whom a member may mean, other than a contact: by whole number, or by the beginnings of the words of a
    name."""
    mine = set(group_of(contact_id)) if contact_id else set()
    people = Contact.objects.filter(erasing_at=None, disputed_at=None, is_group=False).exclude(id__in=mine)
    try:
        digest = identity_hash(ring(), IdentityKind.PHONE, Phone.parse(words).number)
        theirs = Identity.objects.filter(kind=IdentityKind.PHONE, value_hash=digest, valid_to=None)
        found = people.filter(id__in=theirs.values("contact_id"))
    except NotAPhone:
        wanted = [word[:12] for word in words_of(words) if len(word) > 1]
        if not wanted:
            return []
        found = people.filter(name_tokens__contains=ring().tokens(wanted, place=NAME_PLACE))
    roots = list(dict.fromkeys(one.merged_into_id or one.id for one in found.order_by("-changed_at")[:FOUND_MAX]))
    eyes = eyes_of(member)
    names = names_of(roots, eyes)
    seen = {id: ", ".join(value for _kind, value in identities_of([id], eyes)) for id in roots}
    return [
        Suggestion(id, names[id], "", seen[id])
        for id in roots
        if id in names and id not in mine and may_touch(member, group_of(id))
    ]


def shown(contact_id: UUID, member: Membership) -> Suggestion:
    """Return one person as the others that are found, as far as the member may see numbers."""
    eyes = eyes_of(member)
    by = ", ".join(value for _kind, value in identities_of([contact_id], eyes))
    return Suggestion(contact_id, names_of([contact_id], eyes).get(contact_id, ""), "", by)


def preview(kept_id: UUID, other_id: UUID, member: Membership) -> Preview:
    """Return what merging would do. Raises: CannotMerge."""
    kept, other = root_of(kept_id), root_of(other_id)
    groups = group_of(kept), group_of(other)
    if kept == other or not may_touch(member, [*groups[0], *groups[1]]):
        raise CannotMerge(_("Choose another person: you may not merge these two."))
    mine, theirs = _side(kept, groups[0], member), _side(other, groups[1], member)
    noted = Likeness.objects.filter(
        Q(first__in=groups[0], second__in=groups[1]) | Q(first__in=groups[1], second__in=groups[0])
    ).first()
    why = reason_text(noted.reason) if noted else ""
    return Preview(mine, theirs, why, _effects(mine, theirs, groups))


def _effects(kept: Side, other: Side, groups: tuple[list[UUID], list[UUID]]) -> list[str]:
    names = {"kept": kept.name, "other": other.name}
    said = [_("Both are shown as “%(kept)s”. Every number and id of both leads here.") % names]
    common = set(kept.threads) & set(other.threads)
    if common:
        text = _("On %(channels)s, the two conversations become one thread, in the order of time.")
        said.append(text % {"channels": ", ".join(sorted(common))})
    said.append(_("Answers go to where the person wrote last."))
    no = [refuses_marketing(group[0]) for group in groups]
    if no[0] != no[1]:
        said.append(_("One of the two wants no marketing, so that holds for both."))
    said.append(_("You can separate them again at any time: each gets back what came under its own numbers and ids."))
    return said


def merge(kept_id: UUID, other_id: UUID, *, by: Membership) -> Merge:
    """Merge two people. Raises: CannotMerge."""
    one_at_a_time()
    kept, other = root_of(kept_id), root_of(other_id)
    if kept == other or not may_touch(by, [*group_of(kept), *group_of(other)]):
        raise CannotMerge(_("Choose another person: you may not merge these two."))
    return merging.merge(kept, other, by=by, reason="member")


def part(merge_id: UUID, *, of: UUID, by: Membership) -> Merge:
    """Separate two that were merged into this person. Raises: CannotMerge, Merge.DoesNotExist."""
    one_at_a_time()
    made = Merge.objects.get(id=merge_id, kept__in=group_of(of), undone_at=None)
    if not may_touch(by, group_of(of)):
        raise CannotMerge(_("You do not see all conversations of this person. Ask an owner or admin to separate them."))
    return merging.part(made.id, by=by)


def tell_apart(contact_id: UUID, other_id: UUID, *, by: Membership) -> None:
    """Suggest these two no more: they are two people."""
    settle_likenesses(group_of(contact_id), group_of(other_id), by=by)


def merges_of(contact_id: UUID, member: Membership) -> list[dict[str, Any]]:
    """Return who was merged into a contact's person, and by whom."""
    group = group_of(contact_id)
    made = list(Merge.objects.filter(kept__in=group, undone_at=None).select_related("by__user").order_by("-at"))
    eyes = eyes_of(member)
    return [
        {
            "id": one.id,
            "merged": _side(one.merged_id, _within(one.merged_id, made), member),
            "kept": names_of([one.kept_id], eyes).get(one.kept_id, ""),
            "at": one.at,
            "by": one.by.name if one.by else "",
        }
        for one in made
    ]


def _within(contact_id: UUID, made: Collection[Merge]) -> list[UUID]:
    found = [contact_id]
    for id in found:
        found += [one.merged_id for one in made if one.kept_id == id]
    return found


def names_of(contact_ids: Iterable[UUID], eyes: Eyes) -> dict[UUID, str]:
    """Return what contacts are called, as far as the reader may see numbers."""
    wanted = list(contact_ids)
    of_them = Q(contact__in=wanted) | Q(contact__merged_into__in=wanted)
    phones: dict[UUID, str] = {}
    for one in Identity.objects.filter(of_them, kind=IdentityKind.PHONE, valid_to=None).select_related("contact"):
        for id in {one.contact_id, one.contact.merged_into_id} - {None}:
            phones.setdefault(id, one.value)
    contacts = Contact.objects.filter(id__in=wanted)
    return {one.id: contact_name(one, phones.get(one.id), veil=eyes.veil(one.id)) for one in contacts}


def identities_of(contact_ids: Collection[UUID], eyes: Eyes) -> list[tuple[str, str]]:
    """Return by what contacts are known now: what kind, and the value as far as the reader may see it."""
    shown = Identity.objects.filter(contact__in=contact_ids, valid_to=None).order_by("-kind", "valid_from")
    return [
        (
            str(IdentityKind(one.kind).label),
            eyes.veil(one.contact_id).phone(one.value) if one.kind == IdentityKind.PHONE else one.value,
        )
        for one in shown
    ]


def _side(id: UUID, group: list[UUID], member: Membership) -> Side:
    eyes = eyes_of(member)
    threads = Conversation.objects.filter(contact__in=group).select_related("channel").order_by("opened_at")
    first = threads.first()
    return Side(
        id=id,
        name=names_of([id], eyes).get(id, ""),
        identities=identities_of(group, eyes),
        consent=_consent(group),
        threads=sorted({one.channel.name for one in threads}),
        messages=Message.objects.filter(conversation__in=threads.values("id")).count(),
        since=first.opened_at if first else None,
    )


def _consent(group: list[UUID]) -> str:
    if refuses_marketing(group[0]):
        return _("Wants no marketing")
    said = latest(group[0], MARKETING)
    return _("Allows marketing") if said and said != STOP else _("Never asked")


def reason_text(reason: str) -> str:
    """Return why two contacts may be one person."""
    return {
        "named_together": _("WhatsApp named both in one message."),
        "changed_number": _("WhatsApp said that one changed to the number or id of the other."),
        "same_number": _("The same number came with another WhatsApp id. It may have been given to somebody else."),
        "one_number": _("They have one number, written in two ways."),
        "came_back": _("Wrote again while the other was being deleted."),
    }.get(reason, _("They look alike."))


def called(contact_id: UUID, member: Membership) -> str:
    """Return what a contact is called, as far as the member may see numbers."""
    return names_of([contact_id], eyes_of(member)).get(contact_id, "")
