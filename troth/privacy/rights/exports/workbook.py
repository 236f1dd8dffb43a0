"""A workbook (XLSX) written as a stream: cells are text and nothing else, so there is neither a formula nor a link in it.

Our own few lines, since the libraries put the sheets in clear into temporary files or hold them whole in memory. What
we write is what XlsxWriter writes for `write_string` (a test compares the two).

Source: ECMA-376, parts 1 and 2 (inline strings, 18.3.1.53).
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

ROWS_MAX = 1_048_576  # Excel's, and so are the next two
CELL_CHARS_MAX = 32_767
NAME_CHARS_MAX = 31

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML cannot hold, and what would read as an escape of it.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


class Workbook:
    """Sheets one after the other, into a file that need not be seekable."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._names: list[str] = []

    def sheet(self, name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write one sheet; what does not fit goes on in another."""
        left = iter(rows)
        part = 1
        while self._one(name if part == 1 else f"{name} {part}", head, left):
            part += 1

    def close(self) -> None:
        """Write what holds the sheets together."""
        if not self._names:
            self.sheet("empty", [], [])
        for path, text in self._frame().items():
            self._zip.writestr(path, _HEAD + text)
        self._zip.close()

    def _one(self, name: str, head: Sequence[str], rows: Any) -> bool:
        """Write rows into one sheet until it is full; return whether it is."""
        self._names.append(self._free(name))
        path = f"xl/worksheets/sheet{len(self._names)}.xml"
        count = 1
        with self._zip.open(path, "w", force_zip64=True) as out:
            out.write(f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData>'.encode())
            out.write(_row(1, head).encode())
            for row in rows:
                count += 1
                out.write(_row(count, row).encode())
                if count == ROWS_MAX:
                    break
            out.write(b"</sheetData></worksheet>")
        return count == ROWS_MAX

    def _free(self, name: str) -> str:
        plain = _FORBIDDEN_IN_NAMES.sub(" ", name)[:NAME_CHARS_MAX] or "sheet"
        taken = {one.casefold() for one in self._names}
        if plain.casefold() in taken:
            plain = f"{plain[: NAME_CHARS_MAX - 4]} {len(self._names) + 1}"
        return plain

    def _frame(self) -> dict[str, str]:
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, self._names, strict=True)
        )
        related = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
        )
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{kinds}</Types>',
        }


def _row(number: int, cells: Sequence[str]) -> str:
    inside = "".join(
        f'<c r="{_column(n)}{number}" t="inlineStr"><is>{_text(one)}</is></c>' for n, one in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def _text(value: str) -> str:
    short = value if len(value) <= CELL_CHARS_MAX else f"{value[: CELL_CHARS_MAX - 1]}…"
    plain = escape(_ODD.sub(_coded, short)[:CELL_CHARS_MAX])
    return f'<t xml:space="preserve">{plain}</t>' if plain != plain.strip() else f"<t>{plain}</t>"


def _coded(found: "re.Match[str]") -> str:
    odd = found.group()
    return f"_x{ord(odd):04X}_" if len(odd) == 1 else f"_x005F{odd}"


def _column(number: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
