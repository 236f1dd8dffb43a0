"""Forms (Flows): the list of an account, and where the definition of one lies."""

from typing import Any

from sandbox.accounts import Account
from sandbox.errors import missing_object
from sandbox.http import Request, Response, answer
from sandbox.nodes import chosen, paged
from sandbox.world import World

PATH = "/flow_assets/"
DEFAULTS = ("id", "name", "status", "categories")
FORMS: tuple[tuple[str, str, str | None], ...] = (
    ("Book a table", "PUBLISHED", None),
    ("Ask for a price", "PUBLISHED", None),
    ("Track a parcel", "PUBLISHED", "3.0"),
    ("Not ready yet", "DRAFT", None),
)
DEFINITION: dict[str, Any] = {
    "version": "7.3",
    "routing_model": {"DONE": [], "WHEN": ["DONE"]},
    "screens": [
        {
            "id": "DONE",
            "title": "Thank you",
            "terminal": True,
            "layout": {"type": "SingleColumnLayout", "children": []},
        },
        {
            "id": "WHEN",
            "title": "When would you like to come?",
            "data": {
                "first_name": {"type": "string", "__example__": "Ana"},
                "seats": {"type": "number", "__example__": 4},
                "outside": {"type": "boolean", "__example__": True},
                "days": {"type": "array", "items": {"type": "string"}, "__example__": ["Monday"]},
            },
            "layout": {"type": "SingleColumnLayout", "children": []},
        },
    ],
}


def many(request: Request, account: Account, *, address: str) -> Response:
    """`GET /{WABA}/flows`."""
    nodes = [
        {"id": id_of(account, at), "name": name, "status": status, "categories": ["OTHER"], "data_api_version": version}
        for at, (name, status, version) in enumerate(FORMS)
    ]
    found = [chosen(node, request.query.get("fields"), DEFAULTS) for node in nodes]
    return answer(paged(found, request.query, address=address))


def assets(world: World, account: Account, flow_id: str) -> Response:
    """`GET /{FLOW_ID}/assets`."""
    if flow_id not in {id_of(account, at) for at in range(len(FORMS))}:
        raise missing_object(flow_id)
    url = f"{world.settings.own_url}{PATH}{flow_id}.json"
    return answer({"data": [{"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url}]})


def definition() -> Response:
    """The definition, for whoever has its address."""
    return answer(DEFINITION)


def id_of(account: Account, number: int) -> str:
    """Return the id of one of an account's forms."""
    return f"77{account.id[-10:]}{number}"
