"""Saying something later. A minute's job looks for what is due, and checks once more whether it may be said.

It is no row of the outbox until then, so it holds up nothing that is said meanwhile.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.logs import ID, declare, event
from troth.channels.contract import Content
from troth.inbox.files import drafting
from troth.inbox.heads import head_of, thread_ids
from troth.inbox.models import Attachment, Conversation, Message, ScheduledMessage, ScheduledState
from troth.inbox.outbox import CannotSend, must_fit, say_content
from troth.inbox.say_template import filled, is_sendable, must_be_sendable
from troth.inbox.saying.not_said import reason_text, tell_author
from troth.inbox.saying.sending import must_be_sayable, named, with_ids
from troth.inbox.saying.times import AHEAD_MAX, instant_of
from troth.inbox.saying.undoing import TakenBack
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

WAITING_MAX = 100  # in one conversation
AT_ONCE = 200
FILES = "files"  # beside the content: the ids of what it carries, by their places in it
FILES_LAST = timedelta(days=30)  # those of a message that missed its time

log = logging.getLogger(__name__)
declare("scheduled.not_looked_at", level=logging.ERROR, workspace_id=ID)


def schedule(
    conversation: Conversation,
    content: Content,
    *,
    at: str,
    zone: str,
    by: Membership,
    client_id: UUID,
    quoted: Message | None = None,
    files: Mapping[str, Attachment] | None = None,
) -> ScheduledMessage:
    """Keep what is to be said at this time: of the clock on the wall (ISO, without offset) in this time zone. The same
    `client_id` again returns the same row. `files` are those that it is to carry, by their places in it.

    Raises: CannotSend.
    """
    if (before := scheduled_before(conversation, client_id)) is not None:
        return before
    send_at = instant_of(at, zone, content)
    content = named(content, files or {})
    must_fit(content)
    if conversation.contact.restricted:
        raise CannotSend(_("This person's data are only kept for now, so nothing can be sent to them."))
    must_be_sayable(conversation, with_ids(content, files or {}))
    must_have_room(conversation)
    made = ScheduledMessage(
        conversation=conversation,
        author=by,
        client_id=client_id,
        content=msgspec.to_builtins(content) | ({FILES: ids} if (ids := _ids(files)) else {}),
        quoted_id=quoted.id if quoted else None,
        send_at=send_at,
        zone=zone,
    )
    made.save(force_insert=True)
    for file in (files or {}).values():
        drafting.keep_until(file, send_at)
    _look_again(conversation)
    return made


def schedule_template(
    conversation: Conversation,
    template_id: UUID,
    values: Mapping[str, str],
    *,
    at: str,
    zone: str,
    by: Membership,
    client_id: UUID,
    chosen: Mapping[str, UUID],
) -> ScheduledMessage:
    """Keep a template with these values, to be said at this time. Raises: CannotSend, BadTemplateValue."""
    if (before := scheduled_before(conversation, client_id)) is not None:
        return before
    content, files = filled(conversation, template_id, values, by=by, chosen=chosen)
    return schedule(conversation, content, at=at, zone=zone, by=by, client_id=client_id, files=files)


def must_have_room(conversation: Conversation) -> None:
    """Raises: CannotSend, where as much waits in a conversation as may."""
    if ScheduledMessage.objects.filter(conversation=conversation, state=ScheduledState.WAITING).count() >= WAITING_MAX:
        raise CannotSend(_("A hundred messages wait in this conversation already. Cancel some first."))


def reschedule(scheduled: ScheduledMessage, *, at: str, zone: str) -> None:
    """Let it be said at another time; what missed its time waits again. Raises: CannotSend."""
    content = msgspec.convert(scheduled.content, Content)
    send_at = instant_of(at, zone, content)
    files = files_of(scheduled)
    if len(files) < len(scheduled.content.get(FILES) or {}):
        raise CannotSend(reason_text("file"))
    if content.kind == "template":
        must_be_sendable(_head(scheduled), content)
    if scheduled.state != ScheduledState.WAITING:
        must_have_room(scheduled.conversation)
    changed = {"send_at": send_at, "zone": zone, "state": ScheduledState.WAITING, "reason": ""}
    ScheduledMessage.objects.filter(id=scheduled.id).update(**changed)
    for file in files.values():
        drafting.keep_until(file, send_at)
    _look_again(scheduled.conversation)


def scheduled_before(conversation: Conversation, client_id: UUID) -> ScheduledMessage | None:
    """Return what the same request has scheduled before."""
    return ScheduledMessage.objects.filter(client_id=client_id, conversation=conversation).first()


def _ids(files: Mapping[str, Attachment] | None) -> dict[str, str]:
    return {slot: str(file.id) for slot, file in (files or {}).items()}


def files_of(scheduled: ScheduledMessage) -> dict[str, Attachment]:
    """Return the files that it is to carry and that are still here, by their places in it."""
    ids = {slot: UUID(id) for slot, id in (scheduled.content.get(FILES) or {}).items()}
    if not ids:
        return {}
    kept = drafting.kept_for_later(list(ids.values()), thread_ids(_head(scheduled).id), by=scheduled.author)
    return {slot: kept[id] for slot, id in ids.items() if id in kept}


def _head(scheduled: ScheduledMessage) -> Conversation:
    """Return the thread in which it is shown and said: its own, unless its contact was merged into another since."""
    return head_of(scheduled.conversation)


def take_back(scheduled: ScheduledMessage, *, by: Membership, to_edit: bool = False) -> TakenBack:
    """Say it at no time, and return what was to be said. Its files go back to its author where it is to be edited."""
    said: dict[str, object] = scheduled.content
    back = {}
    for slot, file in files_of(scheduled).items():
        if to_edit and scheduled.author_id == by.id:
            back[slot] = drafting.put_back(file, scheduled.conversation, by=by)
        else:
            drafting.drop(file)
    ScheduledMessage.objects.filter(id=scheduled.id)._raw_delete("default")
    _look_again(scheduled.conversation)
    return TakenBack(said, back, scheduled.quoted_id)


def send_now(scheduled: ScheduledMessage, *, by: Membership) -> None:
    """Say it at once. Raises: CannotSend."""
    _say(scheduled, by=by)


def send_due(timestamp: int = 0) -> None:
    """Say in all workspaces what is due. `timestamp` is what the job queue passes to every scheduled job."""
    for workspace in _workspaces(until=now()):
        try:
            _send_due_of(workspace)
        except Exception as failure:  # noqa: BLE001  # one workspace's trouble is not the others'
            event(log, "scheduled.not_looked_at", workspace_id=workspace, exc_info=failure)


def doubt_all() -> int:
    """After a restore: say nothing by itself any more that waits, since it may have been said or taken back meanwhile. Return
    how much that was."""
    return sum(_doubt(workspace) for workspace in _workspaces(until=now() + 2 * AHEAD_MAX))


def _doubt(workspace: UUID) -> int:
    with scope(workspace):
        waiting = ScheduledMessage.objects.filter(state=ScheduledState.WAITING)
        return waiting.update(state=ScheduledState.NOT_SENT, reason="restored")


def _workspaces(*, until: datetime) -> list[UUID]:
    """Return the workspaces in which something is due until this instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_due(%s)", [until])
        return [row[0] for row in cursor.fetchall()]


def _send_due_of(workspace: UUID) -> None:
    with scope(workspace):
        due = ScheduledMessage.objects.filter(state=ScheduledState.WAITING, send_at__lte=now())
        ids = list(due.order_by("send_at", "id").values_list("id", flat=True)[:AT_ONCE])
    for id in ids:
        with scope(workspace), transaction.atomic():
            _try(id)


def _try(id: UUID) -> None:
    """Say one, or write down why it could not be said and tell its author. Whoever else is at it meanwhile goes first."""
    rows = ScheduledMessage.objects.select_for_update(skip_locked=True, of=("self",))
    one = (
        rows.select_related("conversation__contact", "conversation__channel", "author__user")
        .filter(id=id, state=ScheduledState.WAITING)
        .first()
    )
    if one is None:
        return
    reason = _obstacle(one)
    if not reason:
        try:
            _say(one, by=one.author)
        except CannotSend:
            reason = "refused"
    if reason:
        one.state, one.reason = ScheduledState.NOT_SENT, reason
        one.save(update_fields=["state", "reason"])
        for file in files_of(one).values():
            drafting.keep_until(file, now() + FILES_LAST)
        _look_again(one.conversation)
        tell_author(one)


def _obstacle(one: ScheduledMessage) -> str:
    """Return why it may not be said now, as a short word; empty where it may."""
    conversation = _head(one)
    if one.author.removed_at is not None or not one.author.may(Role.AGENT):
        return "left"
    if not Conversation.objects.visible_to(one.author).filter(id=conversation.id).exists():
        return "left"
    if not conversation.channel.is_bound:
        return "number"
    if len(files_of(one)) < len(one.content.get(FILES) or {}):
        return "file"
    if one.content.get("kind") == "template":
        return "" if is_sendable(conversation, msgspec.convert(one.content, Content)) else "template"
    return "" if conversation.window_is_open(at=now()) else "window"


def _say(one: ScheduledMessage, *, by: Membership) -> None:
    head = _head(one)
    threads = thread_ids(head.id)
    quoted = Message.objects.filter(id=one.quoted_id, conversation__in=threads).first() if one.quoted_id else None
    files = files_of(one)
    if len(files) < len(one.content.get(FILES) or {}):
        raise CannotSend(reason_text("file"))
    content = msgspec.convert(one.content, Content)
    if content.kind == "template":
        must_be_sendable(head, content)
    say_content(head, content, by=by, client_id=one.client_id, quoted=quoted, files=files)
    ScheduledMessage.objects.filter(id=one.id)._raw_delete("default")


def _look_again(conversation: Conversation) -> None:
    poke("conversation", conversation.id, workspace_id=conversation.workspace_id, about=conversation.channel_id)
