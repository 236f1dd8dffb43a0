"""Handing out the file of a message: to the member whose address it is, whole or in part, and never as a page."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from troth.base.sealed_files import PIECE_BYTES, SealedReader
from troth.base.sealing import Unreadable
from troth.channels.views.outside import Ready, outside_view
from troth.inbox.files import addresses
from troth.inbox.files.fetching import try_again
from troth.inbox.heads import shown_ids
from troth.inbox.models import KEPT, Attachment, AttachmentState
from troth.inbox.views.conversations import show
from troth.inbox.views.found import seen
from troth.media import kinds, store
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Whatever a file is, it is no page: nothing in it may run, load or be framed.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@outside_view(role=Role.VIEWER)
@require_GET
def file(request: HttpRequest, handle: str, conversation_id: UUID, attachment_id: UUID, part: str, token: str) -> Any:
    """Hand out a file, or the small picture of it."""
    visit = _visited(
        request, handle, conversation_id=conversation_id, attachment_id=attachment_id, part=part, token=token
    )
    if not isinstance(visit, Ready):
        return visit
    attachment: Attachment = visit.carried["attachment"]
    try:
        opened = visit.carried["files"].reader(attachment.id, part)
    except (FileNotFoundError, Unreadable):
        raise Http404 from None
    except store.StoreAway:
        return HttpResponse(status=503)
    kind = kinds.kind_of("image/webp" if part == store.PREVIEW else attachment.mime)
    answer = _ranged(request, opened)
    answer["Content-Type"] = kind.mime if kind.mime != "text/plain" else "text/plain; charset=utf-8"
    shown = kind.family != "file" or kind.mime == "application/pdf"
    name = f"{attachment.created_at:%Y-%m-%d}-{str(attachment.id)[-6:]}.{kind.ending}"
    answer["Content-Disposition"] = (
        f'{"inline" if shown and "save" not in request.GET else "attachment"}; filename="{name}"'
    )
    answer["Cache-Control"] = f"private, max-age={addresses.LASTS_S}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    return answer


@member_view
def _visited(
    request: MemberRequest, *, conversation_id: UUID, attachment_id: UUID, part: str, token: str
) -> HttpResponse:
    attachment = _attachment(request, conversation_id, attachment_id)
    if part not in store.PARTS or not addresses.opens(token, attachment_id, member_id=request.member.id):
        raise Http404
    if attachment.state not in (*KEPT, AttachmentState.DRAFT) or (part == store.PREVIEW and not attachment.has_preview):
        raise Http404
    return Ready(attachment=attachment, files=store.files())


@require_POST
@member_view(role=Role.AGENT)
def fetch_again(request: MemberRequest, conversation_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Try once more to fetch a file."""
    try_again(_attachment(request, conversation_id, attachment_id))
    if request.headers.get("HX-Request"):
        return show(request, seen(request), conversation_id)
    return redirect("conversation", request.workspace.handle, conversation_id)


def _attachment(request: MemberRequest, conversation_id: UUID, attachment_id: UUID) -> Attachment:
    """Return the file of a message that the member sees. Raises: Http404."""
    conversation = seen(request).conversation(conversation_id)
    of_a_message = Q(message__conversation__in=shown_ids(conversation), message__revoked_at=None)
    chosen = Q(conversation=conversation, uploader=request.member, fetched_at__isnull=False)
    shown = Attachment.objects.filter(of_a_message | chosen).exclude(message__sender__erasing_at__isnull=False)
    found = shown.filter(id=attachment_id).first()
    if found is None:
        raise Http404
    return found


def _ranged(request: HttpRequest, opened: SealedReader) -> HttpResponseBase:
    """Return the bytes that were asked for. Several ranges at once are answered with the whole, as HTTP allows."""
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    size = opened.size
    if wanted is None or not (wanted[1] or wanted[2]):
        answer: HttpResponseBase = StreamingHttpResponse(_bytes_of(opened, 0, size))
        answer["Content-Length"], answer["Accept-Ranges"] = str(size), "bytes"
        return answer
    first = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
    last = min(size - 1, int(wanted[2])) if wanted[1] and wanted[2] else size - 1
    if first > last:
        opened.close()
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    answer = StreamingHttpResponse(_bytes_of(opened, first, last + 1), status=206)
    answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Content-Length"], answer["Accept-Ranges"] = str(last + 1 - first), "bytes"
    return answer


def _bytes_of(opened: SealedReader, first: int, end: int) -> Iterator[bytes]:
    with opened:
        opened.seek(first)
        while first < end:
            piece = opened.read(min(PIECE_BYTES, end - first))
            if not piece:
                return
            first += len(piece)
            yield piece
