"""The sample bodies that others wrote, as bodies of a house's number."""

import json
import re
from pathlib import Path

import pytest

from sandbox.rewrite import NotAWebhook, as_number
from tests.bodies import Body, encode
from tests.live import LiveHouse

PAYLOADS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cloud-api" / "payloads"
PARTS = ("messages", "message_echoes")  # where messages stand in a value
needs_payloads = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the sample bodies are not beside the repository")


def samples() -> list[Path]:
    """Return the files that hold a body."""
    return [path for path in sorted(PAYLOADS.rglob("*.json")) if path.stem != "_signature_vectors"]


def name_of(path: Path) -> str:
    """Return the file's name without the mark at its end."""
    return re.sub(r"__[0-9a-f]{6}$", "", path.relative_to(PAYLOADS).with_suffix("").as_posix())


def bodies_for(house: LiveHouse) -> dict[str, bytes]:
    """Return all bodies by name, as the house's number would get them; what is no webhook stays as it is."""
    return {name_of(path): _rewritten(path.read_bytes(), house) for path in samples()}


def _rewritten(body: bytes, house: LiveHouse) -> bytes:
    try:
        return as_number(body, phone_number_id=house.number_id, display="60312345678", waba_id=house.account_id)
    except NotAWebhook:
        return body


def with_own_ids(bodies: dict[str, bytes]) -> dict[str, bytes]:
    """Return the bodies, with an id of its own for each message: writers of samples like to call everything by one name,
    and of two messages of one id the first to come is kept."""
    used: set[str] = set()
    return {name: _with_own_ids(body, used) for name, body in bodies.items()}


def tells_when(body: bytes) -> bool:
    """Return whether the body says when each thing in it happened. What does not, happened when it came."""
    return all(str(one.get("timestamp", "0")).isdigit() for one in _told(json.loads(body), (*PARTS, "statuses")))


def _with_own_ids(body: bytes, used: set[str]) -> bytes:
    tree = json.loads(body)
    for message in _told(tree, PARTS):
        while message.get("id") in used:
            message["id"] += "."
        used.add(str(message.get("id")))
    return encode(tree)


def _told(tree: Body, parts: tuple[str, ...]) -> list[Body]:
    values = [change.get("value", {}) for entry in tree.get("entry", []) for change in entry.get("changes", [])]
    return [one for value in values for part in parts for one in value.get(part, [])]
