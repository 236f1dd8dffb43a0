"""Shows the threads of a merged person as one: on each channel that of the contact who stands for the person is the head,
the others are folded into it.

Messages, lines and gaps stay in the thread that they came to. What the list shows of a head is of all of them, and goes
back to what is its own when they are parted.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.merging import follow
from troth.contacts.models import Contact, Identity, Merge
from troth.inbox.heads import thread_ids
from troth.inbox.latest import tell_latest
from troth.inbox.models import Activity, Conversation, Direction, Draft, Message, ScheduledMessage
from troth.inbox.models.conversation import WINDOW
from troth.realtime.pokes import poke_all
from troth.workspaces.scope import current_workspace_id


def connect() -> None:
    """Let threads follow their people. Called once, when the app is ready."""
    follow(_follow)


def _follow(contact_ids: Collection[UUID], made: Merge) -> None:
    refold(contact_ids)
    parted = made.undone_at is not None
    people = (made.kept_id, made.merged_id) if parted else (made.kept_id,)
    kind = "parted" if parted else "merged" if made.by_id else "joined"
    threads = Conversation.objects.heads().filter(contact__in=people).values_list("id", flat=True)
    at = now().replace(microsecond=0)  # as messages are told: in whole seconds
    member = made.undone_by_id if parted else made.by_id
    Activity.objects.bulk_create([Activity(conversation_id=id, kind=kind, member_id=member, at=at) for id in threads])


def refold(contact_ids: Collection[UUID]) -> None:
    """Fold and unfold the threads of these contacts as their people stand now."""
    roots = {
        id: root or id for id, root in Contact.objects.filter(id__in=contact_ids).values_list("id", "merged_into_id")
    }
    threads = list(Conversation.objects.select_for_update().filter(contact_id__in=roots).order_by("id"))
    heads = {(one.channel_id, one.contact_id): one for one in threads if roots[one.contact_id] == one.contact_id}
    for one in threads:
        place = (one.channel_id, roots[one.contact_id])
        if place not in heads:
            heads[place] = _begin(one, roots[one.contact_id])
    wanted = {one.id: _place_of(one, heads[(one.channel_id, roots[one.contact_id])]) for one in threads}
    moving = [one for one in threads if one.folded_into_id != wanted[one.id]]
    for one in moving:  # all are parted before any is folded: what a head shows is added up anew
        if one.folded_into_id is not None:
            _unfold(one)
    for one in moving:
        if (head := wanted[one.id]) is not None:
            _fold(one, head)
    touched = {one.id for one in threads} | {head.id for head in heads.values()}
    touched |= {one.folded_into_id for one in threads if one.folded_into_id}
    tell_latest(touched)
    _drop_empty(touched)
    seen = Conversation.objects.filter(id__in=touched).values_list("id", "channel_id")
    poke_all([("conversation", id, channel) for id, channel in seen], workspace_id=current_workspace_id())


def _place_of(one: Conversation, head: Conversation) -> UUID | None:
    return None if head.id == one.id else head.id


def _drop_empty(ids: Collection[UUID]) -> None:
    """Delete heads that were made for others' threads and have nothing of their own, now that those stand by themselves."""
    heads = Conversation.objects.filter(folded_into__in=ids).values_list("folded_into_id", flat=True)
    empty = Conversation.objects.filter(id__in=ids, folded_into=None, messages=None, activities=None, gaps=None)
    for one in empty.exclude(id__in=list(heads)):
        kept = (Draft.objects.filter(conversation=one), ScheduledMessage.objects.filter(conversation=one))
        if not any(rows.exists() for rows in kept):
            one.delete()


def _begin(like: Conversation, contact_id: UUID) -> Conversation:
    """Make the thread of a person on a channel on which only one who was merged into them wrote."""
    made = Conversation(
        id=new_id(),
        channel_id=like.channel_id,
        contact_id=contact_id,
        assignee_id=like.assignee_id,
        opened_at=like.opened_at,
        closed_at=like.closed_at,
        closed_by_id=like.closed_by_id,
        last_message_at=like.last_message_at,
    )
    made.save(force_insert=True)
    return made


def _fold(one: Conversation, head: UUID) -> None:
    Conversation.objects.filter(id=one.id).update(folded_into=head, changed_at=now())
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [one.id, head, current_workspace_id()])


_FOLD = """
    UPDATE inbox_conversation h SET
        unread = h.unread + c.unread, window_expires_at = GREATEST(h.window_expires_at, c.window_expires_at),
        observed_at = GREATEST(h.observed_at, c.observed_at),
        closed_at = CASE WHEN c.closed_at IS NULL THEN NULL ELSE h.closed_at END,
        closed_by_id = CASE WHEN c.closed_at IS NULL THEN NULL ELSE h.closed_by_id END,
        assignee_id = COALESCE(h.assignee_id, c.assignee_id)
    FROM inbox_conversation c WHERE c.id = %s AND h.id = %s AND c.workspace_id = h.workspace_id AND h.workspace_id = %s
"""


def _unfold(one: Conversation) -> None:
    """Let a thread stand by itself again, and its head keep what is its own."""
    head = Conversation.objects.select_for_update().get(id=one.folded_into_id)
    Conversation.objects.filter(id=one.id).update(folded_into=None, changed_at=now())
    left = max(0, head.unread - one.unread)
    Conversation.objects.filter(id=head.id).update(unread=left, window_expires_at=_window_of(head), changed_at=now())


def _window_of(head: Conversation) -> object:
    """Return until when free text may be sent in a thread, by what came to it and to those still folded into it."""
    if head.window_expires_at is None:
        return None
    threads = thread_ids(head.id)
    wrote = Message.objects.filter(conversation__in=threads, direction=Direction.IN, history=False)
    called = Activity.objects.filter(conversation__in=threads, kind="call_from_customer")
    spoke = [
        wrote.exclude(kind="system").aggregate(at=Max("at"))["at"],
        called.aggregate(at=Max("at"))["at"],
    ]
    last = max((at for at in spoke if at), default=None)
    return min(head.window_expires_at, last + WINDOW) if last else None


def fold_new(contact_ids: Iterable[UUID]) -> None:
    """Fold the threads that were just made for those among these contacts who were merged into others."""
    merged = Contact.objects.filter(id__in=list(contact_ids), merged_into__isnull=False)
    roots = set(merged.values_list("merged_into_id", flat=True))
    if roots:
        refold(list(Contact.objects.filter(Q(id__in=roots) | Q(merged_into__in=roots)).values_list("id", flat=True)))


def answers_in(head: Conversation) -> Conversation:
    """Return the thread in which an answer leaves: where the person wrote last, else where they can be reached."""
    folded = list(Conversation.objects.filter(folded_into=head.id).select_related("contact").order_by("id"))
    if not folded:
        return head
    wrote = [one for one in folded if one.window_expires_at and one.window_expires_at == head.window_expires_at]
    order = [*wrote, head, *sorted(folded, key=lambda one: one.last_message_at, reverse=True)]
    living = Identity.objects.filter(contact__in=[one.contact_id for one in order], valid_to=None)
    reachable = set(living.values_list("contact_id", flat=True))
    return next((one for one in order if one.contact_id in reachable), head)
