"""The record of processing, to take away. Taking it is written down, so it is asked for and not merely opened."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.privacy.datamap.record import Record, record_of
from troth.privacy.datamap.record_csv import as_csv
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@require_POST
@member_view(role=Role.ADMIN)
def pdf(request: MemberRequest) -> HttpResponse:
    """Answer with the record as a PDF."""
    from troth.privacy.datamap.record_pdf import as_pdf  # noqa: PLC0415  # 15 MB, for what is asked for now and then

    # The document is set without joining letters, so languages that need it get it in English.
    with translation.override("en" if translation.get_language_bidi() else translation.get_language()):
        return _file(request, as_pdf, kind="application/pdf", ending="pdf")


@require_POST
@member_view(role=Role.ADMIN)
def table(request: MemberRequest) -> HttpResponse:
    """Answer with the record as CSV."""
    return _file(request, as_csv, kind="text/csv; charset=utf-8", ending="csv")


def _file(request: MemberRequest, make: Callable[[Record], bytes], *, kind: str, ending: str) -> HttpResponse:
    made = make(record_of(request.workspace))
    record("record.downloaded", by=Actor.member(request.member.id), detail={"format": ending})
    name = f"record-of-processing-{request.workspace.handle}.{ending}"
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
