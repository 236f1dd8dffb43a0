"""After an erasure in the running product nothing of the person or workspace stands anywhere: not in a dump opened with
all keys, not in a dump, a raw file or a log in clear."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from config.supervise.binaries import installed
from tests.house.canaries import canary, found_below, found_in, number
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.clause("A4.2b", "B4.2", "B7.3")]

LOOK = """
import json
from uuid import UUID
from tests.opened import everything, places_of
found = everything(UUID(%r))
print(json.dumps({word: sorted(places_of(word, found)) for word in %r}))
"""
PURGE = """
import json
from troth.privacy.forgetting import purge
print(json.dumps(purge.sweep()))
"""
TIME_IS_OVER = "UPDATE privacy_erasure SET undo_until = now() - interval '1 second' WHERE state = 'restricted'"


def test_of_a_person_and_of_a_workspace_nothing_is_found_after_the_purge() -> None:
    word, phone, company, other = canary(), number(), canary(), canary()
    with Live("erased") as live:
        house = live.house(company, Alice="owner")
        gone = live.house("Gone Ltd", Zoe="owner")
        for at in (house, gone):
            live.sandbox.say(f"My {word}", to=at.number_id, from_=phone, name=f"Mei {word}")
            live.sandbox.say(f"And my {other}", to=at.number_id, from_=number(), name="Raj")
        thread = wait_until(lambda: _thread_of(house, word))
        wait_until(lambda: other in gone.page("inbox/", who="Zoe")[1] and word in gone.page("inbox/", who="Zoe")[1])
        house.post(f"{thread}draft/", {"text": f"Dear {word}"}, who="Alice", method="PUT")
        assert len(_look(live, house.id, [word])[word]) >= 3, "the search finds what is there"
        assert _look(live, gone.id, [word])[word] != []
        house.post(f"{thread}erasure/", {}, who="Alice")
        live.run(
            f"from uuid import UUID\nfrom troth.audit.record import Actor\n"
            f"from troth.privacy.forgetting import workspaces\nimport json\n"
            f"workspaces.request_erasure(UUID({gone.id!r}), by=Actor.system())\nprint(json.dumps(1))"
        )
        with live.database() as database:
            database.execute(TIME_IS_OVER)
        assert live.run(PURGE) == 2
        after = _look(live, house.id, [word, phone, other])
        assert after == {word: [], phone: [], other: after[other]}
        assert after[other] != [], "others stay"
        with live.database() as database:
            for table in ("inbox_message", "contacts_contact", "workspaces_workspace", "channels_channel"):
                column = "id" if table == "workspaces_workspace" else "workspace_id"
                left = database.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [gone.id]).fetchone()
                assert left == (0,), table
            database.execute("CHECKPOINT")
        keys = Path(os.environ["TROTH_HOME"]) / "keys" / "rings"
        assert not (keys / f"{gone.id}.json").exists()
        dump = _dump(live)
        home = Path(os.environ["TROTH_HOME"])
        logs = live.log.read_bytes()
    assert found_in(dump, [word, phone]) == set()
    assert found_below(home / "postgresql", [word, phone]) == set()
    assert found_below(home / "tombstones", [word, phone]) == set()
    assert found_in(logs, [word, phone]) == set()


def _thread_of(house: LiveHouse, word: str) -> str | None:
    import re  # noqa: PLC0415

    page = house.page("inbox/", who="Alice")[1]
    found = re.search(rf'href="/w/[^/]+/(inbox/[0-9a-f-]{{36}}/)[^"]*"[^>]*>(?:(?!</a>).)*Mei {word}', page, re.DOTALL)
    return found.group(1) if found else None


def _look(live: Live, workspace: str, words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = live.run(LOOK % (workspace, words))
    assert json.dumps(found)
    return found


def _dump(live: Live) -> bytes:
    name = live.environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    address = make_conninfo(os.environ["TROTH_TEST_SUPERUSER"], dbname=name)
    return subprocess.run([installed().program("pg_dump"), "--dbname", address], capture_output=True, check=True).stdout
