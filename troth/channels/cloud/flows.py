"""An account's forms (Flows) at Meta: which are published, and with which screen one begins.

Source: Meta, "Flows API" and "Flow JSON" (read 2026-11-29): a form's definition is an asset with an address of its own,
which lives for some days and needs no token.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import Struct

from troth.base.http import Ambiguous, Client, NotSent, Refused, TooLarge
from troth.channels.cloud.checks import CallFailed, Check, Graph
from troth.channels.cloud.wire.reading import identifier, items, piece, word

FIELDS = "id,name,status,categories,data_api_version"
PAGE, PAGES_MAX = 100, 5
ANSWER_BYTES_MAX = 1024 * 1024
DEFINITION_BYTES_MAX = 2 * 1024 * 1024
TIMEOUT_S = 10.0
NAME_CHARS_MAX, VALUES_MAX = 200, 20
# What a value of a first screen may be for somebody to type it.
TYPED = ("string", "number", "integer", "boolean")


class Flow(Struct, frozen=True, kw_only=True):
    """A published form. Where `asks_us` its data come from an address of the business, and it is not opened with values."""

    id: str
    name: str
    asks_us: bool = False


class Flows(Struct, frozen=True, kw_only=True):
    """The published forms of an account."""

    check: Check
    found: tuple[Flow, ...] = ()


class Value(Struct, frozen=True, kw_only=True):
    """A value with which a screen can be opened. `kind` is string, number or boolean."""

    name: str
    kind: str
    example: str = ""


class Screen(Struct, frozen=True, kw_only=True):
    """The screen with which a form begins. `more` is whether it takes values too that nobody can type."""

    check: Check
    id: str = ""
    title: str = ""
    values: tuple[Value, ...] = ()
    more: bool = False


async def published(graph: Graph, *, account_id: str) -> Flows:
    """Return the account's published forms by name. Raises nothing that Meta or the network does."""
    found: list[Flow] = []
    after: str | None = None
    for _ in range(PAGES_MAX):
        try:
            answer = await graph.call(
                "GET", account_id, "flows", fields=FIELDS, limit=str(PAGE), after=after, max_bytes=ANSWER_BYTES_MAX
            )
        except CallFailed as failed:
            return Flows(check=failed.check())
        found += [flow for one in items(answer.get("data")) if (flow := _flow(piece(one))) is not None]
        paging = piece(answer.get("paging"))
        after = word(piece(paging.get("cursors")).get("after"), chars_max=2_000)
        if not paging.get("next") or after is None:
            break
    return Flows(check=Check(ok=True), found=tuple(sorted(found, key=lambda flow: flow.name.casefold())))


def _flow(node: dict[str, Any]) -> Flow | None:
    id, status = identifier(node.get("id")), word(node.get("status"))
    if id is None or status != "PUBLISHED":
        return None
    name = node.get("name")
    shown = name[:NAME_CHARS_MAX] if isinstance(name, str) and name.strip() else id
    return Flow(id=id, name=shown, asks_us=bool(node.get("data_api_version")))


async def first_screen(
    client: Client, graph: Graph, *, account_id: str, flow_id: str, hosts: Collection[str]
) -> Screen:
    """Return the screen with which one of the account's published forms begins; "gone" where it is none of them, since a token
    may reach other accounts' too. Its definition is fetched from these hosts only, and without the token.

    Raises nothing that Meta or the network does.
    """
    ours = await published(graph, account_id=account_id)
    if not ours.check.ok:
        return Screen(check=ours.check)
    if flow_id not in {flow.id for flow in ours.found}:
        return _no("gone")
    try:
        answer = await graph.call("GET", flow_id, "assets")
    except CallFailed as failed:
        return Screen(check=failed.check())
    assets = [piece(one) for one in items(answer.get("data"))]
    url = next((one.get("download_url") for one in assets if one.get("asset_type") == "FLOW_JSON"), None)
    if not isinstance(url, str):
        return _no("unreadable")
    try:
        response = await client.request("GET", url, timeout_s=TIMEOUT_S, max_bytes=DEFINITION_BYTES_MAX, allow=hosts)
        definition = msgspec.json.decode(response.body) if response.status == 200 else None
    except (NotSent, Ambiguous):
        return _no("no_answer")
    except Refused:
        return _no("address_refused")
    except (TooLarge, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _no("unreadable")
    return screen_in(definition)


def screen_in(definition: Any) -> Screen:
    """Return the first screen of a definition: the one to which no other leads, else the one that stands first."""
    screens = [screen for one in items(piece(definition).get("screens")) if (screen := piece(one)).get("id")]
    if not screens:
        return _no("unreadable")
    routes = piece(piece(definition).get("routing_model"))
    reached = {str(to) for ways in routes.values() for to in items(ways)}
    first = next((one for one in screens if routes and str(one["id"]) not in reached), screens[0])
    values = [_value(str(name), piece(facts)) for name, facts in piece(first.get("data")).items()]
    known = [value for value in values if value is not None][:VALUES_MAX]
    title = first.get("title")
    return Screen(
        check=Check(ok=True),
        id=str(first["id"])[:NAME_CHARS_MAX],
        title=title[:NAME_CHARS_MAX] if isinstance(title, str) else "",
        values=tuple(known),
        more=len(known) < len(values),
    )


def _value(name: str, facts: dict[str, Any]) -> Value | None:
    kind, example = facts.get("type"), facts.get("__example__")
    if kind not in TYPED or len(name) > NAME_CHARS_MAX:
        return None
    shown = str(example)[:NAME_CHARS_MAX] if isinstance(example, str | int | float) else ""
    return Value(name=name, kind="number" if kind == "integer" else str(kind), example=shown)


def _no(code: str) -> Screen:
    return Screen(check=Check(ok=False, code=code))
