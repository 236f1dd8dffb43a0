"""The certificate as something to keep: plain text in the reader's language, and a PDF."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from troth.privacy.forgetting.certificate import Certificate, certificate_of
from troth.privacy.models import Erasure

WIDTH = 72


def as_text(erasure: Erasure) -> str:
    """Return the certificate as plain text."""
    return "\n".join(f"{line}" for line in _lines(certificate_of(erasure))) + "\n"


def as_pdf(erasure: Erasure) -> bytes:
    """Return the certificate as a PDF, in English: the letters that every reader has do not cover all languages."""
    from fpdf import FPDF  # noqa: PLC0415  # 15 MB, for what is asked for now and then

    with translation.override("en"):
        lines = list(_lines(certificate_of(erasure)))
    page = FPDF()
    page.set_creation_date(erasure.purged_at)
    page.set_title(lines[0])
    page.add_page()
    page.set_font("Helvetica", "B", 16)
    page.multi_cell(0, 9, lines[0], new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=10)
    for line in lines[1:]:
        page.multi_cell(
            0, 5.5, line.encode("latin-1", "replace").decode("latin-1") or " ", new_x="LMARGIN", new_y="NEXT"
        )
    return bytes(page.output())


def _lines(one: Certificate) -> Iterator[str]:
    yield _("Certificate of deletion")
    yield ""
    yield f"{_('Number')}: {one.number}"
    yield f"{_('What was deleted')}: {one.about}, {one.subject}"
    yield f"{_('Asked for')}: {_day(one.requested_at)}"
    yield f"{_('Deleted')}: {_day(one.purged_at)}"
    yield f"{_('Gone from backups')}: {_day(one.backups_until)}"
    yield ""
    yield _("Deleted, with counts")
    for counted in one.deleted:
        yield f"- {counted.what}: {counted.count}"
    if not one.deleted:
        yield f"- {_('Nothing was there to delete.')}"
    yield ""
    yield _("Kept, why, and until when")
    for kept in one.kept:
        yield f"- {kept.what}"
        yield f"  {kept.why}"
        yield f"  {_('Until')}: {kept.until}"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else _("not yet")
