"""Handing a copy out: once, within its 72 hours, to somebody who may have it at that moment."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.sealed_files import SealedReader
from troth.privacy.models import Export, ExportState
from troth.privacy.models.export import AnyExport
from troth.privacy.rights.exports import places
from troth.privacy.rights.tokens import new_token
from troth.workspaces.models import Membership


class NotThere(Exception):
    """There is nothing to hand out: not ready, handed out already, or over. `reason` is one of these words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hand_out(export: AnyExport, *, by: Actor, member: Membership | None = None) -> StreamingHttpResponse:
    """Hand a copy to whoever asked for it, once. The caller has checked that they may. Raises: NotThere."""
    _must_be_there(export)
    facts = {"used_at": now()} | ({"used_by": member} if member is not None else {})
    if not type(export)._default_manager.filter(pk=export.pk, used_at=None, state=ExportState.READY).update(**facts):
        raise NotThere("used")
    return _answer(export, by=by)


def make_link(export: Export, *, by: Actor) -> str:
    """Return the secret of a link by which the contact fetches their copy, once; an earlier link dies. Raises: NotThere."""
    _must_be_there(export)
    token, export.link_hash = new_token()
    export.link_expires_at, export.link_used_at = export.expires_at, None
    export.save(update_fields=["link_hash", "link_expires_at", "link_used_at"])
    record("export.link_made", by=by, target=("export", export.pk))
    return token


def hand_out_by_link(export: Export) -> StreamingHttpResponse:
    """Hand a copy to whoever holds its link, once. Raises: NotThere."""
    _must_be_there(export)
    still = Export.objects.filter(
        pk=export.pk, link_used_at=None, link_expires_at__gt=now(), state=ExportState.READY, link_hash=export.link_hash
    )
    if not still.update(link_used_at=now()):
        raise NotThere("used")
    return _answer(export, by=Actor.contact(export.subject_id))


def link_opens(export: Export) -> bool:
    """Return whether the link would hand something out now."""
    return bool(
        export.state == ExportState.READY
        and export.link_used_at is None
        and export.link_expires_at is not None
        and export.link_expires_at > now()
    )


def _must_be_there(export: AnyExport) -> None:
    if export.state != ExportState.READY or not places.file_of(export).exists():
        raise NotThere("gone" if export.state in (ExportState.GONE, ExportState.READY) else "not_ready")
    if export.expires_at is not None and export.expires_at <= now():
        raise NotThere("over")


def _answer(export: AnyExport, *, by: Actor) -> StreamingHttpResponse:
    kind = "export" if isinstance(export, Export) else "personal_export"
    record("export.downloaded", by=by, target=(kind, export.pk))
    # Opened now: the answer goes out after the scope is closed, and the file may be deleted meanwhile.
    reader = SealedReader(places.file_of(export), keys=places.ring_of(export), name=str(export.pk))
    answer = StreamingHttpResponse(_pieces(reader), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="troth-{export.created_at:%Y-%m-%d}.zip"'
    answer.headers["Content-Length"] = str(export.size_bytes)
    answer.headers["Content-Encoding"] = "identity"  # compressed already
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _pieces(reader: SealedReader) -> Iterator[bytes]:
    with reader:
        yield from reader.pieces()
