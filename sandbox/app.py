"""The raw ASGI application: Graph API, the bytes of media, WhatsApp Web, the control addresses and the page."""

import asyncio
import contextlib
import hmac
import time
import traceback

from sandbox import flows, signup
from sandbox.control import control
from sandbox.control_parts import Refused
from sandbox.errors import GraphError
from sandbox.graph import graph, without_version
from sandbox.http import Receive, Request, Response, Scope, Send, TooLarge, answer, read_body, respond
from sandbox.media import PATH as MEDIA_PATH
from sandbox.media_calls import download
from sandbox.messages import pause, proxy_page
from sandbox.page import Page
from sandbox.web import calls as web
from sandbox.world import World


class Application:
    """One sandbox as an ASGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.page = Page(world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        if self.page.streams(scope):
            with contextlib.suppress(asyncio.CancelledError):  # we are being stopped
                await self.page.stream(scope, receive, send)
            return
        if web.streams(scope):
            with contextlib.suppress(asyncio.CancelledError):  # whoever wanted it hung up
                await web.stream(self.world.web, scope, receive, send)
            return
        arrived_s = time.monotonic()
        try:
            response = await self.answer(Request(scope, await read_body(receive), arrived_s=arrived_s))
        except TooLarge:
            response = Response(b"Too large", status=413, content_type=b"text/plain")
        except asyncio.CancelledError:
            return  # the caller hung up while a fault kept it waiting
        await respond(send, response)

    async def answer(self, request: Request) -> Response:
        """Return the response to any request; nothing that goes wrong here may look like the product's fault."""
        try:
            if request.path.startswith("/_sandbox/"):
                return self._control(request)
            if self.page.serves(request):
                return self.page.serve(request)
            if web.serves(request.path):
                return await web.serve(self.world.web, request)
            return await self._meta(request)
        except GraphError as error:
            return Response(error.body(), status=error.http, headers=error.headers())
        except Refused as error:
            return answer({"error": str(error)}, status=error.status)
        except Exception:  # noqa: BLE001 - a fault of ours must not look like one of Meta's
            traceback.print_exc()
            return answer({"error": "The sandbox itself is broken here; see its output."}, status=500)

    async def _meta(self, request: Request) -> Response:
        trouble = self.world.trouble
        if latency_s := trouble.latency_s():
            await pause(latency_s)
        if trouble.faults.outage:
            if trouble.faults.outage_hangs:
                await pause(trouble.faults.hang_ms / 1000)
            return proxy_page(503)
        if request.path == MEDIA_PATH:
            return download(self.world, request)
        if request.path.startswith(flows.PATH):
            return flows.definition()
        path = without_version(request.path)
        if request.method == "GET" and signup.serves(path):
            return signup.serve(self.world, request, path)
        return await graph(self.world, request, path)

    def _control(self, request: Request) -> Response:
        if request.path == "/_sandbox/health":
            return answer({"ok": True})
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        by_token = hmac.compare_digest(bearer.encode(), self.world.settings.dev_token.encode())
        if not by_token and not self.page.trusts(request):
            raise Refused("Send Authorization: Bearer <TROTH_DEV_TOKEN>.", status=401)
        return control(self.world, request)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
