"""Files that a member has chosen and not sent yet: they come in pieces, are made ready, and are gone after a day unless they
were sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.inbox.files import preparing
from troth.inbox.files.preparing import CannotTake, Prepared
from troth.inbox.models import Attachment, AttachmentState, Conversation
from troth.media import parcels
from troth.media.store import Files
from troth.workspaces.models import Membership

LIVES = timedelta(days=1)
AT_ONCE_MAX = 60  # files that one member may have chosen and not sent: a fuse, not a wish
NAME_MAX = 240


def begin(conversation: Conversation, *, by: Membership, size_bytes: int, wish: str, name: str) -> Attachment:
    """Expect a file and return what stands for it. Raises: CannotTake."""
    if wish not in preparing.WISHES:
        raise CannotTake(_("The request was not understood. Reload the page."))
    if size_bytes < 1:
        raise CannotTake(_("This file is empty."))
    most = preparing.CHOSEN_BYTES_MAX if wish in ("", "document") else preparing.PICTURE_BYTES_MAX
    if size_bytes > most:
        raise CannotTake(preparing.too_large(wish))
    if _chosen_now().filter(uploader=by).count() >= AT_ONCE_MAX:
        raise CannotTake(_("You have chosen many files without sending them. Send or remove some first."))
    made = Attachment(
        conversation=conversation,
        uploader=by,
        kind=wish,
        name=name.strip()[-NAME_MAX:] or None,
        size_bytes=size_bytes,
        state=AttachmentState.DRAFT,
        next_attempt_at=now() + LIVES,
    )
    made.save(force_insert=True)
    return made


def put(files: Files, draft: Attachment, number: int, data: bytes) -> bool:
    """Keep a piece of a file; return whether it was the last, after which the file can be made. Outside of scopes.
    Raises: CannotTake, StoreAway."""
    size = draft.size_bytes or 0
    count = _count(draft)
    expected = min(parcels.PIECE_BYTES_MAX, size - number * parcels.PIECE_BYTES_MAX)
    if draft.fetched_at is not None or not 0 <= number < count or len(data) != expected:
        raise CannotTake(_("This file did not arrive as it was announced. Choose it again."))
    parcels.put(files, draft.id, number, data)
    return number == count - 1


def make(files: Files, draft: Attachment) -> Prepared:
    """Make of a file whose pieces are all here what WhatsApp takes. Outside of scopes. Raises: Incomplete, CannotTake,
    StoreAway."""
    pieces = parcels.pieces(files, draft.id, _count(draft))
    ready = preparing.prepare(
        files, draft.id, pieces, wish=draft.kind, name=draft.name or "", size_bytes=draft.size_bytes or 0
    )
    files.remove_pieces(draft.id)
    return ready


def finish(draft: Attachment, ready: Prepared) -> None:
    """Write down what a file has become."""
    draft.kind, draft.mime, draft.size_bytes = ready.kind, ready.mime, ready.size_bytes
    draft.width, draft.height, draft.has_preview = ready.width, ready.height, ready.has_preview
    draft.fetched_at = now()
    draft.save(force_update=True)


def keep_until(file: Attachment, instant: datetime) -> None:
    """Keep a file that goes with something that is to be said later, and a day longer."""
    file.next_attempt_at = instant + LIVES
    file.save(update_fields=["next_attempt_at"])


def kept_for_later(ids: Collection[UUID], threads: Collection[UUID], *, by: Membership) -> dict[UUID, Attachment]:
    """Return those of these files that are still kept for something that is to be said later in these threads."""
    kept = Attachment.objects.filter(conversation__in=threads, uploader=by, state=AttachmentState.DRAFT, id__in=ids)
    return kept.in_bulk()


def put_back(file: Attachment, conversation: Conversation, *, by: Membership) -> Attachment:
    """Make of a file that was to be sent one that its member has chosen and not sent."""
    file.message, file.conversation, file.uploader, file.slot = None, conversation, by, ""
    file.state, file.reason, file.attempts, file.next_attempt_at = AttachmentState.DRAFT, "", 0, now() + LIVES
    file.save(force_update=True)
    return file


def drop(draft: Attachment) -> None:
    """Forget a file that was chosen; its bytes go with the row."""
    Attachment.objects.filter(id=draft.id, state=AttachmentState.DRAFT).delete()


def draft_of(id: UUID, conversation: Conversation, *, by: Membership) -> Attachment | None:
    """Return a file that this member has chosen in this conversation, and not sent yet."""
    return _chosen_now().filter(id=id, conversation=conversation, uploader=by).first()


def _chosen_now() -> QuerySet[Attachment]:
    """Return what is chosen and not sent, without what is kept for something that is to be said later."""
    return Attachment.objects.filter(state=AttachmentState.DRAFT, next_attempt_at__lte=now() + LIVES)


def chosen(id: UUID, conversation: Conversation, *, by: Membership, kind: str) -> Attachment:
    """Return a file that this member has chosen to be shown as an image, a video or a document. Raises: CannotTake."""
    found = draft_of(id, conversation, by=by)
    if found is None:
        raise CannotTake(_("This file is no longer here. Choose it again."))
    if found.fetched_at is None:
        raise CannotTake(_("This file has not arrived yet. Wait a moment, then send it."))
    if found.kind != kind:
        raise CannotTake(preparing.other_kind(kind))
    return found


@transaction.atomic
def drop_old() -> None:
    """Forget what was chosen a day ago in the workspace in scope, and never sent."""
    Attachment.objects.filter(state=AttachmentState.DRAFT, next_attempt_at__lte=now()).delete()


def _count(draft: Attachment) -> int:
    return -(-(draft.size_bytes or 0) // parcels.PIECE_BYTES_MAX)
