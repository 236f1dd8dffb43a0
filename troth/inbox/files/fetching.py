"""Fetching one file: asked of the provider outside of any transaction, checked, cleaned, sealed, and told to open screens."""

import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from troth.base.clock import now
from troth.base.logs import CODE, ID, declare, event
from troth.base.sealed_files import SealedWriter
from troth.channels import connecting, registry
from troth.channels.link import Link
from troth.inbox.files.expecting import ask_for
from troth.inbox.heads import poke_shown
from troth.inbox.models import Attachment, AttachmentState, Message
from troth.media import kinds, pictures, store
from troth.media.sounds import SOUND_BYTES_MAX, NoSound, Sound, looked_at
from troth.workspaces.scope import scope

PICTURE_BYTES_MAX = 32 * 1024 * 1024  # a larger one is kept as a file: to write it anew would take too much memory
AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 6 * 3600, 24 * 3600, 48 * 3600))
# Not a file's fault: it waits for somebody to put the number right, for as long as WhatsApp keeps it.
NUMBERS_TROUBLE = frozenset({"token_invalid", "token_expired", "no_permission"})
TROUBLE_EVERY, KEPT_FOR = timedelta(minutes=30), timedelta(days=7)  # Cloud API, media (read 2026-11-30)
LOST_AFTER = timedelta(minutes=5)  # a worker that was killed meanwhile is waited for no longer
NO_ID, NOT_CONNECTED, BAD_PICTURE, NO_STORE = "no_id", "not_connected", "bad_picture", "no_store"

log = logging.getLogger(__name__)
declare("files.not_fetched", level=logging.WARNING, workspace_id=ID, attachment_id=ID, reason=CODE)


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched, and how: carried out of the scope."""

    id: UUID
    link: Link
    media_id: str


@dataclass
class Found:
    """What came of it."""

    reason: str = ""
    again: bool = False
    mime: str = ""
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    has_preview: bool = False
    sound: Sound | None = None


class Taking:
    """Takes a file's bytes in as they come. A picture is kept in memory, since it is written anew; anything else goes
    sealed onto the disk, from the moment at which its first bytes say what it is.

    Used outside of scopes. Raises: StoreAway.
    """

    def __init__(self, id: UUID, files: store.Files) -> None:
        self._id, self._files = id, files
        self._held = bytearray()
        self._kind: kinds.Kind | None = None
        self._file: SealedWriter | None = None

    def take(self, piece: bytes) -> None:
        """Take the next bytes."""
        if self._file is not None:
            self._file.write(piece)
            return
        self._held += piece
        if len(self._held) >= kinds.HEAD_BYTES:
            self._settle()

    def keep(self, size_bytes: int) -> Found:
        """Keep what came, a picture rid of what its camera wrote into it."""
        kind = self._settle()
        if self._file is not None:
            self._file.finish()
            return Found(mime=kind.mime, size_bytes=size_bytes)
        try:
            clean = pictures.cleaned(bytes(self._held), kind.mime)
        except pictures.NoPicture:
            return Found(reason=BAD_PICTURE)
        for part, data in ((store.WHOLE, clean.data), (store.PREVIEW, clean.preview)):
            with self._files.writer(self._id, part) as out:
                out.write(data)
        return Found("", False, kind.mime, len(clean.data), clean.width, clean.height, has_preview=True)

    def end(self) -> None:
        """Let go of what was not kept."""
        if self._file is not None:
            self._file.abandon()

    def _settle(self) -> kinds.Kind:
        """Decide what the file is, and whether it goes onto the disk as it comes."""
        if self._kind is None:
            self._kind = kinds.sniffed(bytes(self._held[: kinds.HEAD_BYTES]))
        if self._file is None and (self._kind.family != "image" or len(self._held) > PICTURE_BYTES_MAX):
            self._file = self._files.writer(self._id)
            self._file.write(self._held)
            self._held.clear()
        return self._kind


def fetch(workspace_id: str, attachment_id: str) -> None:
    """Fetch a file unless it is here, or somebody else is at it. Safe to run twice and to be killed anywhere."""
    workspace, id = UUID(workspace_id), UUID(attachment_id)
    with scope(workspace):
        wanted, files = _claim(id), store.files()
    if wanted is None:
        return
    found = wanted if isinstance(wanted, Found) else _fetched(wanted, files)
    with scope(workspace):
        is_wanted = _record(id, found)
    if not is_wanted:
        files.remove([id])
    if found.reason and not found.again:
        event(log, "files.not_fetched", workspace_id=workspace, attachment_id=id, reason=found.reason)


def try_again(attachment: Attachment) -> None:
    """Fetch a file once more, because a person asks for it."""
    failed = Attachment.objects.filter(id=attachment.id, state=AttachmentState.FAILED)
    if failed.update(state=AttachmentState.WAITING, reason="", attempts=0, next_attempt_at=now()):
        ask_for(attachment)
        _tell(attachment)


def _claim(id: UUID) -> Wanted | Found | None:
    """Return what to fetch, None where there is nothing to do, or why it cannot be fetched. For five minutes it is ours."""
    due = Attachment.objects.select_for_update(skip_locked=True).filter(
        id=id, state=AttachmentState.WAITING, next_attempt_at__lte=now()
    )
    attachment = due.first()
    if attachment is None:
        return None
    attachment.attempts += 1
    attachment.next_attempt_at = now() + LOST_AFTER
    attachment.save(update_fields=["attempts", "next_attempt_at"])
    message = Message.objects.select_related("channel").get(id=attachment.message_id)
    media_id = ((message.content or {}).get("media") or {}).get("id")
    if not media_id:
        return Found(reason=NO_ID)
    if not message.channel.is_bound:
        return Found(reason=NOT_CONNECTED)
    return Wanted(id, connecting.link_of(message.channel), str(media_id))


def _fetched(wanted: Wanted, files: store.Files) -> Found:
    taking = Taking(wanted.id, files)
    try:
        files.prepare()  # the file comes piece by piece in a loop, in which nobody else can be asked
        came = registry.fetch(wanted.link, wanted.media_id, taking.take)
        if not came.ok:
            return Found(reason=came.reason, again=came.again)
        found = taking.keep(came.size_bytes)
        if not found.reason and kinds.kind_of(found.mime).family == "audio":
            found.sound = _looked_at(wanted.id, files)
    except store.StoreAway:
        return Found(reason=NO_STORE, again=True)
    finally:
        taking.end()
    return found


def _looked_at(id: UUID, files: store.Files) -> Sound | None:
    """Return how a sound that came looks; None for one that cannot be opened here, which browsers may still play."""
    try:
        with closing(files.reader(id)) as reader:
            return looked_at(reader.read(SOUND_BYTES_MAX + 1))
    except NoSound:
        return None


def _record(id: UUID, found: Found) -> bool:
    """Write down what came; return whether there is a row for it still. One that is gone meanwhile leaves a file behind."""
    attachment = Attachment.objects.select_for_update().filter(id=id, state=AttachmentState.WAITING).first()
    if attachment is None:
        return Attachment.objects.filter(id=id).exists()
    later = attachment.attempts <= len(AGAIN_AFTER) and found.again
    waits = found.reason in NUMBERS_TROUBLE and now() < attachment.created_at + KEPT_FOR
    if not found.reason:
        attachment.state, attachment.fetched_at, attachment.next_attempt_at = AttachmentState.HERE, now(), None
    elif waits:
        attachment.attempts, attachment.next_attempt_at = 0, now() + TROUBLE_EVERY
    elif later:
        attachment.next_attempt_at = now() + AGAIN_AFTER[attachment.attempts - 1]
    else:
        attachment.state, attachment.next_attempt_at = AttachmentState.FAILED, None
    attachment.reason, attachment.mime, attachment.size_bytes = found.reason, found.mime, found.size_bytes
    attachment.width, attachment.height, attachment.has_preview = found.width, found.height, found.has_preview
    if found.sound is not None:
        attachment.duration_ms, attachment.wave = found.sound.duration_ms, found.sound.wave.hex()
    attachment.save()
    _tell(attachment)
    return True


def _tell(attachment: Attachment) -> None:
    message = Message.objects.only("conversation_id", "channel_id", "workspace_id").get(id=attachment.message_id)
    poke_shown(message.conversation_id, channel_id=message.channel_id)
