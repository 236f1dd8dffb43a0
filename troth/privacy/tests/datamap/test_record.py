"""The record of processing holds all that is declared, as a document and as a table; taking it is written down."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.cast import House
from troth.audit.models import Entry
from troth.audit.record import open_detail
from troth.base.http.hosts import hosts
from troth.base.registry import REGISTRY, Purpose
from troth.privacy.datamap.record import SERVES, Record, record_of
from troth.privacy.datamap.record_csv import as_csv, cell
from troth.privacy.datamap.record_pdf import FONTS, as_pdf
from troth.privacy.datamap.words import KINDS
from troth.ui.tests.test_vendor import VENDOR
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("L5")


@pytest.fixture
def made(house: House) -> Record:
    with scope(house.id):
        return record_of(Workspace.current())


def download(client: Client, house: House, ending: str) -> Any:
    return client.post(f"/w/{house.handle}/privacy/record.{ending}")


def test_everything_that_is_declared_stands_in_the_record(made: Record) -> None:
    said = {table for activity in made.activities for table in activity.tables}
    wanted = {str(KINDS[label].title) for label, one in REGISTRY.items() if one.purpose != Purpose.RUN}
    assert wanted == said


def test_every_activity_says_whom_what_who_gets_it_how_long_and_how_it_is_protected(made: Record) -> None:
    for one in made.activities:
        assert all((one.title, one.purpose, one.subjects, one.tables, one.kept, one.seen)), one.title
        assert one.sealed or one.clear or one.title in ("Rights and proof", "Help", "Figures")
    assert made.measures
    assert made.owners == ["Alice <alice@example.test>"]
    assert made.operator


def test_every_host_that_is_called_is_a_recipient_of_some_activity(made: Record) -> None:
    assert {host.part.partition(".")[0] for host in hosts()} <= set(SERVES)
    told = {text.partition(":")[0] for one in made.activities for text in one.recipients}
    assert told == {host.of for host in hosts()}


def test_the_document_can_be_read(made: Record) -> None:
    document = as_pdf(made)
    assert document.startswith(b"%PDF-")
    assert document.rstrip().endswith(b"%%EOF")
    assert document.count(b"/Type /Page\n") >= 2


@pytest.mark.parametrize("name", ["Kopi & Köpfe", "Кофе", "قهوة", "咖啡", "😀 Kopi", "\u202eevil", "x" * 300, "a\nb"])
def test_no_name_of_a_workspace_breaks_the_document(house: House, name: str) -> None:
    with scope(house.id):
        workspace = Workspace.current()
        workspace.name = name
        assert as_pdf(record_of(workspace)).startswith(b"%PDF-")


def test_the_table_holds_a_line_for_each_activity(made: Record) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"))))
    assert len(rows) == 1 + len(made.activities)
    assert {len(row) for row in rows} == {12}
    assert [row[1] for row in rows[1:]] == [one.title for one in made.activities]


@pytest.mark.clause("X22")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "\n=1"])
def test_no_cell_is_computed_by_a_spreadsheet(house: House, text: str) -> None:
    assert cell(text) == f"'{text}"
    with scope(house.id):
        workspace = Workspace.current()
        workspace.name = text
        rows = list(csv.reader(io.StringIO(as_csv(record_of(workspace)).decode("utf-8-sig"), newline="")))
    assert {row[0] for row in rows[1:]} == {f"'{text}"}


@pytest.mark.parametrize(("ending", "kind"), [("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8")])
def test_owners_and_admins_take_it_and_that_is_written_down(
    house: House, at_browser: dict[str, Client], ending: str, kind: str
) -> None:
    answer = download(at_browser["Alice"], house, ending)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Content-Disposition"].startswith("attachment;")
    with scope(house.id):
        entry = Entry.objects.get(action="record.downloaded")
        assert (entry.actor_id, open_detail(entry)) == (house.members["Alice"], {"format": ending})
    assert download(at_browser["Bob"], house, ending).status_code == 403


def test_the_fonts_are_the_ones_that_their_readme_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from troth.ui.tests import test_vendor  # noqa: PLC0415

    assert VENDOR != FONTS
    monkeypatch.setattr(test_vendor, "VENDOR", FONTS)
    test_vendor.test_every_third_party_file_is_named_with_its_version_licence_and_checksum()
