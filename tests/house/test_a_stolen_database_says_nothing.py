"""Invariant: whoever steals the database, as a dump or as raw files, finds no name, number, word or secret."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from config.supervise.binaries import installed
from tests.house.canaries import canary, found_below, found_in, number
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.clause("B5.2", "B5.3", "X36")]
PLANT = """
import json
from tests.house.two_houses import furnish, plain_settings
from tests.house.planting import plant_everywhere
with plain_settings():
    kept = furnish("Kopi", number=7)
print(json.dumps(plant_everywhere(kept.id)))
"""


def test_after_a_full_journey_neither_dump_nor_files_nor_logs_show_what_was_planted(
    record_property: Callable[[str, object], None],
) -> None:
    planted = {
        name: canary()
        for name in ("company", "alice", "said", "caption", "file", "answer", "draft", "place", "card", "reaction_to")
    }
    phone, card_phone = number(), number()
    with Live("dump") as live:
        house = live.house(planted["company"], **{planted["alice"]: "owner"})
        _talk(live, house, planted, phone=phone, card_phone=card_phone)
        tokens = [house.secret, _token(live, house), house.cookies[planted["alice"]]]
        words = [*planted.values(), phone, card_phone, *tokens]
        control = canary()
        with live.database() as connection:
            connection.execute("CREATE TABLE control (word text)")
            connection.execute("INSERT INTO control VALUES (%s)", [control])
            connection.execute("CHECKPOINT")
        dump = _dump(live)
        home = Path(os.environ["TROTH_HOME"])
        files = found_below(home / "postgresql", [*words, control])
        logs = live.log.read_bytes()
    controls = {"dump": (control, "raw") in found_in(dump, [control]), "files": any(w == control for w, _, _ in files)}
    hits = found_in(dump, words) | found_in(logs, words) | {hit[:2] for hit in files if hit[0] != control}
    record_property("measured:canaries planted", len(words))
    record_property("measured:canaries found", len(hits))
    record_property("measured:controls missed", list(controls.values()).count(False))
    assert (control, "raw") in found_in(dump, [control]), "the search finds what is there in a dump"
    assert any(word == control for word, _, _ in files), "the search finds what is there in raw files"
    assert found_in(dump, words) == set()
    assert {hit for hit in files if hit[0] != control} == set()
    assert found_in(logs, words) == set()


def test_no_sealed_field_of_any_table_is_readable_in_dump_files_or_log_of_changes() -> None:
    """One word a field, for every sealed field that the registry knows; a field without a row is red, not passed over."""
    with Live("sealed") as live:
        live.kill("worker")  # it would take what is delivered below
        made = live.run(PLANT)
        planted: dict[str, str] = made["planted"]
        assert made["bare"] == {}, "no row to prove it with: add one to the area's room or to planting.py"
        controls = {place: canary() for place in ("heap", "log of changes")}
        with live.database() as connection:
            connection.execute("CREATE TABLE control (word text)")
            connection.execute("INSERT INTO control VALUES (%s)", [controls["heap"]])
            connection.execute("CHECKPOINT")
            connection.execute("INSERT INTO control VALUES (%s)", [controls["log of changes"]])
            connection.execute("SELECT pg_switch_wal()")
        dump = _dump(live)
        searched = [*planted.values(), *controls.values()]
        files = found_below(Path(os.environ["TROTH_HOME"]) / "postgresql", searched)
        for _ in range(3):
            if any(word == controls["log of changes"] and "pg_wal/" in path for word, _, path in files):
                break
            # Others use the same server: a checkpoint of theirs may have made way for new changes meanwhile.
            with live.database() as connection:
                connection.execute("INSERT INTO control VALUES (%s)", [controls["log of changes"]])
            changes = next((Path(os.environ["TROTH_HOME"]) / "postgresql").rglob("pg_wal"))
            files |= {(word, form, f"pg_wal/{path}") for word, form, path in found_below(changes, searched)}
    assert {word for word, _ in found_in(dump, controls.values())} == set(controls.values()), "the dump is searched"
    found = {(name, path) for name, control in controls.items() for word, _, path in files if word == control}
    assert any(name == "heap" and "base/" in path for name, path in found), "raw tables are searched"
    assert any(name == "log of changes" and "pg_wal/" in path for name, path in found), "the log of changes is searched"
    by_word = {word: field for field, word in planted.items()}
    leaked = {by_word[word] for word, *_ in [*found_in(dump, by_word), *files] if word in by_word}
    assert leaked == set()


def _talk(live: Live, house: LiveHouse, planted: dict[str, str], *, phone: str, card_phone: str) -> None:
    """A customer writes in many ways; the member answers, drafts, assigns and closes; ticks come back."""
    name = f"Mei {planted['reaction_to']}"
    live.sandbox.say(planted["said"], to=house.number_id, from_=phone, name=name)
    message: dict[str, object] = {"from": phone, "timestamp": "1780000000"}
    person = [{"profile": {"name": name}, "wa_id": phone}]
    cards = [{"name": {"formatted_name": planted["card"]}, "phones": [{"phone": f"+{card_phone}"}]}]
    pieces: list[dict[str, object]] = [
        {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": planted["caption"]}},
        {"type": "document", "document": {"id": "2", "filename": planted["file"], "mime_type": "text/plain"}},
        {"type": "location", "location": {"latitude": 3.1, "longitude": 101.7, "name": planted["place"]}},
        {"type": "contacts", "contacts": cards},
        {"type": "something_new", "something_new": {"secret": planted["said"]}},
    ]
    for number_, part in enumerate(pieces):
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "1", "phone_number_id": house.number_id},
            "contacts": person,
            "messages": [{**message, **part, "id": f"wamid.{planted['said']}{number_}"}],
        }
        live.sandbox.emit("messages", value, to=house.number_id)
    owner = planted["alice"]

    def link() -> str | None:
        _, page = house.page("inbox/", who=owner)
        found = re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', page)
        return found.group(1) if found else None

    thread = wait_until(link)
    wait_until(lambda: planted["card"] in house.page(thread, who=owner)[1])
    house.post(f"{thread}draft/", {"text": planted["draft"]}, who=owner, method="PUT")
    house.post(f"{thread}messages/", {"text": planted["answer"], "client_id": ""}, who=owner)
    house.post(f"{thread}draft/", {"text": planted["draft"]}, who=owner, method="PUT")
    wait_until(lambda: "tick-read" in house.page(thread, who=owner)[1])
    house.post(f"{thread}closure/", {}, who=owner)


def _token(live: Live, house: LiveHouse) -> str:
    accounts = live.sandbox.control("GET", "/state")["accounts"]
    return next(str(one["token"]) for one in accounts if one["waba_id"] == house.account_id)


def _dump(live: Live) -> bytes:
    name = live.environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    address = make_conninfo(os.environ["TROTH_TEST_SUPERUSER"], dbname=name)
    done = subprocess.run([installed().program("pg_dump"), "--dbname", address], capture_output=True, check=True)
    return done.stdout
