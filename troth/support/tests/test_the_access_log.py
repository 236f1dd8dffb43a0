"""The access log tells every look and act; what is downloaded can be proven without us; erasing a detail breaks nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests import cast
from troth.audit.anchors import anchor_file, read_anchors, write_anchors
from troth.audit.models import Entry
from troth.audit.record import Actor, erase_details, record
from troth.audit.verify import Problem, entries_of_chain, verify
from troth.audit.words import said_of
from troth.base.ids import new_id
from troth.base.mails import mail_types
from troth.support import log, mails
from troth.support.jobs import mail_anchors
from troth.support.tests.conftest import asked, signed_in
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def proven(path: Path, *words: str) -> tuple[int, str]:
    script = finders.find("audit/verify_chain.py")
    assert isinstance(script, str)
    done = subprocess.run(
        [sys.executable, "-I", script, str(path), *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.fixture
def chain(kopi: cast.House, tmp_path: Path) -> Path:
    """Return the downloaded chain of Kopi, of which one detail was erased."""
    person = new_id()
    with scope(kopi.id):
        for number in range(3):
            record("test.done", by=Actor.system(), target=("contact", person), detail={"word": f"Grüße {number}"})
        record("test.done", by=Actor.member(kopi.members["Alice"]), detail={"word": "kept"})
        erase_details(target=("contact", person))
    answer = signed_in(kopi, "Alice").post(f"/w/{kopi.handle}/access-log/chain.jsonl")
    path = tmp_path / "chain.jsonl"
    path.write_bytes(answer.content)
    return path


@pytest.mark.clause("A2.2b")
def test_what_is_downloaded_is_proven_by_the_program_that_is_downloaded(chain: Path) -> None:
    assert proven(chain) == (0, proven(chain)[1])
    assert proven(chain)[1].startswith("UNBROKEN: 5 entries")
    lines = [json.loads(line) for line in chain.read_text().splitlines()]
    assert [line["said"] is None for line in lines] == [True, True, True, False, True]
    assert lines[-1]["action"] == "audit.downloaded"


@pytest.mark.clause("A2.2b")
@pytest.mark.parametrize("what", ["changed", "removed", "swapped", "detail", "inserted"])
def test_the_program_sees_what_was_done_to_a_chain(what: str, chain: Path) -> None:
    lines = chain.read_text().splitlines(keepends=True)
    entry = json.loads(lines[3])
    if what == "changed":
        lines[3] = json.dumps({**entry, "action": "test.other"}) + "\n"
    elif what == "removed":
        del lines[2]
    elif what == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    elif what == "inserted":
        lines.insert(2, lines[2])
    else:
        lines[3] = json.dumps({**entry, "said": {**entry["said"], "text": '{"word":"other"}'}}) + "\n"
    chain.write_text("".join(lines))
    status, said = proven(chain)
    assert (status, said[:6]) == (1, "BROKEN")


@pytest.mark.clause("A2.2b")
def test_a_chain_that_was_cut_is_seen_with_an_anchor_only(chain: Path) -> None:
    lines = chain.read_text().splitlines(keepends=True)
    last = json.loads(lines[-1])
    anchor = (str(last["number"]), last["hash"])
    assert proven(chain, *anchor)[0] == 0
    chain.write_text("".join(lines[:-1]))
    assert proven(chain)[0] == 0
    assert proven(chain, *anchor)[0] == 1


@pytest.fixture
def anchors(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.ANCHOR_FILE = tmp_path / "elsewhere" / "anchors.jsonl"  # type: ignore[attr-defined]
    return anchor_file()


@pytest.mark.clause("A2.2b")
def test_heads_are_written_outside_and_the_operator_sees_a_cut(kopi: cast.House, anchors: Path) -> None:
    with scope(kopi.id):
        for _ in range(3):
            record("test.done", by=Actor.system())
    record("test.done", by=Actor.system())
    assert write_anchors() >= 2
    call_command("audit", "verify")
    with scope(kopi.id):
        record("test.done", by=Actor.system())
    assert write_anchors() >= 2
    assert sorted(read_anchors()[kopi.id]) == [3, 4]
    with scope(kopi.id):
        entries = list(entries_of_chain())
        assert verify(entries, anchors=read_anchors()[kopi.id]).holds
        assert verify(entries[:-1], anchors=read_anchors()[kopi.id]).problem is Problem.CUT
        assert verify(entries[:-1]).holds
    text = anchors.read_text()
    (last,) = [line for line in text.splitlines() if str(kopi.id) in line and '"count": 4' in line]
    anchors.write_text(text.replace(last, last.replace('"count": 4', '"count": 5')))
    with pytest.raises(CommandError, match="cut"):
        call_command("audit", "verify")
    other = json.dumps({**json.loads(last), "hash": "00" * 32})
    anchors.write_text(text + other + "\n")
    with pytest.raises(CommandError, match="other"):
        call_command("audit", "verify")


@pytest.mark.clause("A2.2b")
def test_an_entry_that_was_changed_left_out_or_slipped_in_is_seen(kopi: cast.House) -> None:
    with scope(kopi.id):
        for number in range(4):
            record(f"test.done{number}", by=Actor.system())
        entries = list(entries_of_chain())
        assert verify(entries).count == 4
        assert verify([entries[0], *entries[2:]]).problem is Problem.MISSING
        assert verify([entries[0], entries[0], *entries[1:]]).problem is Problem.MISSING
        entries[1].action = "test.other"
        verdict = verify(entries)
    assert (verdict.problem, verdict.at_number) == (Problem.CHANGED, 2)


@pytest.mark.clause("A2.2b")
def test_a_detail_that_was_changed_is_seen(kopi: cast.House) -> None:
    with scope(kopi.id):
        first = record("test.done", by=Actor.system(), detail={"word": "one"})
        second = record("test.done", by=Actor.system(), detail={"word": "two"})
        assert verify(entries_of_chain(), details=True).holds
        first.detail = second.detail
        assert verify([first, second], details=True).problem is Problem.DETAIL


@pytest.mark.clause("A2.2b")
def test_owners_who_chose_it_are_mailed_the_head_daily(kopi: cast.House) -> None:
    alice = signed_in(kopi, "Alice")
    alice.post(f"/w/{kopi.handle}/access-log/mail/")
    mail_anchors()
    (sent,) = mail.outbox
    with scope(kopi.id):
        last = Entry.objects.latest("number")
    assert bytes(last.hash).hex() in sent.body
    assert "Kopi" not in sent.body
    alice.post(f"/w/{kopi.handle}/access-log/mail/")
    mail_anchors()
    assert len(mail.outbox) == 1


@pytest.mark.clause("A2.2b")
def test_the_log_is_for_owners_and_admins_in_plain_words(kopi: cast.House) -> None:
    asked(kopi)
    paths = ("access-log/", "access-log/?kind=support", "access-log/?kind=other&before=9999", "access-log/chain/")
    for path in paths:
        seen = {who: signed_in(kopi, who).get(f"/w/{kopi.handle}/{path}").status_code for who in kopi.users}
        assert seen == {"Alice": 200, "Amira": 200, "Bob": 403, "Vera": 403}
    told = signed_in(kopi, "Amira").get(f"/w/{kopi.handle}/access-log/").content.decode()
    assert "asked for help" in told
    assert "Unbroken since" in signed_in(kopi, "Amira").get(f"/w/{kopi.handle}/access-log/chain/").content.decode()


def test_an_action_without_words_is_told_as_it_is(kopi: cast.House) -> None:
    assert said_of("paper_plane.folded").words == "paper plane folded"
    with scope(kopi.id):
        record("paper_plane.folded", by=Actor.system())
        assert [line.words for line in log.page_of_log("other", before=None)[0]] == ["paper plane folded"]


@pytest.mark.clause("X22")
def test_the_table_holds_no_formula(kopi: cast.House) -> None:
    alice = kopi.users["Alice"]
    alice.name = "=HYPERLINK(1)"
    alice.save()
    asked(kopi)
    table = signed_in(kopi, "Amira").post(f"/w/{kopi.handle}/access-log/table.csv").content.decode()
    assert "'=HYPERLINK(1)" in table
    assert ",=HYPERLINK" not in table


def test_acts_leave_entries(kopi: cast.House, client: Client) -> None:
    alice, base = signed_in(kopi, "Alice"), f"/w/{kopi.handle}"
    bob = kopi.members["Bob"]
    alice.post(f"{base}/settings/name/", {"name": "Kopi two"})
    alice.post(f"{base}/settings/invitations/", {"email": "new@example.test", "role": "agent"})
    alice.post(f"{base}/settings/members/{bob}/role/", {"role": "viewer"})
    alice.post(f"{base}/settings/teams/new/", {"name": "Night"})
    alice.post(f"{base}/settings/members/{bob}/remove/")
    alice.post(f"{base}/channels/{kopi.channel}/name/", {"name": "Bar"})
    alice.post(f"{base}/channels/{kopi.channel}/token/", {"token": "EAA" + "y" * 30})
    alice.post(f"{base}/channels/{kopi.channel}/secret/", {"app_secret": "e" * 32})
    with scope(kopi.id):
        found = list(Entry.objects.order_by("number").values_list("action", "actor_id"))
    assert [action for action, _ in found] == [
        "workspace.renamed",
        "member.invited",
        "member.role_changed",
        "team.created",
        "member.removed",
        "channel.renamed",
        "channel.token_replaced",
        "channel.secret_replaced",
    ]
    assert {by for _, by in found} == {kopi.members["Alice"]}


def test_entries_hold_no_name_number_or_word_in_clear(kopi: cast.House) -> None:
    asked(kopi)
    with scope(kopi.id), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(e)::text, ' ') FROM audit_entry e")
        told = cursor.fetchone()[0]
    assert not any(word in told for word in ("Nothing arrives", "Alice", "Kopi"))


def test_mails_of_this_app_are_declared() -> None:
    ours = {one.key for one in mail_types() if one.key.startswith("support.")}
    assert ours == {
        one.key
        for one in (mails.ANSWER, mails.REQUEST, mails.CLOCK, mails.LOOKED, mails.HELD, mails.BREACH, mails.ANCHOR)
    }
