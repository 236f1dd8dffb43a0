"""The record of processing as a document to print or hand over."""

from collections.abc import Iterable
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from troth.privacy.datamap.record import Activity, Record

FONTS = Path(__file__).parent / "fonts"
FACE = "DejaVu"
LABEL_MM, GAP_MM = 38.0, 3.0
INK, MUTED, ACCENT, LINE = (30, 28, 25), (98, 94, 87), (10, 90, 86), (225, 220, 212)


class Document(FPDF):
    """An A4 page with our fonts, and a foot that says which record it is."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.add_font(FACE, "", FONTS / "DejaVuSans-2.37-subset.ttf")
        self.add_font(FACE, "B", FONTS / "DejaVuSans-Bold-2.37-subset.ttf")
        self.set_margins(18, 18, 18)
        self.set_auto_page_break(True, margin=20)
        self.add_page()

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-14)
        self._face("", 7.5, MUTED)
        self.cell(self.epw - 20, 5, self.plain(self._foot))
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    def plain(self, text: str) -> str:
        """Return the text in the letters that the font has; others become one sign that says so."""
        known = self.fonts[FACE.lower()].cmap  # type: ignore[union-attr]  # a font from a file has one
        return "".join(sign if ord(sign) in known else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(text.split()))

    def head(self, text: str, under: str) -> None:
        """Write the title of the document."""
        self._face("B", 17, INK)
        self._write(text, 8)
        self._face("", 9, MUTED)
        self._write(under, 5)
        self.ln(4)

    def heading(self, text: str, under: str = "") -> None:
        """Write the head of a section, never at the very foot of a page."""
        if self.will_page_break(34):
            self.add_page()
        self.ln(3)
        self.set_draw_color(*LINE)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(3)
        self._face("B", 11.5, ACCENT)
        self._write(text, 6)
        if under:
            self._face("", 8.5, MUTED)
            self._write(under, 4.5)
        self.ln(1.5)

    def fact(self, label: str, words: Iterable[str]) -> None:
        """Write one line of a section: a label, and what it says, one below the other."""
        lines = [self.plain(one) for one in words]
        if not lines:
            return
        self._face("", 8.5, INK)
        needed = 4.5 * sum(self._lines_of(one) for one in lines)
        if needed < 60 and self.will_page_break(needed):
            self.add_page()
        top = self.get_y()
        self._face("", 8.5, MUTED)
        self.multi_cell(LABEL_MM, 4.5, self.plain(label), align="L", new_x=XPos.RIGHT, new_y=YPos.TOP)
        self._face("", 8.5, INK)
        self.set_y(top)
        for one in lines:
            self.set_x(self.l_margin + LABEL_MM + GAP_MM)
            self.multi_cell(self._wide(), 4.5, one, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.5)

    def _lines_of(self, text: str) -> int:
        broken = self.multi_cell(self._wide(), 4.5, text, dry_run=True, output="LINES")
        return len(broken) if isinstance(broken, list) else 1

    def _wide(self) -> float:
        return self.epw - LABEL_MM - GAP_MM

    def _write(self, text: str, height: float) -> None:
        self.multi_cell(self.epw, height, self.plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _face(self, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(FACE, style, size)
        self.set_text_color(*colour)


def as_pdf(record: Record) -> bytes:
    """Return the record as a PDF."""
    day = date_format(record.made_at, "DATE_FORMAT")
    page = Document(f"{_('Record of processing')} · {record.workspace} · {record.handle} · {day}")
    page.set_title(_("Record of processing activities"))
    page.set_creation_date(record.made_at)
    page.head(
        _("Record of processing activities"),
        _("Article 30 of the General Data Protection Regulation. State of %(day)s.") % {"day": day},
    )
    page.fact(_("Controller"), [record.workspace, *record.owners])
    page.fact(_("Processor"), record.operator)
    for activity in record.activities:
        _write(page, activity)
    page.heading(_("Security"), _("What protects all of it (Article 32)."))
    for measure in record.measures:
        page.fact("", [f"• {measure}"])
    return bytes(page.output())


def _write(page: Document, one: Activity) -> None:
    page.heading(one.title, one.purpose)
    page.fact(_("People concerned"), [", ".join(one.subjects)])
    page.fact(_("Kinds of data"), [", ".join(one.tables)])
    page.fact(_("Sealed"), [", ".join(one.sealed)] if one.sealed else [])
    page.fact(_("Readable, and why"), one.clear)
    page.fact(_("Recipients"), one.recipients or [_("Nobody outside this installation.")])
    page.fact(_("Countries"), one.transfers)
    page.fact(_("How long"), one.kept)
    page.fact(_("Who sees it"), one.seen)
