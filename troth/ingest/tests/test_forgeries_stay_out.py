"""What nobody signed who may is refused before it is read, and nothing of it is kept (X12)."""

import gzip
import hashlib
import hmac
import json

import pytest
from django.db import connection

from tests.cast import House
from tests.deliver import digest
from tests.house.picture import differences, picture
from troth.base.sealing import INSTALLATION, ring
from troth.channels.models import Channel
from troth.ingest.door import BODY_BYTES_MAX, PREFIX, Door
from troth.ingest.models import Delivery
from troth.ingest.tests.doorstep import (
    SECRET,
    Answer,
    Place,
    at_the_door,
    call,
    knock,
    message,
    new_house,
    post,
    signature,
    stored,
)
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("B3.1", "X12")

MEGABYTE = 1024 * 1024


@pytest.fixture
def house(inside: Place) -> House:
    return new_house()


def test_what_is_signed_is_stored_sealed_and_acknowledged(inside: Place, house: House) -> None:
    body = message(house)
    answer = knock(inside, house, body)
    assert (answer.status, answer.body) == (200, b"")
    kept = Delivery.objects.get(channel_id=house.channel)
    assert kept.body == body
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ingest_delivery WHERE id = %s", [kept.id])
        assert b"Hello" not in bytes(cursor.fetchone()[0])


FORGED = {
    "no header": None,
    "another secret": "sha256=" + hmac.new(b"another", b"x", hashlib.sha256).hexdigest(),
    "no prefix": "0" * 64,
    "prefix alone": "sha256=",
    "too short": "sha256=" + "0" * 62,
    "too long": "sha256=" + "0" * 66,
    "not hexadecimal": "sha256=" + "g" * 64,
    "the old kind": "sha1=" + "0" * 40,
    "blanks within": "sha256=" + "00 " * 21 + "0",
    "superscripts": "sha256=" + "\u00b2" * 64,
    "a list": "sha256=" + "0" * 64 + ",sha256=" + "0" * 64,
}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED.keys())
def test_a_header_that_is_no_signature_of_ours_is_refused(inside: Place, house: House, header: str | None) -> None:
    assert knock(inside, house, message(house), header=header).status == 401
    assert stored(house) == 0


def test_another_apps_secret_is_refused(inside: Place, house: House) -> None:
    other = new_house(secret="the secret of another app")
    body = message(house)
    forged = signature(body, secret="the secret of another app")
    assert knock(inside, house, body, header=forged).status == 401
    assert knock(inside, other, body, header=forged).status == 200
    assert (stored(house), stored(other)) == (0, 1)


def changed(body: bytes) -> dict[str, bytes]:
    tree = json.loads(body)
    return {
        "truncated": body[:-1],
        "empty": b"",
        "with a byte more": body + b"\n",
        "encoded anew": json.dumps(tree, ensure_ascii=False).encode(),
        "in another order": json.dumps(tree, sort_keys=True, separators=(",", ":")).encode(),
        "zipped": gzip.compress(body),
        "in UTF-16": body.decode().encode("utf-16"),
        "with a byte order mark": b"\xef\xbb\xbf" + body,
        "in another case": body.replace(b"Hello", b"HELLO"),
    }


@pytest.mark.parametrize("how", changed(b'{"a": ["Hello", 1.0]}'))
def test_a_signature_belongs_to_the_bytes_as_they_came(inside: Place, house: House, how: str) -> None:
    body = message(house, "Caf\u00e9 Hello")
    encodings = {
        "zipped": {"content_encoding": "gzip"},
        "in UTF-16": {"content_type": "application/json; charset=utf-16"},
    }
    answer = knock(inside, house, changed(body)[how], header=signature(body), **encodings.get(how, {}))
    assert answer.status == 401
    assert stored(house) == 0


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-7", "text/plain", "multipart/form-data", "\u00fc\u00fc"]
)
def test_what_the_content_type_claims_changes_nothing(inside: Place, house: House, kind: str) -> None:
    assert knock(inside, house, message(house), content_type=kind).status == 200
    assert stored(house) == 1


def test_a_body_that_is_zipped_and_signed_as_such_is_kept_and_shown_as_a_gap(inside: Place, house: House) -> None:
    assert knock(inside, house, gzip.compress(message(house)), content_encoding="gzip").status == 200
    digest()
    with scope(house.id):
        assert [gap[0] for gap in picture()["gaps"]] == ["not_json"]


def test_a_replay_is_acknowledged_and_changes_nothing(inside: Place, house: House) -> None:
    body = message(house)
    assert knock(inside, house, body).status == 200
    digest()
    with scope(house.id):
        before = picture()
    for _ in range(3):
        assert knock(inside, house, body).status == 200
    digest()
    assert stored(house) == 1
    with scope(house.id):
        assert differences(before, picture()) == []


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_comes_in(inside: Place, house: House, secret: str | None) -> None:
    with scope(house.id):
        Channel.objects.update(app_secret=secret, previous_app_secret=secret)
    body = message(house)
    for guess in ("", "None", SECRET):
        assert knock(inside, house, body, header=signature(body, secret=guess)).status == 401
    assert stored(house) == 0


def test_both_secrets_hold_while_one_is_being_replaced(inside: Place, house: House) -> None:
    mark = ring(INSTALLATION).index("the next secret", place="channels_channel.app_secret_hash")
    with scope(house.id):
        old = Channel.objects.get()
        old.previous_app_secret, old.previous_app_secret_hash = old.app_secret, old.app_secret_hash
        old.app_secret, old.app_secret_hash = "the next secret", mark
        old.save()
    for secret, text in (("the next secret", "one"), (SECRET, "two")):
        body = message(house, text, id=f"wamid.{text}")
        assert knock(inside, house, body, header=signature(body, secret=secret)).status == 200
    digest()
    with scope(house.id):
        assert len(picture()["messages"]) == 2


def test_a_body_too_large_by_its_own_word_is_not_even_read(inside: Place, house: House) -> None:
    answer, taken = _large(inside, house, content_length=str(10 * MEGABYTE))
    assert (answer.status, taken) == (413, 0)


def test_a_body_that_hides_its_size_is_dropped_once_it_is_too_large(inside: Place, house: House) -> None:
    answer, taken = _large(inside, house)
    assert (answer.status, taken) == (413, BODY_BYTES_MAX // MEGABYTE + 1)


@pytest.mark.parametrize("length", ["5", "-1", "0x10", "\u00b2", "", "1" * 5000])
def test_a_body_whose_size_is_a_lie_is_dropped_all_the_same(inside: Place, house: House, length: str) -> None:
    answer, _ = _large(inside, house, content_length=length)
    assert answer.status == 413
    assert stored(house) == 0


def _large(inside: Place, house: House, **headers: str) -> tuple[Answer, int]:
    pieces = [b"x" * MEGABYTE] * 10
    named = [("x-hub-signature-256", signature(b"".join(pieces)))]
    named += [(name.replace("_", "-"), value) for name, value in headers.items()]

    async def scenario(door: Door) -> tuple[Answer, int]:
        return await call(door, "POST", f"{PREFIX}{house.channel}", pieces, headers=named)

    return at_the_door(inside, scenario)


def test_the_largest_body_that_meta_sends_comes_in(inside: Place, house: House) -> None:
    body = message(house, "x" * (3 * MEGABYTE))
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]
    assert knock(inside, house, pieces).status == 200
    assert stored(house) == 1


@pytest.mark.parametrize("path", ["nothing", "", "../admin", "00000000-0000-0000-0000-000000000000", "\u0660" * 32])
def test_an_address_of_nobody_is_not_found(inside: Place, house: House, path: str) -> None:
    body = message(house)

    async def scenario(door: Door) -> Answer:
        headers = [("x-hub-signature-256", signature(body))]
        answer, _ = await call(door, "POST", PREFIX + path, [body], headers=headers)
        return answer

    assert at_the_door(inside, scenario).status == 404


def test_the_address_of_a_number_that_was_taken_away_is_not_found(inside: Place, house: House) -> None:
    with scope(house.id), connection.cursor() as cursor:
        cursor.execute("UPDATE channels_channel SET removed_at = now()")
    assert knock(inside, house, message(house)).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "get"])
def test_other_methods_are_refused(inside: Place, house: House, method: str) -> None:
    async def scenario(door: Door) -> Answer:
        answer, _ = await call(door, method, f"{PREFIX}{house.channel}")
        return answer

    answer = at_the_door(inside, scenario)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


def test_of_two_signature_headers_none_is_chosen_to_our_harm(inside: Place, house: House) -> None:
    body = message(house)
    headers = [("x-hub-signature-256", signature(body)), ("x-hub-signature-256", "sha256=" + "0" * 64)]

    async def scenario(door: Door) -> Answer:
        answer, _ = await call(door, "POST", f"{PREFIX}{house.channel}", [body], headers=headers)
        return answer

    assert at_the_door(inside, scenario).status == 401
    assert stored(house) == 0


def test_a_caller_who_hangs_up_leaves_nothing(inside: Place, house: House) -> None:
    sent: list[object] = []

    async def scenario(door: Door) -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.disconnect"}

        async def send(part: object) -> None:
            sent.append(part)

        path = f"{PREFIX}{house.channel}"
        await door({"type": "http", "method": "POST", "path": path, "headers": []}, receive, send)

    at_the_door(inside, scenario)
    assert sent == []
    assert stored(house) == 0


def test_a_forgery_costs_the_next_honest_one_nothing(inside: Place, house: House) -> None:
    async def scenario(door: Door) -> list[int]:
        body = message(house)
        forged = await post(door, house, body, header="sha256=" + "0" * 64)
        honest = await post(door, house, body)
        return [forged.status, honest.status]

    assert at_the_door(inside, scenario) == [401, 200]
