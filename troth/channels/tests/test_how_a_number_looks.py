"""How a number looks in WhatsApp: read from Meta, changed there, and nothing of it kept here."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from tests.live import Live, LiveHouse
from troth.channels.registry import username_fits
from troth.media import pictures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent")


def page(house: LiveHouse) -> str:
    status, text = house.page(f"channels/{house.channel}/whatsapp/", who="Alice")
    assert status == 200
    return text


def save_picture(house: LiveHouse, data: bytes, *, who: str = "Alice") -> tuple[int, str]:
    edge, token = "x" * 20, "a" * 32
    head = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="p.jpg"\r\n\r\n'
    headers = {
        "Cookie": f"session={house.cookies[who]}; csrf={token}",
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "X-CSRFToken": token,
    }
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    path = f"/w/{house.handle}/channels/{house.channel}/whatsapp/picture/"
    status, answer = house.live.ask("POST", path, body=body, headers=headers)
    return status, answer.decode()


def drawn(width: int, height: int, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_uploaded_and_set(house: LiveHouse, form: str) -> None:
    assert save_picture(house, drawn(900, 400, form))[0] == 302
    assert "WhatsApp shows a picture of this number" in page(house)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no picture at all", "no picture that WhatsApp takes"),
        (drawn(600, 191), "too small"),
        (drawn(300, 300, "GIF")[:40], "no picture that WhatsApp takes"),
        (drawn(400, 400) + b"\0" * (5 * 1024 * 1024), "more than 5 MB"),
        (b"", "Picture"),
    ],
)
def test_what_is_no_fitting_picture_is_refused_with_the_reason(house: LiveHouse, data: bytes, says: str) -> None:
    status, text = save_picture(house, data)
    assert status == 422
    assert says in text


def test_an_agent_sets_no_picture(house: LiveHouse) -> None:
    assert save_picture(house, drawn(400, 400), who="Bob")[0] == 403


def test_the_square_has_no_place_and_no_camera_in_it() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    made = pictures.for_profile(drawn(1000, 500, exif=exif), "image/jpeg")
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.size, picture.format, dict(picture.getexif())) == ((500, 500), "JPEG", {})


def change(house: LiveHouse, act: str, *, who: str = "Alice", **values: str) -> tuple[int, str]:
    return house.post(f"channels/{house.channel}/whatsapp/{act}/", values, who=who)


def test_the_profile_is_what_meta_says_and_is_changed_there(house: LiveHouse) -> None:
    profile = {"about": "Coffee since 1962", "vertical": "RESTAURANT", "website_1": "https://kopi.example", "email": ""}
    status, told = change(house, "profile", **profile)
    assert status == 302, told
    shown = page(house)
    assert 'value="Coffee since 1962"' in shown
    assert 'value="https://kopi.example"' in shown
    status, told = change(house, "profile", about="x" * 140, vertical="OTHER")
    assert (status, "139" in told) == (422, True)


def test_links_are_made_drawn_printed_and_taken_away(house: LiveHouse) -> None:
    assert change(house, "link", greeting="A table for two, please")[0] == 302
    shown = page(house)
    code = re.search(r"https://wa\.me/message/([A-Z0-9]+)", shown)
    assert code is not None
    assert "<svg" in shown
    status, sheet = house.page(f"channels/{house.channel}/whatsapp/links/{code[1]}/", who="Alice")
    assert (status, "A table for two, please" in sheet, "<svg" in sheet) == (200, True, True)
    assert change(house, "link", greeting="x" * 141, code=code[1])[0] == 422
    assert "A table for two, please" in page(house)
    assert change(house, "link", greeting="A table for four, please", code=code[1])[0] == 302
    shown = page(house)
    assert "A table for four, please" in shown
    assert "A table for two, please" not in shown
    assert set(re.findall(r"https://wa\.me/message/([A-Z0-9]+)", shown)) == {code[1]}
    away = f"channels/{house.channel}/whatsapp/links/{code[1]}/removal/"
    assert house.post(away, {}, who="Alice")[0] == 302
    assert code[1] not in page(house)
    assert house.page(f"channels/{house.channel}/whatsapp/links/{code[1]}/", who="Alice")[0] == 404


def test_a_username_is_asked_for_refused_with_words_and_given_up(house: LiveHouse) -> None:
    assert "kopi_co" in page(house)
    status, told = change(house, "username", username="taken")
    assert (status, "Choose another one" in told) == (422, True)
    assert change(house, "username", username="www.kopi")[0] == 422
    assert change(house, "username", username=f"kopi{house.number_id[-6:]}")[0] == 302
    assert f"@kopi{house.number_id[-6:]}" in page(house)
    assert change(house, "username", username="")[0] == 302
    assert "@kopi" not in page(house)


def test_the_pin_is_set_and_not_kept(live: Live, house: LiveHouse) -> None:
    assert change(house, "pin", pin="12345")[0] == 422
    assert change(house, "pin", pin="908172")[0] == 302
    with live.database() as database:
        assert "908172" not in str(database.execute("SELECT array_agg(c::text) FROM channels_channel c").fetchone())
        assert "908172" not in str(database.execute("SELECT array_agg(a::text) FROM audit_entry a").fetchone())


def test_only_who_may_change_a_number_sees_it(house: LiveHouse) -> None:
    assert house.page(f"channels/{house.channel}/whatsapp/", who="Bob")[0] == 403
    assert change(house, "pin", pin="111111", who="Bob")[0] == 403
    assert change(house, "nothing", pin="111111")[0] == 404


@pytest.mark.parametrize(
    ("username", "fits"),
    [
        ("kopi", True),
        ("kopi.and_co", True),
        ("k1", False),
        ("123", False),
        (".kopi", False),
        ("kopi.", False),
        ("ko..pi", False),
        ("www.kopi", False),
        ("kopi.com", False),
        ("x" * 36, False),
        ("Köpi", False),
    ],
)
def test_usernames_have_a_form(username: str, fits: bool) -> None:
    assert username_fits(username) is fits
