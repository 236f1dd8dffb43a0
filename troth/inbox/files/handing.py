"""Handing a file of ours to the provider before its message may leave: outside of any transaction, by a job, again where
that helps. Until then the message waits at its place, and what was written after it waits behind it."""

import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from troth.base.clock import now
from troth.base.logs import CODE, ID, declare, event
from troth.base.sealing import Unreadable
from troth.channels import connecting, registry
from troth.channels.contract import FILE_LOST, FILE_REFUSED, NO_REASON
from troth.channels.link import Link
from troth.inbox.files import copying, places
from troth.inbox.files.fetching import NUMBERS_TROUBLE
from troth.inbox.heads import poke_shown
from troth.inbox.models import Attachment, AttachmentState, Conversation, Message, MessageStatus
from troth.inbox.outbox import wake
from troth.media import store
from troth.media.sounds import SOUND_BYTES_MAX, NoSound, Sound, voice_note
from troth.workspaces.scope import scope

NOTE = "audio/ogg"
AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600))
LOST_AFTER = timedelta(minutes=6)  # longer than the longest call
NO_STORE = registry.Given(ok=False, reason="no_store", again=True)

log = logging.getLogger(__name__)
declare("files.not_handed", level=logging.WARNING, workspace_id=ID, attachment_id=ID, reason=CODE)


@dataclass(frozen=True)
class Load:
    """A file that is to be handed over, and to whom: carried out of the scope."""

    id: UUID
    link: Link
    mime: str
    files: store.Files
    recording: bool  # and not a voice note yet


def hand(workspace_id: str, attachment_id: str) -> None:
    """Hand a file over unless that is done, or somebody else is at it. Safe to run twice and to be killed anywhere: a file
    that was handed over twice is only known to the provider under two ids."""
    workspace, id = UUID(workspace_id), UUID(attachment_id)
    away = None if _copied(workspace, id) else NO_STORE
    with scope(workspace):
        load = _claim(id)
    if load is None:
        return
    given, note = (load, None) if isinstance(load, registry.Given) else (away, None) if away else _given(load)
    with scope(workspace):
        _record(id, given, note)
    if not given.ok:
        event(log, "files.not_handed", workspace_id=workspace, attachment_id=id, reason=given.reason)


def _copied(workspace: UUID, id: UUID) -> bool:
    """Make the file if it is to be a copy; return whether the store could be reached."""
    try:
        copying.make(workspace, id)
    except store.StoreAway:
        return False
    return True


def _given(load: Load) -> tuple[registry.Given, Sound | None]:
    """Hand a file over, once a recording was made a voice note; return what came of it."""
    try:
        with closing(load.files.reader(load.id)) as reader:
            if load.recording:
                return _noted(load, reader.read(SOUND_BYTES_MAX + 1))
            return registry.give(load.link, mime=load.mime, size_bytes=reader.size, pieces=reader.pieces()), None
    except (FileNotFoundError, Unreadable):
        return registry.Given(ok=False, reason="lost", code=FILE_LOST), None
    except store.StoreAway:
        return NO_STORE, None


def _noted(load: Load, recording: bytes) -> tuple[registry.Given, Sound | None]:
    """Make a voice note of a recording, keep it in its place, and hand it over."""
    try:
        note = voice_note(recording)
    except NoSound:
        return registry.Given(ok=False, reason="no_sound", code=FILE_REFUSED), None
    with load.files.writer(load.id) as out:
        out.write(note.note)
    return registry.give(load.link, mime=NOTE, size_bytes=len(note.note), pieces=[note.note]), note


def _claim(id: UUID) -> Load | registry.Given | None:
    """Return what to hand over, None where there is nothing to do, or why it cannot be. For six minutes it is ours."""
    attachment = (
        Attachment.objects.select_for_update(skip_locked=True)
        .filter(id=id, state=AttachmentState.LEAVING, next_attempt_at__lte=now())
        .first()
    )
    if attachment is None:
        return None
    message = Message.objects.select_related("channel").get(id=attachment.message_id)
    if message.status != MessageStatus.QUEUED:
        # Somebody took it back meanwhile: the file stays what it is.
        Attachment.objects.filter(id=id).update(state=AttachmentState.HERE, next_attempt_at=None)
        return None
    attachment.attempts += 1
    attachment.next_attempt_at = now() + LOST_AFTER
    attachment.save(update_fields=["attempts", "next_attempt_at"])
    if not message.channel.is_bound:
        return registry.Given(ok=False, reason="not_connected", again=True)
    recording = attachment.kind == "voice" and attachment.duration_ms is None
    link = connecting.link_of(message.channel)
    return Load(id, link, attachment.mime, store.files(), recording=recording)


def _record(id: UUID, given: registry.Given, note: Sound | None) -> None:
    """Write down what came of it: the message may leave, or waits for another attempt, or has failed."""
    attachment = Attachment.objects.select_for_update().filter(id=id, state=AttachmentState.LEAVING).first()
    if attachment is None:
        return
    message = Message.objects.select_for_update().get(id=attachment.message_id)
    waits = not given.ok and (
        given.reason in NUMBERS_TROUBLE or (given.again and attachment.attempts <= len(AGAIN_AFTER))
    )
    attachment.reason = given.reason
    if waits:
        attachment.next_attempt_at = now() + AGAIN_AFTER[min(attachment.attempts, len(AGAIN_AFTER)) - 1]
    else:
        attachment.state, attachment.next_attempt_at = AttachmentState.HERE, None
    if note is not None:
        attachment.duration_ms, attachment.wave = note.duration_ms, note.wave.hex()
        attachment.mime, attachment.size_bytes = NOTE, len(note.note)
    attachment.save()
    if message.status == MessageStatus.QUEUED:
        _tell(message, given, slot=attachment.slot, waits=waits)


def _tell(message: Message, given: registry.Given, *, slot: str, waits: bool) -> None:
    """Put the file at its place in the message, which leaves once all of its files are at theirs."""
    leaves = given.ok and not _others_wait(message)
    if given.ok:
        message.content = places.filled(message.content or {}, slot, given.id)
        message.error_code = None
        if leaves:
            message.next_attempt_at = None
    elif waits:
        message.error_code = given.code
    else:
        message.status, message.failed_at = MessageStatus.FAILED, now()
        message.error_code, message.next_attempt_at = given.code or NO_REASON, None
    message.save(update_fields=["content", "next_attempt_at", "error_code", "status", "failed_at"])
    Conversation.objects.filter(Q(last_message_id=message.id)).update(preview_status=message.status)
    if leaves:
        wake(message.channel_id)
    poke_shown(message.conversation_id, channel_id=message.channel_id)


def _others_wait(message: Message) -> bool:
    """Return whether another file of a message is still to be handed over. The message is locked: of two that are handed
    over at once, the second sees the first."""
    return Attachment.objects.filter(message=message, state=AttachmentState.LEAVING).exists()
