"""Two versions of the Graph API side by side: the calls that we make, each asked in both, and what differs in the answers.

Only reading calls are made, but for a message where somebody asked for one. Of the answers only the shape is compared and
told (keys, kinds of values), never what stands in them.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from troth.channels.cloud import checks, face, flows, health, templates
from troth.channels.cloud.build import body_for
from troth.channels.cloud.checks import CallFailed, Graph
from troth.channels.cloud.sent import MESSAGE
from troth.channels.contract import Content, Outbound

WORDS = {
    str: "text",
    bool: "yes or no",
    int: "number",
    float: "number",
    dict: "object",
    list: "list",
    type(None): "none",
}
Answer = dict[str, Any]


class Call(Struct, frozen=True, kw_only=True):
    """One call that we make. `fields` are asked for by name; `reads` are the keys that we read of what comes unasked."""

    name: str
    path: tuple[str, ...]
    fields: str = ""
    reads: tuple[str, ...] = ()
    as_app: bool = False


class Difference(Struct, frozen=True, kw_only=True):
    """What differs in the answers to one call. `refused` is the code with which the new version refuses it altogether.

    `gone` are keys that we read and the new version does not have, `changed` those whose values are of another kind;
    `also_gone` and `also_new` are keys that we do not read. `unasked` is why the old version could not be asked.
    """

    name: str
    unasked: str = ""
    refused: str = ""
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    also_gone: tuple[str, ...] = ()
    also_new: tuple[str, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether something of ours would not work as it does."""
        return bool(self.refused or self.gone or self.changed)


def calls_of(*, number_id: str, account_id: str, app_id: str) -> list[Call]:
    """Return the reading calls that we make about a number, its account and its app."""
    paged = ("data",)
    return [
        Call(name="the number", path=(number_id,), fields=health.NUMBER_FIELDS),
        Call(name="the number's health", path=(number_id,), fields=health.HEALTH_FIELDS),
        Call(name="the account", path=(account_id,), fields=health.ACCOUNT_FIELDS),
        Call(
            name="the account's numbers", path=(account_id, "phone_numbers"), fields=checks.NUMBER_FIELDS, reads=paged
        ),
        Call(name="the account's subscription", path=(account_id, "subscribed_apps"), reads=paged),
        Call(
            name="the account's templates", path=(account_id, "message_templates"), fields=templates.FIELDS, reads=paged
        ),
        Call(name="the number's settings", path=(number_id, "settings"), reads=("storage_configuration",)),
        Call(
            name="the number's profile", path=(number_id, "whatsapp_business_profile"), fields=face.FIELDS, reads=paged
        ),
        Call(name="the number's user name", path=(number_id, "username"), reads=("username", "status")),
        Call(name="the account's forms", path=(account_id, "flows"), fields=flows.FIELDS, reads=paged),
        Call(name="the number's links", path=(number_id, "message_qrdls"), reads=paged),
        Call(name="whom the number has blocked", path=(number_id, "block_users"), reads=paged),
        Call(name="the app's subscription", path=(app_id, "subscriptions"), reads=paged, as_app=True),
    ]


async def compare(
    calls: list[Call], *, old: Callable[[Call], Graph], new: Callable[[Call], Graph], send_to: str = ""
) -> list[Difference]:
    """Ask every call in both versions and return what differs. With `send_to` (E.164), one text is sent in the new one."""
    found = [await _one(call, old(call), new(call)) for call in calls]
    if send_to:
        found.append(await _send(calls[0], new(calls[0]), send_to))
    return found


async def _one(call: Call, old: Graph, new: Graph) -> Difference:
    try:
        before = await _ask(call, old)
    except CallFailed as failed:
        return Difference(name=call.name, unasked=_said(failed))
    try:
        after = await _ask(call, new)
    except CallFailed as failed:
        gone = await _gone(call, new)
        return Difference(name=call.name, gone=gone) if gone else Difference(name=call.name, refused=_said(failed))
    return _compared(call, before, after)


async def _ask(call: Call, graph: Graph, *, fields: str | None = None) -> Answer:
    return await graph.call("GET", *call.path, fields=fields or call.fields or None, max_bytes=templates.PAGE_BYTES_MAX)


async def _gone(call: Call, graph: Graph) -> tuple[str, ...]:
    """Return those of the fields that the version does not know: asked one by one, since one refuses them all."""
    gone = []
    for name in filter(None, call.fields.split(",")):
        try:
            await _ask(call, graph, fields=name)
        except CallFailed:
            gone.append(name)
    return tuple(gone) if len(gone) < len(call.fields.split(",")) else ()


def _compared(call: Call, before: Answer, after: Answer) -> Difference:
    was, is_now = dict(_shape(before)), dict(_shape(after))
    ours = {*call.fields.split(","), *call.reads}
    missing = sorted(set(was) - set(is_now))
    changed = [
        f"{key}: {was[key]}, then {is_now[key]}" for key in sorted(set(was) & set(is_now)) if _differ(was, is_now, key)
    ]
    return Difference(
        name=call.name,
        gone=tuple(key for key in missing if _is_ours(key, ours)),
        changed=tuple(changed),
        also_gone=tuple(key for key in missing if not _is_ours(key, ours)),
        also_new=tuple(sorted(set(is_now) - set(was))),
    )


def _differ(was: dict[str, str], is_now: dict[str, str], key: str) -> bool:
    return was[key] != is_now[key] and "none" not in (was[key], is_now[key])


def _is_ours(key: str, ours: set[str]) -> bool:
    return any(part in ours for part in key.replace("[]", "").split("."))


def _shape(value: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path of every key with the kind of its value; things of a list share a path."""
    if within:
        yield within, WORDS.get(type(value), type(value).__name__)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _shape(inner, f"{within}.{key}" if within else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _shape(inner, f"{within}[]")


async def _send(call: Call, graph: Graph, to: str) -> Difference:
    """Send one text and see that the answer says what we read of it."""
    name = "a message"
    said = Content(kind="text", text="This is a test of a new version of WhatsApp's platform.")
    body = body_for(Outbound(our_id=UUID(int=0), content=said, phone=to))
    try:
        answer = await graph.call("POST", call.path[0], "messages", body=body, declared=MESSAGE)
    except CallFailed as failed:
        return Difference(name=name, refused=_said(failed))
    keys = {key for key, _kind in _shape(answer)}
    return Difference(name=name, gone=tuple(key for key in ("messages[].id", "contacts[].input") if key not in keys))


def _said(failed: CallFailed) -> str:
    error = failed.error
    return f"{failed.code} ({error.code})" if error is not None and error.code is not None else failed.code
