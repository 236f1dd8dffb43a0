"""Packing what was gathered: the same rows as JSON, tables, a workbook, cards and pages to read, and a manifest of it all."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.sealed_files import SealedWriter
from troth.contacts.models import IdentityKind
from troth.inbox.models import KEPT, Attachment
from troth.media import kinds, store
from troth.privacy.models import ExportState, PersonalExport
from troth.privacy.rights.exports import pages, places
from troth.privacy.rights.exports.bundle import FORMAT, VERSION, Bundle
from troth.privacy.rights.exports.cards import cards
from troth.privacy.rights.exports.cells import safe, text_of
from troth.privacy.rights.exports.gather import Spool
from troth.privacy.rights.exports.pages import Names, Thread
from troth.privacy.rights.exports.readme import readme
from troth.privacy.rights.exports.rows import Row, columns, plain
from troth.privacy.rights.exports.task import Task
from troth.privacy.rights.exports.workbook import Workbook
from troth.privacy.rights.kinds import SubjectKind

BEAT_ROWS = 5_000
# Parts that have a place of their own in the pages: threads, and what threads are called by.
_TALK = {"messages"}


@dataclass(frozen=True)
class Packed:
    """What was packed: rows by part, and the size of the file."""

    rows: dict[str, int]
    size_bytes: int


def pack(task: Task, spools: Sequence[Spool]) -> Packed:
    """Make the file of a copy from its parts. It is not offered yet. Raises: TakenOver."""
    task.set(state=ExportState.PACKING)
    counts: dict[str, int] = {}
    with (
        translation.override(task.export.language),
        SealedWriter(places.file_of(task.export), keys=places.ring_of(task.export), name=str(task.export.pk)) as out,
    ):
        bundle = Bundle(out)
        bundle.text("README.txt", readme(kind_of(task)))
        for spool in spools:
            counts[spool.key] = _data(bundle, spool, task)
        _files(bundle, spools, task)
        _tables(bundle, spools)
        names = _names(spools)
        _cards(bundle, spools)
        _workbook(bundle, spools)
        _pages(bundle, spools, names, counts, task)
        bundle.close(_manifest(bundle, counts, task))
    return Packed(counts, out.size)


def kind_of(task: Task) -> str:
    """Return whose copy it is: "workspace", "contact" or "person"."""
    export = task.export
    if isinstance(export, PersonalExport):
        return "person"
    return "contact" if export.subject_kind == SubjectKind.CONTACT else "workspace"


def _data(bundle: Bundle, spool: Spool, task: Task) -> int:
    count = beaten = 0
    with bundle.file(f"data/{spool.key}.jsonl", rows=lambda: count) as out:
        for line in spool.lines():
            out.write(line)
            count += 1
            if count - beaten == BEAT_ROWS:
                task.count(BEAT_ROWS)
                beaten = count
    task.count(count - beaten)
    return count


def _files(bundle: Bundle, spools: Sequence[Spool], task: Task) -> None:
    """Put the files of messages beside the rows that stand for them, each under its row's id."""
    if isinstance(task.export, PersonalExport):
        return
    for spool in spools:
        if spool.part.model is not Attachment:
            continue
        for row in spool.rows():
            if row["state"] in KEPT:
                _file(bundle, row, task)


def _file(bundle: Bundle, row: Row, task: Task) -> None:
    with task.inside():
        files = store.files()
    try:
        opened = files.reader(UUID(row["id"]))
    except FileNotFoundError:
        return  # deleted since the rows were gathered
    ending = kinds.kind_of(row["mime"]).ending
    with opened, bundle.file(f"files/{row['id']}.{ending}") as out:
        for piece in opened.pieces():
            out.write(piece)
    task.count(0)


def _tables(bundle: Bundle, spools: Sequence[Spool]) -> None:
    for spool in spools:
        with bundle.file(f"csv/{spool.key}.csv") as out:
            # Excel takes UTF-8 for what it is only with the mark in front.
            text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
            table = csv.writer(text, quoting=csv.QUOTE_ALL)
            table.writerow(columns(spool.part))
            table.writerows([safe(row.get(name)) for name in columns(spool.part)] for row in spool.rows())
            text.detach()


def _workbook(bundle: Bundle, spools: Sequence[Spool]) -> None:
    with bundle.file("workbook.xlsx") as out:
        book = Workbook(out)
        for spool in spools:
            head = columns(spool.part)
            book.sheet(spool.key, head, ([text_of(row.get(name)) for name in head] for row in spool.rows()))
        book.close()


def _cards(bundle: Bundle, spools: Sequence[Spool]) -> None:
    by_key = {spool.key: spool for spool in spools}
    if "contacts" not in by_key:
        return
    known: dict[str, list[Row]] = {}
    for one in _rows(by_key, "identities"):
        known.setdefault(one["contact"], []).append(one)
    with bundle.file("contacts.vcf") as out:
        for card in cards(by_key["contacts"].rows(), known):
            out.write(card)


def _names(spools: Sequence[Spool]) -> Names:
    by_key = {spool.key: spool for spool in spools}
    names = Names()
    for row in _rows(by_key, "identities"):
        if row["kind"] == IdentityKind.PHONE and row["valid_to"] is None:
            names.phones[row["contact"]] = row["value"]
    for row in _rows(by_key, "contacts"):
        names.contacts[row["id"]] = row["name"] or row["profile_name"] or ""
    for row in _rows(by_key, "channels"):
        names.channels[row["id"]] = row["name"] or ""
    colleagues = {row["id"]: row["name"] for row in _rows(by_key, "colleagues")}
    for row in _rows(by_key, "memberships"):
        names.members[row["id"]] = colleagues.get(row["user"]) or row["role"]
    return names


def _pages(bundle: Bundle, spools: Sequence[Spool], names: Names, counts: Mapping[str, int], task: Task) -> None:
    by_key = {spool.key: spool for spool in spools}
    about = {row["id"]: row for row in _rows(by_key, "conversations")}
    threads = list(_threads(bundle, _rows(by_key, "messages"), about, names, task))
    threads.sort(key=lambda one: one.last_at, reverse=True)
    shown = []
    for spool in spools:
        path = f"parts/{spool.key}.html"
        alone = spool.key not in _TALK and 0 < counts[spool.key] <= pages.THREADS_A_PAGE
        if alone:
            _part_page(bundle, spool, path)
        shown.append((spool.key.replace("-", " "), counts[spool.key], path if alone else ""))
    made_on = f"{now():%Y-%m-%d %H:%M}"
    for path, text in pages.index_pages(_title(task, names), threads=threads, parts=shown, made_on=made_on):
        bundle.text(path, text)


def _threads(
    bundle: Bundle, messages: Iterable[Row], about: Mapping[str, Row], names: Names, task: Task
) -> Iterator[Thread]:
    """Write a page for each run of messages of one conversation: they come thread by thread."""
    rows = iter(messages)
    row = next(rows, None)
    seen: set[str] = set()
    while row is not None:
        id = row["conversation"]
        facts = about.get(id, {})
        name = names.contact(facts.get("contact"))
        title = _("Group conversation") if not facts else name
        # A person's own words in a group come after the threads that are theirs, maybe in several runs.
        path = id if id not in seen else f"{id}-{len(seen)}"
        seen.add(path)
        count, last_at = 0, ""
        with bundle.file(f"threads/{path}.html") as out:
            out.write(pages.page_head(title, up="../index.html").encode("utf-8", "replace"))
            out.write(b'<ol class="thread">\n')
            while row is not None and row["conversation"] == id:
                out.write(str(pages.bubble(row, names, contact=name)).encode("utf-8", "replace"))
                count, last_at = count + 1, max(last_at, row["at"])
                if count % BEAT_ROWS == 0:
                    task.count(0)
                row = next(rows, None)
            out.write(b"</ol>\n" + pages.page_foot().encode())
        yield Thread(path, title, names.channels.get(facts.get("channel", ""), ""), count, last_at)


def _part_page(bundle: Bundle, spool: Spool, path: str) -> None:
    with bundle.file(path) as out:
        out.write(pages.page_head(spool.key.replace("-", " "), up="../index.html").encode())
        out.write(b"<ul>\n")
        for row in spool.rows():
            out.write(f'<li class="row">{pages.facts(row)}</li>\n'.encode("utf-8", "replace"))
        out.write(b"</ul>\n" + pages.page_foot().encode())


def _title(task: Task, names: Names) -> str:
    export = task.export
    if isinstance(export, PersonalExport):
        return _("Your data")
    if export.subject_id is not None:
        return names.contact(str(export.subject_id))
    return _("All data of the workspace")


def _manifest(bundle: Bundle, counts: Mapping[str, int], task: Task) -> bytes:
    told = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind_of(task),
        "export": str(task.export.pk),
        "made_at": plain(now()),
        "rows": dict(counts),
        "files": bundle.files,
    }
    return json.dumps(told, indent=1, ensure_ascii=False).encode()


def _rows(by_key: Mapping[str, Spool], key: str) -> Iterator[Row]:
    return by_key[key].rows() if key in by_key else iter(())
