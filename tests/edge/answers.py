"""What the servers answer a device, and what they do with what it says."""

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.edge import media, protos
from tests.edge.binary import GROUP, SERVER, Id, Node, Value
from tests.edge.groups import KIND as GROUP_KIND
from tests.edge.people import Person, Typed

if TYPE_CHECKING:
    from tests.edge.connection import Connection

KEY_KIND = b"\x05"


async def answer(at: "Connection", node: Node) -> None:
    """Answer what a device says."""
    if node.tag == "iq":
        if node.get("type") in ("result", "error"):
            if node.child("pair-device-sign") is not None:
                at.tell("stream:error", {"code": "515"})
                at.end()
            return
        about = _ANSWERS.get(node.get("xmlns"), _nothing)
        children = about(at, node)
        at.tell("iq", {"from": SERVER, "type": "result", "id": node.get("id")}, *children)
        _afterwards(at, node)
    elif node.tag == "message":
        _said(at, node)
    elif node.tag == "receipt":
        ack: dict[str, Value] = {
            "class": "receipt",
            "id": node.get("id"),
            "type": node.get("type"),
            "from": node.id("to"),
        }
        at.tell("ack", ack)


def _afterwards(at: "Connection", node: Node) -> None:
    if node.get("xmlns") == "passive" and at.phone is not None and at.device is not None:
        at.tell("ib", {"from": SERVER}, Node("offline", {"count": "0"}))
        if not at.device.has_history:
            at.device.has_history = True
            for part in at.phone.history:
                at.tell_history(part)
    removed = node.child("remove-companion-device")
    if removed is not None and at.phone is not None and at.device is not None:
        at.phone.linked.pop(at.device.number, None)
        at.edge.unlinked.append(at.device.number)
        at.tell("stream:error", {"code": "401"}, Node("conflict", {"type": "device_removed"}))


def _nothing(at: "Connection", node: Node) -> list[Node]:
    return []


def _keys(at: "Connection", node: Node) -> list[Node]:
    assert at.device is not None
    if node.child("count") is not None:
        return [Node("count", {"value": str(len(at.device.once))})]
    brought = node.child("list")
    if node.get("type") == "set" and brought is not None:
        for key in brought.children:
            at.device.once.append((int.from_bytes(key.the("id").blob, "big"), key.the("value").blob))
        at.device.signed = node.the("skey", "value").blob
        at.device.signed_id = int.from_bytes(node.the("skey", "id").blob, "big")
        return []
    wanted = node.child("key")
    users = [_bundle(at, one.id("jid")) for one in wanted.children] if wanted is not None else []
    return [Node("list", {}, users)]


def _bundle(at: "Connection", id: Id) -> Node:
    ready, signature = at.edge.whose(id).device.ready()
    assert ready.once_id is not None
    return Node(
        "user",
        {"jid": id},
        [
            Node("registration", {}, ready.registration.to_bytes(4, "big")),
            Node("type", {}, KEY_KIND),
            Node("identity", {}, ready.identity),
            Node("key", {}, [Node("id", {}, ready.once_id.to_bytes(3, "big")), Node("value", {}, ready.once)]),
            Node(
                "skey",
                {},
                [
                    Node("id", {}, ready.signed_id.to_bytes(3, "big")),
                    Node("value", {}, ready.signed),
                    Node("signature", {}, signature),
                ],
            ),
        ],
    )


def _where_files_go(at: "Connection", node: Node) -> list[Node]:
    about = {"auth": "edge", "ttl": "300", "auth_ttl": "86400", "max_buckets": "12"}
    return [Node("media_conn", {**about}, [Node("host", {"hostname": media.HOST})])]


def _devices(at: "Connection", node: Node) -> list[Node]:
    """Answer who somebody is and which devices they have."""
    asked = node.the("usync")
    wanted = [one.tag for one in asked.the("query").children]
    users = []
    for user in asked.the("list").children:
        id = user.id("jid") if "jid" in user.attributes else Id(user.the("contact").blob.decode().lstrip("+"))
        users.append(Node("user", {"jid": id}, [_about(at, at.edge.knows(id), one) for one in wanted]))
    return [Node("usync", dict(asked.attributes), [Node("result"), Node("list", {}, users)])]


def _about(at: "Connection", person: Person | None, wanted: str) -> Node:
    if wanted == "devices":
        numbers = [0, *(at.phone.linked if at.phone is not None and person is at.phone else [])]
        devices = [Node("device", {"id": str(one), "key-index": str(one) if one else ""}) for one in numbers]
        return Node(
            "devices", {}, [Node("device-list", {"hash": "2:edge"}, devices), Node("key-index-list", {"ts": "1"})]
        )
    if wanted == "lid" and person is not None:
        return Node("lid", {"val": person.lid})
    if wanted == "contact":
        return Node("contact", {"type": "in" if person is not None else "out"})
    return Node(wanted)


def _no_state(at: "Connection", node: Node) -> list[Node]:
    """Answer that the phone has set nothing: no names of its address book, no archive."""
    wanted = node.the("sync").children
    about = [{"name": one.get("name"), "version": "0", "has_more_patches": "false"} for one in wanted]
    return [Node("sync", {}, [Node("collection", {**one}) for one in about])]


def _groups(at: "Connection", node: Node) -> list[Node]:
    if node.child("participating") is not None:
        return [Node("groups", {}, [at.edge.group_node(one) for one in at.edge.groups])]
    return [at.edge.group_node(node.id("to").user)]


def _linking(at: "Connection", node: Node) -> list[Node]:
    """Take the two steps of linking with a code that is typed on the phone."""
    step = node.child("link_code_companion_reg")
    if step is None:
        return []
    if step.get("stage") == "companion_hello":
        at.typed_ref = f"3@{secrets.token_urlsafe(20)}"
        at.typed = Typed("", step.the("link_code_pairing_wrapped_companion_ephemeral_pub").blob)
        reference = Node("link_code_pairing_ref", {}, at.typed_ref.encode())
        return [Node("link_code_companion_reg", {"stage": "companion_hello"}, [reference])]
    phone, typed = at.edge.types, at.typed
    assert phone is not None
    assert typed is not None
    secret = typed.secret(phone.device.identity, step.the("link_code_pairing_wrapped_key_bundle").blob)
    at.link(phone, secret)
    return []


_ANSWERS: dict[str, Callable[["Connection", Node], list[Node]]] = {
    "encrypt": _keys,
    "w:m": _where_files_go,
    "usync": _devices,
    "w:sync:app:state": _no_state,
    "w:g2": _groups,
    "md": _linking,
}


def _said(at: "Connection", node: Node) -> None:
    """Hand what a device says to whom it is for, unless the servers refuse it."""
    to = node.id("to")
    ack: dict[str, Value] = {"class": "message", "id": node.get("id"), "from": to, "t": str(int(time.time()))}
    if at.edge.refuses_messages:
        at.tell("ack", {**ack, "error": at.edge.refuses_messages})
        return
    # What is said to each comes first: in a group, that is the key to what is said to all.
    sealed = []
    for receiver in (node.child("participants") or Node("")).children:
        sealed += [(receiver.id("jid"), one) for one in receiver.children]
    for id, one in [*sealed, *((to, one) for one in node.children if one.tag == "enc")]:
        if one.get("type") == GROUP_KIND:
            _said_to_group(at, node, one)
        else:
            _said_to(at, node, id, one)
    at.tell("ack", ack)


def _said_to(at: "Connection", node: Node, id: Id, sealed: Node) -> None:
    person = at.edge.whose(id.person)
    said = at.read(person, sealed.get("type"), sealed.blob)
    if said.HasField("senderKeyDistributionMessage"):
        keys = said.senderKeyDistributionMessage
        person.given.take(keys.groupID, "", keys.axolotlSenderKeyDistributionMessage)
    elif person is not at.phone:
        at.edge.said.append((person, node.get("id"), said))


def _said_to_group(at: "Connection", node: Node, sealed: Node) -> None:
    group = node.id("to")
    assert group.server == GROUP
    for person in at.edge.groups[group.user].members:
        plain = person.given.read(str(group), "", sealed.blob)
        at.edge.said.append((person, node.get("id"), protos.e2e().Message.FromString(plain)))
