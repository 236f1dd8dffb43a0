"""Files that members send: taken in pieces, made as WhatsApp takes them, handed over by a job, sent in their order."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from tests.house.canaries import canary, found_below
from tests.keepers import FOLDER, VERSIONED, Keeping, kept_in
from tests.live import Live, LiveHouse, wait_until

pytestmark = pytest.mark.slow

PIECE = 1024 * 1024


@pytest.fixture(scope="module", params=[FOLDER, VERSIONED])
def keeper(request: pytest.FixtureRequest) -> Iterator[Keeping]:
    with kept_in(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def live(keeper: Keeping) -> Iterator[Live]:
    with Live("files_out", environment=keeper.environment) as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


@pytest.fixture(scope="module")
def thread(live: Live, house: LiveHouse) -> str:
    """Return the address of a conversation with somebody who has just written."""
    live.sandbox.say("Send me something", to=house.number_id, from_="60123456789", name="Mei")
    found: re.Match[str] = wait_until(
        lambda: re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', house.page("inbox/", who="Alice")[1])
    )
    return found[1]


def put(house: LiveHouse, path: str, data: bytes, *, who: str) -> tuple[int, str]:
    token = "a" * 32
    headers = {"Cookie": f"session={house.cookies[who]}; csrf={token}", "X-CSRFToken": token, "HX-Request": "true"}
    headers["Content-Type"] = "application/octet-stream"
    status, answer = house.live.ask("PUT", f"/w/{house.handle}/{path}", body=data, headers=headers)
    return status, answer.decode()


def choose(house: LiveHouse, thread: str, data: bytes, *, who: str = "Alice", **about: str) -> tuple[str, int, str]:
    """Choose a file; return what stands for it, and the status and words of the last answer."""
    status, told = house.post(f"{thread}files/", {"size": str(len(data)), **about}, who=who)
    if status != 201:
        return "", status, told
    id: str = json.loads(told)["id"]
    for number in range(-(-len(data) // PIECE)):
        part = data[number * PIECE : (number + 1) * PIECE]
        status, told = put(house, f"{thread}files/{id}/pieces/{number}/", part, who=who)
    return id, status, told


def send(house: LiveHouse, thread: str, id: str, text: str = "", *, who: str = "Alice") -> tuple[int, str]:
    return house.post(f"{thread}messages/", {"text": text, "client_id": "", "file": id}, who=who)


def bodies(live: Live, house: LiveHouse) -> list[dict[str, Any]]:
    return [one["body"] for one in live.sandbox.sent(house.number_id)]


def photo(word: str = "", *, size: tuple[int, int] = (900, 600), form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = word
    Image.new("RGB", size, "teal").save(out, form, exif=exif)
    return out.getvalue()


def recording(form: str = "webm", *, layout: str = "stereo") -> bytes:
    """Return a second of sound as browsers record it."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as file:
        stream = file.add_stream("libopus", rate=48_000, layout=layout)
        for part in range(50):
            frame = av.AudioFrame(format="s16", layout=layout, samples=960)
            frame.sample_rate, frame.pts = 48_000, part * 960
            frame.planes[0].update(bytes([part % 7, part]) * (frame.planes[0].buffer_size // 2))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def test_a_photo_goes_out_without_its_place_in_order_and_is_shown(
    live: Live, house: LiveHouse, thread: str, keeper: Keeping
) -> None:
    word = canary()
    id, status, told = choose(house, thread, photo(word), name=f"{word}.jpg")
    assert status == 200, told
    assert json.loads(told)["kind"] == "image"
    assert send(house, thread, id, "Our *table*")[0] == 201
    assert house.post(f"{thread}messages/", {"text": "And this after it", "client_id": ""}, who="Alice")[0] == 201
    last = {"body": "And this after it"}
    sent = wait_until(lambda: all_ if (all_ := bodies(live, house)) and all_[-1].get("text") == last else None)
    assert [one["type"] for one in sent[-2:]] == ["image", "text"]
    assert sent[-2]["image"]["caption"] == "Our *table*"
    status, held = _held(live, house, sent[-2]["image"]["id"])
    assert status == 200
    assert held.startswith(b"\xff\xd8\xff")
    assert word.encode() not in held
    assert f"/{id}/preview/" in house.page(thread, who="Bob")[1]
    assert found_below(keeper.place(Path(live.environment["TROTH_HOME"])), [word]) == set()
    with live.database() as database:
        assert word not in str(database.execute("SELECT array_agg(a::text) FROM inbox_attachment a").fetchone())


def _held(live: Live, house: LiveHouse, media_id: str) -> tuple[int, bytes]:
    """Return what Meta holds under an id."""
    said = live.run(_FETCH.format(number=house.number_id, media=media_id, workspace=house.id))
    return said["status"], bytes.fromhex(said["data"])


_FETCH = """
import json
from troth.channels import connecting, registry
from troth.channels.models import Channel
from troth.workspaces.scope import scope
with scope("{workspace}"):
    link = connecting.link_of(Channel.objects.get(number_id="{number}"))
data = bytearray()
found = registry.fetch(link, "{media}", data.extend)
print(json.dumps({{"status": 200 if found.ok else 404, "data": bytes(data).hex()}}))
"""


def test_a_large_paper_comes_in_pieces_and_leaves_whole(live: Live, house: LiveHouse, thread: str) -> None:
    paper = b"%PDF-1.7 " + bytes(range(256)) * 12_000
    id, status, told = choose(house, thread, paper, wish="document", name="price list.pdf")
    assert status == 200, told
    assert send(house, thread, id)[0] == 201
    wanted = "price list.pdf"
    sent = wait_until(
        lambda: next((one for one in bodies(live, house) if one.get("document", {}).get("filename") == wanted), None)
    )
    assert _held(live, house, sent["document"]["id"]) == (200, paper)


def test_a_recording_becomes_a_voice_note_with_a_wave(live: Live, house: LiveHouse, thread: str) -> None:
    id, status, told = choose(house, thread, recording(), wish="voice")
    assert status == 200, told
    assert send(house, thread, id, "with words")[0] == 422
    assert send(house, thread, id)[0] == 201
    sent = wait_until(lambda: next((one for one in bodies(live, house) if one["type"] == "audio"), None))
    assert sent["audio"]["voice"] is True
    _, note = _held(live, house, sent["audio"]["id"])
    with av.open(io.BytesIO(note)) as file:
        stream = file.streams.audio[0]
        assert (file.format.name, stream.codec_context.name, stream.codec_context.channels) == ("ogg", "opus", 1)
    wait_until(lambda: 'class="voice"' in house.page(thread, who="Bob")[1])


def iphone_film(codec: str = "libx264") -> bytes:
    """Return a second of film as an iPhone films it, with the place where that was."""
    out = io.BytesIO()
    with av.open(out, "w", format="mov") as file:
        file.metadata["location"] = "+03.1390+101.6869/"
        stream: Any = file.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        frame: Any = av.VideoFrame
        for _ in range(10):
            file.mux(stream.encode(frame.from_image(Image.new("RGB", (160, 120), "teal"))))
        file.mux(stream.encode(None))
    return out.getvalue()


def test_what_an_iphone_films_goes_out_as_all_phones_play_it(live: Live, house: LiveHouse, thread: str) -> None:
    film = iphone_film()
    assert b"+03.1390" in film
    id, status, told = choose(house, thread, film, name="IMG_0001.MOV")
    assert (status, json.loads(told).get("kind")) == (200, "video"), told
    assert send(house, thread, id)[0] == 201
    sent = wait_until(lambda: next((one for one in bodies(live, house) if one["type"] == "video"), None))
    _, made = _held(live, house, sent["video"]["id"])
    assert b"+03.1390" not in made
    with av.open(io.BytesIO(made)) as file:
        assert (made[8:11], file.streams.video[0].codec_context.name) == (b"iso", "h264")
    _id, status, told = choose(house, thread, iphone_film("mpeg4"), name="IMG_0002.MOV")
    assert (status, "Most Compatible" in json.loads(told)["error"]) == (422, True)


def test_a_sticker_is_made_of_a_picture(live: Live, house: LiveHouse, thread: str) -> None:
    id, status, told = choose(house, thread, photo(size=(1200, 700), form="PNG"), wish="sticker")
    assert status == 200, told
    assert send(house, thread, id)[0] == 201
    sent = wait_until(lambda: next((one for one in bodies(live, house) if one["type"] == "sticker"), None))
    _, sticker = _held(live, house, sent["sticker"]["id"])
    with Image.open(io.BytesIO(sticker)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (512, 512))
    assert len(sticker) <= 100 * 1024


@pytest.mark.parametrize(
    ("data", "about", "words"),
    [
        (b"", {}, "empty"),
        (b"MZ\x90\x00" + b"\0" * 500, {"name": "setup.exe"}, "does not take this kind"),
        (b"<html><script>alert(1)</script>", {"wish": "document", "name": "a.html"}, "does not take this kind"),
        (b"\xff\xd8\xff" + b"no picture" * 500, {}, "cannot be read"),
        (b"%PDF-1.7 x", {"wish": "voice"}, "cannot be sent as a voice message"),
    ],
)
def test_what_whatsapp_would_refuse_is_refused_with_words(
    house: LiveHouse, thread: str, data: bytes, about: dict[str, str], words: str
) -> None:
    id, status, told = choose(house, thread, data, **about)
    assert status == 422
    assert words in json.loads(told)["error"]
    assert not id or send(house, thread, id)[0] == 422


def test_sizes_are_told_before_anything_is_sent(house: LiveHouse, thread: str) -> None:
    status, told = house.post(f"{thread}files/", {"size": str(101 * 1024 * 1024)}, who="Alice")
    assert (status, "100 MB" in told) == (422, True)
    id = json.loads(house.post(f"{thread}files/", {"size": "2000000"}, who="Alice")[1])["id"]
    assert put(house, f"{thread}files/{id}/pieces/0/", b"short", who="Alice")[0] == 422
    assert put(house, f"{thread}files/{id}/pieces/7/", b"x" * PIECE, who="Alice")[0] == 422
    assert put(house, f"{thread}files/{id}/pieces/1/", b"x" * (2_000_000 - PIECE), who="Alice")[0] == 422
    assert house.post(f"{thread}files/{id}/", {}, who="Alice", method="DELETE")[0] in (204, 404)


def test_what_one_member_chose_is_nobody_elses(live: Live, house: LiveHouse, thread: str, keeper: Keeping) -> None:
    stranger = live.house("Stranger", Olga="owner")
    id, status, _ = choose(house, thread, photo(), who="Bob")
    assert status == 200
    assert put(house, f"{thread}files/{id}/pieces/0/", b"x", who="Alice")[0] == 404
    assert send(house, thread, id, who="Alice")[0] == 422
    assert house.post(f"{thread}files/{id}/", {}, who="Alice", method="DELETE")[0] == 404
    assert stranger.post(f"{thread}files/{id}/", {}, who="Olga", method="DELETE")[0] == 404
    assert house.post(f"{thread}files/", {"size": "10"}, who="Vera")[0] in (403, 404)
    home = Path(live.environment["TROTH_HOME"])
    assert any(id in name for name in keeper.names(home))
    assert house.post(f"{thread}files/{id}/", {}, who="Bob", method="DELETE")[0] == 204
    assert send(house, thread, id, who="Bob")[0] == 422
    live.run("import json\nfrom troth.inbox.files.tending import tend\ntend()\nprint(json.dumps(True))")
    assert not any(id in name for name in keeper.names(home))


def test_a_refused_file_fails_its_message_and_leaves_again_when_asked(
    live: Live, house: LiveHouse, thread: str
) -> None:
    live.sandbox.set_faults(media_code=100)
    try:
        id, status, _ = choose(house, thread, b"%PDF-1.7 again", name="again.pdf")
        assert status == 200
        assert send(house, thread, id)[0] == 201
        page = wait_until(lambda: page if "/offer/" in (page := house.page(thread, who="Alice")[1]) else "")
    finally:
        live.sandbox.set_faults()
    offer = re.findall(r'action="/w/[^/]+/(inbox/[^"]+/offer/)"', page)[-1]
    assert house.post(offer, {}, who="Alice")[0] in (200, 302)
    wait_until(lambda: any(one.get("document", {}).get("filename") == "again.pdf" for one in bodies(live, house)))
