"""Upload, resolve, download, delete; addresses that expire; what is too large or of the wrong kind."""

import base64
import hashlib

import pytest

from sandbox.multipart import NotMultipart, parse
from sandbox.tests.conftest import OTHER_TOKEN, Answer, Bench

PNG = b"\x89PNG" + bytes(range(200))


def form(
    data: bytes = PNG, *, mime: str = "image/png", product: str | None = "whatsapp", name: str = "file"
) -> tuple[bytes, dict[str, str]]:
    parts = [
        b'--XX\r\nContent-Disposition: form-data; name="%s"; filename="a.png"\r\nContent-Type: %s\r\n\r\n%s\r\n'
        % (name.encode(), mime.encode(), data)
    ]
    if product is not None:
        parts.insert(
            0, b'--XX\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n%s\r\n' % product.encode()
        )
    return b"".join(parts) + b"--XX--\r\n", {"content-type": "multipart/form-data; boundary=XX"}


async def upload(bench: Bench, data: bytes = PNG, *, mime: str = "image/png") -> str:
    body, headers = form(data, mime=mime)
    media_id: str = (await bench.call("POST", "/v26.0/400/media", body, headers=headers)).json["id"]
    return media_id


async def resolve(bench: Bench, media_id: str) -> str:
    url: str = (await bench.call("GET", f"/v26.0/{media_id}")).json["url"]
    return url.removeprefix(bench.world.settings.own_url)


async def test_what_goes_up_comes_down(bench: Bench) -> None:
    media_id = await upload(bench)
    assert media_id.isdigit()
    facts = (await bench.call("GET", f"/v26.0/{media_id}?phone_number_id=400")).json
    assert facts["mime_type"] == "image/png"
    assert facts["file_size"] == len(PNG)
    assert base64.b64decode(facts["sha256"]) == hashlib.sha256(PNG).digest()
    answer = await bench.call("GET", await resolve(bench, media_id))
    assert answer.body == PNG
    assert answer.headers["content-type"] == "image/png"


async def test_an_uploaded_medium_can_be_sent(bench: Bench) -> None:
    assert (await bench.send({"type": "image", "image": {"id": await upload(bench)}})).status == 200


async def test_an_address_works_for_five_minutes(bench: Bench) -> None:
    path = await resolve(bench, await upload(bench))
    bench.time += 299
    assert (await bench.call("GET", path)).status == 200
    bench.time += 1
    assert (await bench.call("GET", path)).status == 404


async def test_an_address_needs_a_token_of_the_same_account(bench: Bench) -> None:
    path = await resolve(bench, await upload(bench))
    assert (await bench.call("GET", path, token=None)).status == 401
    assert (await bench.call("GET", path, token=OTHER_TOKEN)).status == 404


async def test_a_changed_address_is_worthless(bench: Bench) -> None:
    media_id = await upload(bench)
    path = await resolve(bench, media_id)
    other = await upload(bench, b"other")
    assert (await bench.call("GET", path.replace(media_id, other))).status == 404


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, PNG[:10]),
        ("bytes=200-", 206, PNG[200:]),
        ("bytes=-4", 206, PNG[-4:]),
        ("bytes=900-", 416, b""),
    ],
)
async def test_ranges(bench: Bench, wanted: str, status: int, part: bytes) -> None:
    path = await resolve(bench, await upload(bench))
    answer = await bench.call("GET", path, headers={"range": wanted})
    assert (answer.status, answer.body) == (status, part)
    assert answer.headers["content-range"].endswith(f"/{len(PNG)}")


async def test_a_deleted_medium_is_gone(bench: Bench) -> None:
    media_id = await upload(bench)
    path = await resolve(bench, media_id)
    assert (await bench.call("DELETE", f"/v26.0/{media_id}")).json == {"success": True}
    assert (await bench.call("GET", f"/v26.0/{media_id}")).json["error"]["error_subcode"] == 33
    assert (await bench.call("GET", path)).status == 404


async def test_an_uploaded_medium_lives_thirty_days(bench: Bench) -> None:
    media_id = await upload(bench)
    bench.time += 30 * 86400 - 1
    assert (await bench.call("GET", f"/v26.0/{media_id}")).status == 200
    bench.time += 1
    assert (await bench.call("GET", f"/v26.0/{media_id}")).status == 400


async def test_another_number_cannot_resolve_it(bench: Bench) -> None:
    answer = await bench.call("GET", f"/v26.0/{await upload(bench)}?phone_number_id=401")
    assert answer.code == 100
    assert "phone_number_id" in answer.json["error"]["message"]


async def wrong(bench: Bench, body: bytes, headers: dict[str, str]) -> Answer:
    answer = await bench.call("POST", "/v26.0/400/media", body, headers=headers)
    assert (answer.status, answer.code) == (400, 100)
    return answer


async def test_what_cannot_be_uploaded(bench: Bench) -> None:
    assert "messaging_product" in (await wrong(bench, *form(product=None))).json["error"]["message"]
    assert "messaging_product" in (await wrong(bench, *form(product="sms"))).json["error"]["message"]
    assert "file" in (await wrong(bench, *form(name="picture"))).json["error"]["message"]
    assert "types" in (await wrong(bench, *form(mime="image/gif"))).json["error"]["message"]
    assert "size" in (await wrong(bench, *form(b"x" * (5 * 1024 * 1024 + 1)))).json["error"]["message"]
    await wrong(bench, *form(b""))
    await wrong(bench, b"{}", {"content-type": "application/json"})


async def test_a_form_that_breaks_off_is_no_form() -> None:
    body, headers = form()
    with pytest.raises(NotMultipart):
        parse(headers["content-type"], body[:-6])


async def test_a_form_keeps_every_byte() -> None:
    data = bytes(range(256)) + b"\r\n--X\r\n--\r\n"
    body, headers = form(data)
    assert parse(headers["content-type"], body)["file"].data == data


async def test_a_resumable_upload_goes_on_where_it_stopped(bench: Bench) -> None:
    begun = await bench.call("POST", "/v26.0/2300/uploads?file_length=6&file_type=image/png&file_name=a.png")
    session = begun.json["id"]
    oauth = {"authorization": "OAuth EAAtesting"}
    first = await bench.call("POST", f"/v26.0/{session}", b"abc", token=None, headers={**oauth, "file_offset": "0"})
    assert first.json["h"].startswith("4::")
    assert (await bench.call("GET", f"/v26.0/{session}")).json["file_offset"] == 3
    again = await bench.call("POST", f"/v26.0/{session}", b"abc", headers={"file_offset": "0"})
    assert again.code == 100
    last = await bench.call("POST", f"/v26.0/{session}", b"def", headers={"file_offset": "3"})
    profile = {"messaging_product": "whatsapp", "profile_picture_handle": last.json["h"]}
    assert (await bench.call("POST", "/v26.0/400/whatsapp_business_profile", profile)).status == 200
    profile["profile_picture_handle"] = "4::nonsense"
    assert (await bench.call("POST", "/v26.0/400/whatsapp_business_profile", profile)).code == 100
