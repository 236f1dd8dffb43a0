"""The record of processing as a table that no spreadsheet runs."""

import csv
import io

from django.utils.translation import gettext as _

from troth.privacy.datamap.record import Record

# A cell that begins with one of these is a formula to some spreadsheet; full-width forms count too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    """Return a text that every spreadsheet shows and none computes."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(record: Record) -> bytes:
    """Return the record as CSV in UTF-8, with a mark that spreadsheets know it by."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([cell(text) for text in _head()])
    for one in record.activities:
        columns = [one.subjects, one.tables, one.sealed, one.clear, one.recipients, one.transfers, one.kept, one.seen]
        words = ["; ".join(column) for column in columns]
        write([cell(text) for text in (record.workspace, one.title, one.purpose, *words, "; ".join(record.measures))])
    return out.getvalue().encode("utf-8-sig")


def _head() -> list[str]:
    return [
        _("Controller"),
        _("Activity"),
        _("Purpose"),
        _("People concerned"),
        _("Kinds of data"),
        _("Sealed"),
        _("Readable, and why"),
        _("Recipients"),
        _("Countries"),
        _("How long"),
        _("Who sees it"),
        _("Security"),
    ]
