"""Codes that phones read, as drawings in the page."""

import io

from django.utils.safestring import SafeString, mark_safe

BORDER = 3  # modules of quiet around, or phones do not find it


def qr(url: str) -> SafeString:
    """Return an address as a QR code (SVG), black on white whatever the page looks like."""
    import segno  # noqa: PLC0415  # for two pages that are seldom opened

    out = io.BytesIO()
    segno.make(url, error="m").save(
        out, kind="svg", border=BORDER, xmldecl=False, svgns=False, light="#fff", omitsize=True
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  # drawn by us of the address's bits; its text is not in it
