"""Media over HTTP: upload, resolve, delete, and the bytes themselves."""

import re

from sandbox import access
from sandbox.accounts import Number, Token
from sandbox.errors import GraphError, missing_object
from sandbox.http import Request, Response, answer
from sandbox.media import SIZES_MAX
from sandbox.multipart import NotMultipart, parse
from sandbox.rules.basics import one_of, required
from sandbox.world import World

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def upload(world: World, request: Request, number: Number) -> Response:
    """`POST /{PNID}/media`: a form with `messaging_product`, `file` and, if it likes, `type`."""
    if code := world.trouble.faults.media_code:
        raise GraphError(code)
    try:
        form = parse(request.headers.get("content-type", ""), request.body)
    except NotMultipart as error:
        raise required("file") from error
    if "messaging_product" not in form:
        raise required("messaging_product")
    one_of(form["messaging_product"].text, "messaging_product", ("whatsapp",))
    if "file" not in form or form["file"].filename is None:
        raise required("file")
    file = form["file"]
    mime_type = file.content_type or (form["type"].text if "type" in form else "")
    base = mime_type.split(";")[0].strip().lower()
    if base not in SIZES_MAX:
        listed = ", ".join(sorted(SIZES_MAX))
        raise GraphError(
            100, message=f"(#100) Param file must be a file with one of the following types: {listed}. Received {base}."
        )
    if not file.data:
        raise GraphError(100, message="(#100) Param file must not be empty.")
    if len(file.data) > SIZES_MAX[base]:
        raise GraphError(100, message=f"(#100) File size of {base} must be at most {SIZES_MAX[base]} bytes.")
    medium = world.media.keep(file.data, mime_type, number_id=number.id, now=world.now(), uploaded=True)
    return answer({"id": medium.id})


def one(world: World, request: Request, token: Token, media_id: str) -> Response:
    """`GET` and `DELETE /{MEDIA_ID}`, both with an optional `phone_number_id`."""
    medium = world.media.find(media_id, now=world.now())
    if medium is None or not any(world.numbers[medium.number_id][0] is one for one in token.reach):
        raise missing_object(media_id)
    number_id = request.query.get("phone_number_id")
    if number_id is not None and number_id != medium.number_id:
        raise GraphError(
            100, message="(#100) Param phone_number_id is not a valid whatsapp business phone number id ID"
        )
    if request.method == "DELETE":
        world.media.drop(media_id)
        return answer({"success": True})
    if request.method != "GET":
        raise missing_object(media_id)
    return answer(
        {
            "url": world.media.address(medium, now=world.now()),
            "mime_type": medium.mime_type,
            "sha256": medium.sha256,
            "file_size": len(medium.data),
            "id": medium.id,
            "messaging_product": "whatsapp",
        }
    )


def download(world: World, request: Request) -> Response:
    """Return the bytes behind an address: with a token, for five minutes, whole or a range; never a redirect."""
    value = access.bearer(request)
    if value is None or value not in world.tokens:
        return Response(b"", status=401, content_type=b"text/plain")
    access.usable(world.tokens[value], now=world.now())
    medium = world.media.open(request.query, now=world.now())
    if medium is None or world.numbers[medium.number_id][0] is not world.tokens[value].account:
        return Response(b"", status=404, content_type=b"text/plain")
    return _ranged(medium.data, medium.mime_type, request.headers.get("range"))


def _ranged(data: bytes, mime_type: str, wanted: str | None) -> Response:
    kind = mime_type.encode()
    headers = [(b"accept-ranges", b"bytes"), (b"content-disposition", b"attachment")]
    found = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if found is None or not (found[1] or found[2]):
        return Response(data, content_type=kind, headers=headers)
    size = len(data)
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(size - 1, int(found[2])) if found[1] and found[2] else size - 1
    if first > last:
        headers.append((b"content-range", b"bytes */%d" % size))
        return Response(b"", status=416, content_type=kind, headers=headers)
    headers.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
    return Response(data[first : last + 1], status=206, content_type=kind, headers=headers)
