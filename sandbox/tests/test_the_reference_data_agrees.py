"""The project's collected request bodies, where they are at hand: what others send is what we take."""

import json
from pathlib import Path
from typing import Any

from sandbox.errors import GraphError
from sandbox.rules.content import MEDIA_KEYS
from sandbox.rules.envelope import check_read, check_send
from sandbox.rules.interactive import RULES
from sandbox.tests.test_sends_are_checked_as_strictly_as_meta_does import GOOD

# Samples that are wrong as they stand: a list without `type`, and an order that nests its parts one level too deep.
FAULTY = {"055", "091"}
PLACEHOLDERS = {
    "to": "+447700900123",
    **{f"{kind}.id": "1234567890" for kind in MEDIA_KEYS},
    "emoji": "\U0001f44d",
    "birthday": "1990-01-31",
    "latitude": "3.1",
    "longitude": "101.7",
    "code": "en_US",
    "type": "text",
    "link": "https://example.org/a",
    "url": "https://example.org/a",
    "reference_id": "A-1",
}
# Names for carousels that the derived schema has and the platform's page on sends does not.
OTHER_NAMES = {"media_carousel", "product_carousel"}


def bodies(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted((folder / "outgoing_requests").rglob("*.json")):
        stored = json.loads(path.read_text())
        if stored["url"].endswith("/messages") and isinstance(stored.get("body"), dict):
            found.append((path.name, stored["body"]))
    return found


def filled(value: Any, key: str = "") -> Any:
    """Put values where the samples have placeholders."""
    if isinstance(value, dict):
        return {name: filled(item, f"{key}.id" if name == "id" else name) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, key) for item in value]
    placeholder = isinstance(value, str) and (
        value.startswith(("<", "{{", "http(s)", "unique-", "same-")) or "-and-" in value
    )
    return PLACEHOLDERS.get(key, value) if placeholder else value


def test_the_collected_sends_are_well_formed_for_us_too(shared_data: Path) -> None:
    refused = {}
    for name, body in bodies(shared_data):
        try:
            if "status" in body:
                check_read(body)
            else:
                check_send(filled(body))
        except GraphError as error:
            refused[name] = (error.message, error.details)
    assert {name[:3] for name in refused} == FAULTY, refused


def test_we_know_the_kinds_that_the_derived_schema_knows(shared_data: Path) -> None:
    schema = json.loads((shared_data / "outgoing_message.schema.json").read_text())
    kinds = set(schema["$defs"]["OutgoingMessage"]["else"]["properties"]["type"]["enum"])
    interactive = set(schema["$defs"]["InteractiveObject"]["properties"]["type"]["enum"])
    assert {body.get("type", "text") for body in GOOD.values()} <= kinds
    assert set(RULES) == interactive - OTHER_NAMES
