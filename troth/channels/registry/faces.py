"""What people see of a number, at a provider."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.utils.translation import gettext

from troth.channels.cloud.checks import Check, Graph
from troth.channels.cloud.face import (
    TROUBLES,
    Face,
    read,
    read_link,
    remove_link,
    set_link,
    set_picture,
    set_pin,
    set_profile,
    set_username,
)
from troth.channels.cloud.face import Link as FaceLink
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import managing
from troth.channels.registry.connections import explain_check


def face(link: Link) -> Face:
    """Return what people see of a number. Waits as `ask` does."""
    return asyncio.run(managing(link, lambda graph: read(graph, link.number_id))) or Face(problem="no_answer")


def link_by_code(link: Link, code: str) -> FaceLink | None:
    """Return a link to a number by its code. Waits as `ask` does."""
    return asyncio.run(managing(link, lambda graph: read_link(graph, link.number_id, code)))


def change_face(link: Link, act: str, values: dict[str, Any]) -> Check:
    """Change what people see of a number: "profile", "picture", "username", "link", "unlink" or "pin". Waits as `ask` does."""
    acts: dict[str, Callable[[Graph], Awaitable[Check]]] = {
        "profile": lambda graph: set_profile(graph, link.number_id, values),
        "picture": lambda graph: set_picture(graph, link.number_id, values["handle"]),
        "username": lambda graph: set_username(graph, link.number_id, values["username"], take=values["take"]),
        "link": lambda graph: set_link(graph, link.number_id, values["greeting"], code=values.get("code", "")),
        "unlink": lambda graph: remove_link(graph, link.number_id, values["code"]),
        "pin": lambda graph: set_pin(graph, link.number_id, values["pin"]),
    }
    return asyncio.run(managing(link, acts[act])) or Check(ok=False, code="no_answer")


def explain_face(kind: str, check: Check) -> str:
    """Return why Meta did not take a change of a number's face, and what to do."""
    assert kind == ChannelKind.CLOUD
    return gettext(TROUBLES.get(check.facts.get("graph_code") or 0, "")) or explain_check(kind, check.code)
