"""The addresses under `/web/`: what a device asks over plain HTTP.

`POST /web/link`; `GET /web/<device>/events?after=N&wait=S`; `POST /web/<device>/do`; `POST /web/<device>/files`;
`GET /web/<device>/files/<ref>`. What opens a device is its id.
"""

from typing import Any

from sandbox.http import Receive, Request, Response, Scope, Send, answer
from sandbox.web import linking
from sandbox.web.bubbles import keep
from sandbox.web.chats import Kept
from sandbox.web.device import ENDED, Device
from sandbox.web.doing import do
from sandbox.web.edge import Edge
from sandbox.web.refusal import No

PREFIX = "/web/"
WAIT_S_MAX = 10.0
PIECE_BYTES = 64 * 1024


def serves(path: str) -> bool:
    """Tell whether an address is one of these."""
    return path.startswith(PREFIX)


async def serve(edge: Edge, request: Request) -> Response:
    """Answer a device."""
    try:
        match (request.method, *request.path.removeprefix(PREFIX).split("/")):
            case ("POST", "link"):
                device = linking.link(edge, name=str(request.json.get("name", "")))
                return answer({"device": device.id, "code": device.code, "until": device.until}, status=201)
            case ("GET", id, "events"):
                return await _events(edge, _device(edge, id), request)
            case ("POST", id, "do"):
                return answer(do(edge, _on_line(edge, _device(edge, id)), request.json))
            case ("POST", id, "files"):
                return answer(_bring(_on_line(edge, _device(edge, id)), request), status=201)
            case _:
                raise No("no_such_address", status=404)
    except No as no:
        return answer(no.told(), status=no.status)
    except (KeyError, TypeError, ValueError) as error:
        return answer({"error": "not_understood", "detail": str(error)}, status=400)


async def _events(edge: Edge, device: Device, request: Request) -> Response:
    """Return what the device has not heard, or wait for it."""
    _must_be_on_line(edge, device)
    wait_s = min(float(request.query.get("wait", WAIT_S_MAX)), WAIT_S_MAX)
    news = await device.news(after=int(request.query.get("after", 0)), wait_s=0 if edge.closed else wait_s)
    _must_be_on_line(edge, device)
    if not news and device.state == ENDED:
        raise No("ended", device.why, status=410, until=device.restricted_until)
    return answer({"events": news})


def _bring(device: Device, request: Request) -> dict[str, Any]:
    if device.phone is None:
        raise No("not_linked", "This device is not linked yet.", status=409)
    mime = request.headers.get("content-type", "application/octet-stream")
    return {"ref": keep(device.phone, request.body, mime=mime).ref}


def _device(edge: Edge, id: str) -> Device:
    if (device := edge.devices.get(id)) is None:
        raise No("no_such_device", "WhatsApp knows no such device.", status=404)
    device.heard_at = edge.now_ms()
    return device


def _on_line(edge: Edge, device: Device) -> Device:
    """Return a device that can do something. Raises: No."""
    _must_be_on_line(edge, device)
    if device.state == ENDED:
        raise No("ended", device.why, status=410, until=device.restricted_until)
    return device


def _must_be_on_line(edge: Edge, device: Device) -> None:
    if edge.closed or not device.connected:
        raise No("no_connection", "The connection is interrupted.", status=503)


# Files go out piece by piece, so not as the other answers do.


def streams(scope: Scope) -> bool:
    """Tell whether an answer goes out piece by piece."""
    return scope["method"] == "GET" and serves(scope["path"]) and "/files/" in scope["path"]


async def stream(edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
    """Give out a file."""
    await receive()
    kept = _file(edge, scope["path"])
    if kept is None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = [(b"content-type", kept.mime.encode()), (b"content-length", str(len(kept.data)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(kept.data) or 1, PIECE_BYTES):
        more = start + PIECE_BYTES < len(kept.data)
        await send({"type": "http.response.body", "body": kept.data[start : start + PIECE_BYTES], "more_body": more})


def _file(edge: Edge, path: str) -> Kept | None:
    """Return the file at an address, for as long as its device is linked."""
    id, _, ref = path.removeprefix(PREFIX).partition("/files/")
    device = edge.devices.get(id)
    if device is None or device.phone is None or device.state == ENDED or not device.connected:
        return None
    return device.phone.files.get(ref)
