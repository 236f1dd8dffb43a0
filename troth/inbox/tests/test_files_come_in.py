"""Files that customers send: fetched at once, sealed, shown to whoever may see them, and gone with their message."""

import base64
import http.client
import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import bodies
from tests.house.canaries import canary, found_below
from tests.keepers import BUCKET, FOLDER, Keeping, kept_in
from tests.live import Live, LiveHouse, wait_until

pytestmark = pytest.mark.slow

AGAIN_S = 100.0  # a file that did not come at once is fetched again by a job of every minute
PICTURE = re.compile(r'<img src="([^"]+/files/[^"]+)"')
WHOLE = re.compile(r'<a class="picture[^"]*" href="([^"]+)"')


@pytest.fixture(scope="module", params=[FOLDER, BUCKET])
def keeper(request: pytest.FixtureRequest) -> Iterator[Keeping]:
    with kept_in(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def live(keeper: Keeping) -> Iterator[Live]:
    with Live("files", environment=keeper.environment) as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


def picture(word: str) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = word
    Image.new("RGB", (800, 500), "coral").save(out, "JPEG", exif=exif)
    return out.getvalue()


def sends(live: Live, house: LiveHouse, kind: str, data: bytes, *, name: str, **more: Any) -> str:
    """Let a customer of this name send a file; return the address of the conversation."""
    encoded = base64.b64encode(data).decode()
    phone = f"6012{sum(name.encode()):07d}"
    live.sandbox.say("Look", kind=kind, to=house.number_id, from_=phone, name=name, data=encoded, **more)
    return thread_of(house, name)


def thread_of(house: LiveHouse, name: str) -> str:
    """Return the address of the conversation with somebody, once it is there."""

    def found() -> str:
        page = house.page("inbox/", who="Alice")[1]
        rows = re.findall(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)[^"]*"(.*?)</li>', page, re.DOTALL)
        return next((address for address, row in rows if name in row), "")

    address: str = wait_until(found)
    return address


def shown(house: LiveHouse, thread: str, mark: str, *, who: str = "Alice") -> str:
    """Return the thread's page once it holds this mark."""
    look = lambda: page if mark in (page := house.page(thread, who=who)[1]) else ""
    return str(wait_until(look, within_s=AGAIN_S))


def get(
    live: Live, house: LiveHouse | None, path: str, *, who: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask for a path as somebody, or as nobody."""
    session = {"Cookie": f"session={house.cookies[who]}"} if house else {}
    with closing(http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)) as connection:
        connection.request("GET", path, headers={**session, **headers, "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def test_a_picture_is_fetched_cleaned_sealed_and_shown(live: Live, house: LiveHouse, keeper: Keeping) -> None:
    word = canary()
    thread = sends(live, house, "image", picture(word), name="Mei")
    page = shown(house, thread, '<a class="picture')
    small, whole = PICTURE.search(page), WHOLE.search(page)
    assert small is not None
    assert whole is not None
    status, headers, data = get(live, house, small[1], who="Alice")
    assert (status, headers["content-type"]) == (200, "image/webp")
    assert data[8:12] == b"WEBP"
    status, headers, data = get(live, house, whole[1], who="Alice")
    assert status == 200
    assert data.startswith(b"\xff\xd8\xff")
    assert word.encode() not in data
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    home = Path(live.environment["TROTH_HOME"])
    assert any(name.endswith(".whole") for name in keeper.names(home))
    files = keeper.place(home)
    assert any(files.rglob("*"))
    assert found_below(files, [word]) == set()
    assert not any(b"\xff\xd8\xff\xe0" in one.read_bytes() for one in files.rglob("*") if one.is_file())


@pytest.mark.clause("X18")
def test_an_address_opens_for_its_member_alone_and_in_part(live: Live, house: LiveHouse) -> None:
    stranger = live.house("Stranger", Olga="owner")
    thread = sends(live, house, "document", b"%PDF-1.7 " + bytes(range(256)) * 800, name="Raj", filename="menu.pdf")
    page = shown(house, thread, "download")
    found = re.search(r'href="([^"]+)\?save"', page)
    assert found is not None
    path = found[1]
    status, headers, data = get(live, house, path, who="Alice")
    assert (status, headers["content-type"], len(data)) == (200, "application/pdf", 9 + 256 * 800)
    for wanted, expected in (
        ("bytes=0-8", data[:9]),
        ("bytes=-5", data[-5:]),
        ("bytes=70000-70010", data[70000:70011]),
    ):
        status, headers, part = get(live, house, path, who="Alice", Range=wanted)
        assert (status, part) == (206, expected)
        assert headers["content-range"].endswith(f"/{len(data)}")
    assert get(live, house, path, who="Alice", Range="bytes=9999999-")[0] == 416
    # Bob sees the conversation, and has an address of his own; Alice's opens nothing for him.
    assert get(live, house, path, who="Bob")[0] == 404
    assert get(live, stranger, path, who="Olga")[0] == 404
    guessed = path.rsplit("/", 2)[0] + "/" + "A" * 24 + "/"
    assert get(live, house, guessed, who="Alice")[0] == 404
    assert get(live, house, path.replace("/whole/", "/..%2f..%2fkeys/"), who="Alice")[0] == 404
    assert get(live, None, path)[0] in (302, 401)


def test_a_drawing_that_could_run_is_only_ever_saved(live: Live, house: LiveHouse) -> None:
    thread = sends(
        live, house, "document", b"<svg onload='alert(1)'/>", name="Nor", filename="logo.svg", mime_type="text/plain"
    )
    page = shown(house, thread, "?save")
    path = re.search(r'href="([^"]+\?save)"', page)
    assert path is not None
    _, headers, _ = get(live, house, path[1].replace("?save", ""), who="Alice")
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")


def test_what_whatsapp_no_longer_has_says_so_and_can_be_tried_again(live: Live, house: LiveHouse) -> None:
    message = {"id": "1", "mime_type": "image/jpeg"}
    value = bodies.value(
        house.number_id,
        contacts=[bodies.contact(name="Tan", phone="60129999999")],
        messages=[
            {"from": "60129999999", "id": "wamid.GONE", "timestamp": "1780000000", "type": "image", "image": message}
        ],
    )
    live.sandbox.emit("messages", value, to=house.number_id)
    thread = thread_of(house, "Tan")
    page = shown(house, thread, "no longer has this file")
    again = re.search(r'action="/w/[^/]+/(inbox/[^"]+/again/)"', page)
    assert again is not None
    assert house.post(again[1], {}, who="Vera")[0] in (403, 404)
    assert house.post(again[1], {}, who="Bob")[0] in (200, 302)
    assert "no longer has this file" in shown(house, thread, "no longer has this file")
