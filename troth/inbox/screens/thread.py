"""One conversation: a page of its messages with all that belongs to them, in a few questions."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from troth.base.clock import now
from troth.channels.models import Channel
from troth.contacts.masking import Veil, eyes_of, numbers_of
from troth.contacts.models import IdentityKind
from troth.inbox.heads import shown_ids
from troth.inbox.models import (
    Conversation,
    Message,
)
from troth.inbox.saying.countries import offered_to
from troth.inbox.screens.details import details_of
from troth.inbox.screens.files import shower
from troth.inbox.screens.items import items_of
from troth.inbox.screens.names import Person, contact_name
from troth.inbox.screens.scheduled import scheduled_items
from troth.inbox.screens.status import why_it_stays
from troth.inbox.screens.surroundings import surroundings_of
from troth.workspaces.models import Membership, Role

PAGE = 40


def thread(
    conversation: Conversation,
    member: Membership,
    *,
    handle: str,
    channel: Channel,
    people: dict[UUID, Person],
    before: UUID | None = None,
    has_others: bool = False,
) -> dict[str, Any]:
    """Return what the thread's templates show: the latest page, or the page before a message. `has_others` is whether the
    member has other numbers to write from."""
    threads = shown_ids(conversation)
    messages = _page(threads, before)
    more = len(messages) > PAGE
    messages = messages[:PAGE][::-1]
    show_file = shower(conversation.id, member=member, handle=handle)
    found = surroundings_of(
        conversation, threads, member, messages, first_page=not more, before=before, show_file=show_file
    )
    address = reverse("conversation", args=[handle, conversation.id])
    phone = next((value for kind, value in found.identities if kind == IdentityKind.PHONE), None)
    veil = _veil(conversation, member)
    name = contact_name(conversation.contact, phone, veil=veil)
    shown_phone = veil.phone(phone) if phone else ""
    shown = _conversation(conversation, member, handle, channel, people, name, shown_phone)
    shown |= _standing(conversation, member, handle, channel, found.marks)
    return {
        "conversation": shown,
        "items": items_of(
            messages,
            found.around,
            people=people,
            contact=Person(str(conversation.contact_id), name, str(conversation.contact_id)),
            veil=veil,
            channel=channel,
            unread=conversation.unread if before is None else 0,
            handle=handle,
            member_id=member.id if member.may(Role.AGENT) else None,
            stays=why_it_stays(conversation, channel, found.marks),
        ),
        "scheduled": scheduled_items(
            found.scheduled,
            conversation=conversation,
            member=member,
            people=people,
            handle=handle,
            veil=veil,
            name=name,
            phone=phone,
        ),
        "older_url": f"{address}?before={messages[0].id}" if more else None,
        "draft": found.draft,
        "members": sorted(people.values(), key=lambda one: one.name.casefold()),
        "details": details_of(
            conversation, member, found, veil=veil, phone=phone, handle=handle, has_others=has_others
        ),
    }


def _page(threads: list[UUID], before: UUID | None) -> list[Message]:
    # What somebody said in a group who is being forgotten is not shown any more.
    rows = Message.objects.filter(Q(sender=None) | Q(sender__erasing_at=None)).exclude(kind="reaction")
    if before is not None:
        edge = Message.objects.filter(id=before, conversation__in=threads).values_list("at", "id").first()
        if edge is not None:
            rows = rows.filter(Q(at__lte=edge[0]) & (Q(at__lt=edge[0]) | Q(id__lt=edge[1])))
    rows = rows.defer("tokens", "external_id", "quote_id").order_by("-at", "-id")
    # Of each thread by itself: together they would all be sorted.
    found = [message for one in threads for message in rows.filter(conversation=one)[: PAGE + 1]]
    return sorted(found, key=lambda message: (message.at, message.id), reverse=True)[: PAGE + 1]


def _conversation(
    conversation: Conversation,
    member: Membership,
    handle: str,
    channel: Channel,
    people: dict[UUID, Person],
    name: str,
    shown_phone: str,
) -> dict[str, Any]:
    may_write = member.may(Role.AGENT)
    at = [handle, conversation.id]
    urls = {
        "send": reverse("messages", args=at),
        "draft": reverse("draft", args=at),
        "templates": reverse("templates", args=at),
        "files": reverse("choose_file", args=at),
        "close": reverse("closure", args=at),
        "reopen": reverse("reopening", args=at),
        "assign": reverse("assignment", args=at),
        "unread": reverse("unread", args=at),
        "read": reverse("reading", args=at),
        "say": reverse("conversation", args=at) + "say/",
        "preview": reverse("preview", args=at),
        "schedule": reverse("scheduled", args=at),
    }
    return {
        "id": conversation.id,
        "name": name,
        "seed": str(conversation.contact_id),
        "subtitle": shown_phone,
        "channel_name": channel.name,
        "has_catalog": bool(channel.catalog_id),
        "offers": offered_to(channel.display_number),
        "stored": channel.stored,
        "closed": conversation.closed_at is not None,
        "assignee": people.get(conversation.assignee_id) if conversation.assignee_id else None,
        "window_expires_at": conversation.window_expires_at,
        "window_open": conversation.window_is_open(at=now()),
        "url": reverse("conversation", args=at),
        "urls": urls if may_write else {},
    }


def _standing(
    conversation: Conversation, member: Membership, handle: str, channel: Channel, marks: set[str]
) -> dict[str, Any]:
    """Return whether anything stands against writing to this person, and how a member settles it."""
    at = [handle, conversation.id]
    may_write = member.may(Role.AGENT)
    return {
        "blocked": "block" in marks,
        "of_another": conversation.is_of_another(at=now()),
        "unconfirmed": channel.confirms_identity and "doubt" in marks,
        "block_url": reverse("block", args=at) if may_write and not conversation.contact.is_group else None,
        "confirm_url": reverse("confirm_identity", args=at) if may_write else None,
    }


def _veil(conversation: Conversation, member: Membership) -> Veil:
    """Return what the member sees of the contact's numbers, now and before."""
    eyes, contact = eyes_of(member), conversation.contact_id
    return eyes.veil(contact, numbers=() if eyes.sees_all else numbers_of([contact]).get(contact, ()))
