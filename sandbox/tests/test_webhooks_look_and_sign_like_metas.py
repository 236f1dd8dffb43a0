r"""Signature over the exact bytes; \uXXXX for whatever is not ASCII; \/ for a slash."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from sandbox import inbound
from sandbox.tests.conftest import APP_SECRET, Bench
from sandbox.webhooks import body_of, change, escaped, signature


def test_what_is_not_ascii_is_escaped_in_lower_case_hex() -> None:
    assert escaped("né 🌷 العربية") == rb'"n\u00e9 \ud83c\udf37 \u0627\u0644\u0639\u0631\u0628\u064a\u0629"'


def test_slashes_are_escaped() -> None:
    assert escaped({"url": "https://a/b"}) == rb'{"url":"https:\/\/a\/b"}'


def test_changes_of_one_account_share_an_entry_and_times_part_them() -> None:
    body = json.loads(
        body_of(
            [
                change("1", "messages", 1),
                change("1", "messages", 2),
                change("2", "messages", 3),
                change("2", "x", 4, at=9),
            ]
        )
    )
    assert body == {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1", "changes": [{"value": 1, "field": "messages"}, {"value": 2, "field": "messages"}]},
            {"id": "2", "changes": [{"value": 3, "field": "messages"}]},
            {"id": "2", "time": 9, "changes": [{"value": 4, "field": "x"}]},
        ],
    }


def test_a_known_signature() -> None:
    # Made with: printf '{"a":1}' | openssl dgst -sha256 -hmac key
    expected = "88a67f24bbcdaed0e6c997404bb79a743baf44c6bab2f4c27328e3009d22e342"
    assert signature("key", b'{"a":1}') == f"sha256={expected}"


def test_the_reference_vectors(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "payloads/constructed_2026/_signature_vectors.json").read_text())
    assert vectors
    for vector in vectors:
        assert signature(vector["app_secret"], bytes.fromhex(vector["body_hex"])) == vector["header"]


async def test_a_posted_body_carries_the_signature_of_its_bytes(bench: Bench) -> None:
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "Grüße 🌷 a/b")
    await bench.settle()
    [(url, headers, body)] = bench.posts
    assert url == "http://127.0.0.1:9/hooks/300"
    assert headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["User-Agent"] == "facebookexternalua"
    assert headers["Content-Type"] == "application/json"
    assert rb"Gr\u00fc\u00dfe \ud83c\udf37 a\/b" in body


async def test_a_message_carries_who_wrote_and_to_whom(bench: Bench) -> None:
    inbound.text(bench.world, bench.account, bench.number, bench.person(username="annie"), "hi")
    await bench.settle()
    [value] = bench.changes()
    [message] = value["messages"]
    assert value["metadata"] == {"display_phone_number": "442079460000", "phone_number_id": "400"}
    assert value["contacts"] == [
        {
            "profile": {"name": "Ann", "username": "annie"},
            "wa_id": "447700900123",
            "user_id": message["from_user_id"],
        }
    ]
    assert message["from"] == "447700900123"
    assert message["timestamp"] == str(int(bench.time))
    assert message["text"] == {"body": "hi"}
    assert message["from_user_id"].startswith("GB.")


async def test_somebody_who_shows_no_number_is_told_by_user_id_alone(bench: Bench) -> None:
    inbound.text(bench.world, bench.account, bench.number, bench.person(shows_phone=False), "hi")
    await bench.settle()
    [value] = bench.changes()
    assert "wa_id" not in value["contacts"][0]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == value["contacts"][0]["user_id"]


async def test_a_person_has_another_user_id_towards_another_portfolio(bench: Bench) -> None:
    person = bench.person()
    ids = {bench.world.people.user_id(person, account.portfolio_id) for account in (bench.account, bench.other)}
    assert len(ids) == 2


async def test_a_new_number_brings_a_new_user_id_and_a_system_message_without_contacts(bench: Bench) -> None:
    person = bench.person()
    old = bench.world.people.user_id(person, bench.account.portfolio_id)
    inbound.change_number(bench.world, bench.account, bench.number, person, wa_id="447700900999")
    inbound.text(bench.world, bench.account, bench.number, person, "me again")
    await bench.settle()
    notice, after = bench.changes()
    assert "contacts" not in notice
    system = notice["messages"][0]["system"]
    assert notice["messages"][0]["from"] == "447700900123"
    assert (system["type"], system["wa_id"], system["previous_user_id"]) == ("user_changed_number", "447700900999", old)
    assert system["user_id"] == after["messages"][0]["from_user_id"] != old
    assert after["messages"][0]["from"] == "447700900999"


async def test_a_hidden_number_stays_hidden_when_it_changes(bench: Bench) -> None:
    person = bench.person(shows_phone=False)
    inbound.change_number(bench.world, bench.account, bench.number, person, wa_id="447700900999")
    await bench.settle()
    [message] = bench.messages()
    assert message["system"]["type"] == "user_changed_user_id"
    assert "447700900" not in json.dumps(message["system"])
    assert "from" not in message


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
async def test_a_file_of_a_customer_can_be_resolved_and_read(bench: Bench, kind: str) -> None:
    inbound.media(
        bench.world, bench.account, bench.number, bench.person(), kind=kind, data=b"bytes", mime_type="image/png"
    )
    await bench.settle()
    node = bench.messages()[0][kind]
    resolved = (await bench.call("GET", f"/v26.0/{node['id']}")).json
    assert resolved["sha256"] == node["sha256"]
    path = resolved["url"].removeprefix(bench.world.settings.own_url)
    assert (await bench.call("GET", path)).body == b"bytes"
    assert (await bench.call("GET", node["url"].removeprefix(bench.world.settings.own_url))).body == b"bytes"


async def test_nothing_is_told_to_an_account_that_did_not_subscribe(bench: Bench) -> None:
    bench.account.subscribed = False
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "hi")
    await bench.settle()
    assert bench.posts == []
    assert bench.world.unheard["messages"] == 1
