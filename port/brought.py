"""Files of conversations: given out to the browser that was told their address, and taken from one that will send them."""

import secrets

from aiohttp import web

from port.browser import Browser
from port.contract import File, Refused
from port.session import Session

FILE_BYTES_MAX = 64 * 1024 * 1024
KEPT_FILES_MAX = 4  # of one browser, chosen and not sent
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def no() -> web.Response:
    """Return what whoever is not let in gets: the same for whatever reason."""
    return web.Response(status=404, headers=NO_STORE)


async def file(session: Session, request: web.BaseRequest, address: str, origin: str) -> web.StreamResponse:
    """Give out a file that a browser was told of, or take one that it will send. What opens it is its address."""
    allow = {**NO_STORE, "Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else dict(NO_STORE)
    browser = next((one for one in session.browsers if one.is_live and _opens(one, address)), None)
    if browser is None:
        return no()
    if request.method == "OPTIONS":
        allow |= {"Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "Content-Type"}
        return web.Response(status=204, headers=allow)
    if request.method == "PUT" and browser.ticket.writes:
        return await _take_file(browser, request, address, allow)
    if request.method != "GET" or address not in browser.files:
        return no()
    file, data = browser.files[address]
    if data is None and not session.memory.holds(file.ref):
        return no()  # its message has disappeared, was deleted, or may be shown no more
    answer = web.StreamResponse(
        headers={**allow, "Content-Type": _harmless(file.mime), "Content-Disposition": "attachment"}
    )
    if data is not None:
        return web.Response(body=data, headers=answer.headers)
    if file.size_bytes:
        answer.content_length = file.size_bytes
    pieces = session.driver.file(file.ref)
    try:
        first = await anext(pieces, b"")
    except Refused:
        return no()
    await answer.prepare(request)
    await answer.write(first)
    async for piece in pieces:
        await answer.write(piece)
    await answer.write_eof()
    return answer


def _opens(browser: Browser, address: str) -> bool:
    return address in browser.files or address == browser.brings_to


async def _take_file(browser: Browser, request: web.BaseRequest, address: str, allow: dict[str, str]) -> web.Response:
    """Keep a file in memory until it is sent."""
    chosen = [one for one, (_file, data) in browser.files.items() if data is not None]
    if address != browser.brings_to or len(chosen) >= KEPT_FILES_MAX:
        return web.Response(status=409, headers=allow)
    data = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        data += piece
        if len(data) > FILE_BYTES_MAX:
            return web.Response(status=413, headers=allow)
    mime = request.content_type
    kind = mime.partition("/")[0]
    file = File(
        ref=secrets.token_urlsafe(24),
        kind=kind if kind in ("image", "video", "audio") else "document",
        mime=mime,
        size_bytes=len(data),
    )
    browser.files[file.ref] = (file, bytes(data))
    return web.json_response({"file": file.ref, "kind": file.kind, "size": len(data)}, status=201, headers=allow)


def _harmless(mime: str) -> str:
    """Return a type that no browser runs."""
    kind = mime.partition("/")[0]
    return mime if kind in ("image", "audio", "video") and "svg" not in mime else "application/octet-stream"
