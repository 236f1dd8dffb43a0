"""Blocking people at Meta: a call may do a part of what was asked, and says which.

Source: Meta, "Cloud API: block users" (read 2026-11-29).
"""

from typing import Any

from msgspec import Struct

from troth.channels.cloud.checks import CallFailed, Graph
from troth.channels.cloud.sent import BLOCKING
from troth.channels.cloud.wire.reading import identifier, items, piece

PARTLY = 139100
LIST_FULL = 139101
PAGES_MAX = 640  # 64,000 people at most, a hundred a page


class Blocked(Struct, frozen=True, kw_only=True):
    """What became of a change of blocks. `done` and `refused` hold people as they were named in the call.

    `code` is "ok", "partly", or why nothing was done: a code whose words stand in `words.CHECKS` or `words.BLOCKS`.
    """

    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    code: str = "ok"


class BlockList(Struct, frozen=True, kw_only=True):
    """Everybody whom a number has blocked: numbers as digits, or ids. `code` is not "ok" where Meta did not say."""

    phones: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    code: str = "ok"


async def change(graph: Graph, *, number_id: str, people: list[str], block: bool) -> Blocked:
    """Block these people (numbers with a plus, or ids) for a number, or end that."""
    users = [{"user": one} if one.startswith("+") else {"user_id": one} for one in people]
    body: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": users}
    try:
        answer = await graph.call("POST" if block else "DELETE", number_id, "block_users", body=body, declared=BLOCKING)
    except CallFailed as failed:
        graph_code = failed.error.code if failed.error else None
        if graph_code == PARTLY:
            return _outcome(failed.answer, code="partly")
        return Blocked(code="block_list_full" if graph_code == LIST_FULL else failed.code)
    return _outcome(answer, code="ok")


async def listed(graph: Graph, *, number_id: str) -> BlockList:
    """Return whom a number has blocked, as Meta says now."""
    phones: list[str] = []
    ids: list[str] = []
    after: str | None = None
    for _page in range(PAGES_MAX):
        try:
            answer = await graph.call("GET", number_id, "block_users", limit="100", after=after)
        except CallFailed as failed:
            return BlockList(code=failed.code)
        for one in map(piece, items(answer.get("data"))):
            if (wa_id := identifier(one.get("wa_id"))) is not None:
                phones.append(wa_id)
            elif (user_id := identifier(one.get("user_id"))) is not None:
                ids.append(user_id)
        paging = piece(answer.get("paging"))
        after = identifier(piece(paging.get("cursors")).get("after")) if paging.get("next") else None
        if after is None:
            break
    return BlockList(phones=tuple(phones), ids=tuple(ids))


def _outcome(answer: dict[str, Any], *, code: str) -> Blocked:
    part = piece(answer.get("block_users"))
    done = items(part.get("added_users")) or items(part.get("removed_users"))
    return Blocked(done=_named(done), refused=_named(items(part.get("failed_users"))), code=code)


def _named(found: list[Any]) -> tuple[str, ...]:
    return tuple(name for one in found if (name := identifier(piece(one).get("input"))) is not None)
