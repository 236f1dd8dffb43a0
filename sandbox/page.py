"""The page where a person plays the customer."""

from sandbox.http import Receive, Request, Response, Scope, Send
from sandbox.world import World


class Page:
    def __init__(self, world: World) -> None:
        self.world = world

    def streams(self, scope: Scope) -> bool:
        return False

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError

    def serves(self, request: Request) -> bool:
        return False

    def serve(self, request: Request) -> Response:
        raise NotImplementedError

    def trusts(self, request: Request) -> bool:
        return False
