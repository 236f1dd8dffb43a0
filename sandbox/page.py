"""The page where a person plays the customer: its files, its cookie, and the stream that says "look again"."""

import asyncio
import hashlib
import hmac
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.http import Receive, Request, Response, Scope, Send
from sandbox.world import World

FOLDER = Path(__file__).parent / "static"
FILES = {
    "/": ("index.html", b"text/html; charset=utf-8"),
    "/static/page.css": ("page.css", b"text/css; charset=utf-8"),
    "/static/icon.svg": ("icon.svg", b"image/svg+xml"),
    "/static/page.js": ("page.js", b"text/javascript; charset=utf-8"),
    "/static/phones.js": ("phones.js", b"text/javascript; charset=utf-8"),
}
COOKIE = "troth_sandbox"
EVENTS = "/_sandbox/events"
LOOK_PAUSE_S = 0.25
BEAT_S = 15.0
OWN_NAMES = {"127.0.0.1", "localhost", "::1"}
SAFE_METHODS = {"GET", "HEAD"}
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    b"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = [
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]


class Page:
    """The page of one sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pass = hmac.new(world.settings.dev_token.encode(), b"page", hashlib.sha256).hexdigest()

    def serves(self, request: Request) -> bool:
        return request.path in FILES and request.method in SAFE_METHODS

    def serve(self, request: Request) -> Response:
        """Return one of the page's files; the first sets the cookie that opens the control addresses to the page."""
        if not _is_own_host(request.headers.get("host", "")):
            return Response(b"Open this page by its loopback address.", status=403, content_type=b"text/plain")
        name, kind = FILES[request.path]
        headers = list(HEADERS)
        if request.path == "/":
            headers.append((b"set-cookie", f"{COOKIE}={self._pass}; Path=/; HttpOnly; SameSite=Strict".encode()))
        return Response((FOLDER / name).read_bytes(), content_type=kind, headers=headers)

    def trusts(self, request: Request) -> bool:
        """Tell whether a control call comes from this page: its cookie, our own host, and for changes our own origin."""
        host = request.headers.get("host", "")
        if not _is_own_host(host):
            return False
        if request.method not in SAFE_METHODS and request.headers.get("origin") != f"http://{host}":
            return False
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self._pass.encode())

    def streams(self, scope: Scope) -> bool:
        return bool(scope["path"] == EVENTS)

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say "look again" to an open page whenever something has changed."""
        await receive()
        if not self.trusts(Request(scope, b"")):
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(receive())
        try:
            await self._beat(gone, send)
        finally:
            gone.cancel()

    async def _beat(self, gone: asyncio.Future[dict[str, object]], send: Send) -> None:
        said, quiet_s = -1, 0.0
        while not (gone.done() or self._world.closed):
            version = self._world.threads.version
            if version != said or quiet_s >= BEAT_S:
                said, quiet_s = version, 0.0
                await send({"type": "http.response.body", "body": b"data: %d\n\n" % version, "more_body": True})
            await asyncio.wait({gone}, timeout=LOOK_PAUSE_S)
            quiet_s += LOOK_PAUSE_S


def _is_own_host(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in OWN_NAMES
    except ValueError:
        return False
