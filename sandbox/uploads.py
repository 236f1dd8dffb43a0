"""The resumable upload: where handles for template headers and profile pictures come from."""

import base64
from typing import Any

from sandbox import access
from sandbox.errors import GraphError, missing_object
from sandbox.http import Request, Response, answer
from sandbox.world import World

UPLOADS_KEPT_MAX = 200
FILE_BYTES_MAX = 100 * 1024 * 1024


def begin(world: World, request: Request, app_id: str) -> Response:
    """`POST /{APP_ID}/uploads`: open a session."""
    token = access.check(world.tokens, request, scope=None, now=world.now())
    if app_id not in {token.account.app.id, "app"} or request.method != "POST":
        raise missing_object(app_id)
    parameters = request.parameters
    length = str(parameters.get("file_length", ""))
    if not length.isdigit() or not 0 < int(length) <= FILE_BYTES_MAX:
        raise GraphError(100, message="(#100) Param file_length must be a positive integer.")
    if not parameters.get("file_type"):
        raise GraphError(100, message="(#100) The parameter file_type is required.")
    session = f"upload:{world.mint.hexadecimal(40)}"
    world.uploads[session] = {"length": int(length), "type": str(parameters["file_type"]), "data": b"", "handle": None}
    while len(world.uploads) > UPLOADS_KEPT_MAX:
        world.uploads.pop(next(iter(world.uploads)))
    return answer({"id": session})


def transfer(world: World, request: Request, session: str) -> Response:
    """`POST` and `GET /upload:...`: bytes at an offset, and how many have arrived."""
    access.check(world.tokens, request, scope=None, now=world.now())
    upload = world.uploads.get(session)
    if upload is None:
        raise missing_object(session)
    if request.method == "GET":
        return answer({"id": session, "file_offset": len(upload["data"])})
    offset = request.headers.get("file_offset") or request.query.get("file_offset", "")
    if offset != str(len(upload["data"])):
        raise GraphError(100, message=f"(#100) Param file_offset must be {len(upload['data'])}.")
    if len(upload["data"]) + len(request.body) > upload["length"]:
        raise GraphError(100, message="(#100) More bytes than file_length promised.")
    upload["data"] += request.body
    return answer({"h": _handle(world, upload)})


def _handle(world: World, upload: dict[str, Any]) -> str:
    if upload["handle"] is None:
        kind = base64.b64encode(upload["type"].encode()).decode()
        upload["handle"] = f"4::{kind}:ARZ{world.mint.hexadecimal(32)}:e:{world.now()}"
    return str(upload["handle"])
