"""One device that is connected: how it comes in, what it says, what it is told."""

import asyncio
import contextlib
import secrets
import time
import zlib
from typing import TYPE_CHECKING, Any

from tests.edge import answers, media, noise, protos
from tests.edge.binary import GROUP, SERVER, Id, Node, Value, read, written
from tests.edge.frames import Frames
from tests.edge.people import Linked, Person, Phone, Scanned, Typed

if TYPE_CHECKING:
    from tests.edge.edge import Edge

REFS = 6
LINKED = "515"  # what the server ends a connection with so that a linked device comes again


class Connection:
    """A device that is connected."""

    def __init__(self, edge: "Edge", frames: Frames) -> None:
        self.edge, self.frames = edge, frames
        self.heard: list[Node] = []
        self.payload: Any = None
        self.refs: list[str] = []
        self.phone: Phone | None = None
        self.device: Linked | None = None
        self.is_in = False
        self.typed: Typed | None = None
        self.typed_ref = ""
        self._noise = b""
        self._sealed: noise.Sealed | None = None

    async def live(self) -> None:
        """Greet, let in or not, and answer until it goes."""
        await self._greet()
        self.edge.connections.append(self)
        try:
            if self.edge.refuses_all:
                self.tell("failure", self.edge.refuses_all)
                self.end()
            elif self.payload.HasField("devicePairingData"):
                self._offer_codes()
            else:
                self._let_in()
            self.edge.notice()
            while True:
                assert self._sealed is not None
                node = read(self._sealed.open(await self.frames.frame()))
                self.heard.append(node)
                await answers.answer(self, node)
                self.edge.notice()
        finally:
            self.is_in = False
            self.edge.connections.remove(self)
            self.edge.notice()

    def tell(self, tag: str, attributes: dict[str, Value], *children: Node) -> None:
        """Send a node."""
        assert self._sealed is not None
        node = Node(tag, attributes, list(children) if children else None)
        self.frames.send(self._sealed.seal(written(node)))

    async def _greet(self) -> None:
        header = await self.frames.take(4)
        if header[:2] == b"ED":  # where it was routed before
            length = int.from_bytes(header[3:] + await self.frames.take(2), "big")
            await self.frames.take(length)
            header = await self.frames.take(4)
        words = protos.handshake().HandshakeMessage
        hello = words.FromString(await self.frames.frame()).clientHello.ephemeral
        server, certificate = self.edge.noise.server, self.edge.noise.certificate(int(time.time()))
        greeting, passing, key, vouched = noise.greet(header, hello, server, certificate)
        answer = words()
        answer.serverHello.ephemeral, answer.serverHello.static, answer.serverHello.payload = (
            passing.public,
            key,
            vouched,
        )
        self.frames.send(answer.SerializeToString())
        last = words.FromString(await self.frames.frame()).clientFinish
        self._noise = greeting.unlock(last.static)
        greeting.mix(passing.agree(self._noise))
        self.payload = protos.handshake().ClientPayload.FromString(greeting.unlock(last.payload))
        self._sealed = noise.Sealed(*greeting.keys())

    # Linking.

    def _offer_codes(self) -> None:
        self.refs = [f"2@{secrets.token_urlsafe(40)}" for _each in range(REFS)]
        refs = [Node("ref", {}, one.encode()) for one in self.refs]
        self.tell("iq", {"from": SERVER, "type": "set", "id": "codes", "xmlns": "md"}, Node("pair-device", {}, refs))

    def link(self, phone: Phone, secret: bytes) -> None:
        """Let a phone link this device."""
        device = phone.adopt(self.payload, self._noise)
        jid, lid = (Id(one.user, one.server, device.number) for one in phone.ids)
        self.phone, self.device = phone, device
        success = [
            Node("device-identity", {}, phone.vouch(device, secret, int(time.time()))),
            Node("biz", {"name": ""}),
            Node("device", {"jid": jid, "lid": lid}),
            Node("platform", {"name": "android"}),
        ]
        self.tell(
            "iq",
            {"from": SERVER, "type": "set", "id": "linked", "xmlns": "md", "t": _now()},
            Node("pair-success", {}, success),
        )

    def scanned(self, phone: Phone, code: Scanned) -> None:
        """Let a phone scan a code of this device."""
        assert code.ref in self.refs
        assert code.identity == self.payload.devicePairingData.eIdent
        self.link(phone, code.secret)

    def _let_in(self) -> None:
        phone = self.edge.phones.get(Id(str(self.payload.username)))
        device = phone.linked.get(self.payload.device) if phone else None
        if self.edge.refuses:
            self.tell("failure", self.edge.refuses)
        elif phone is None or device is None or device.noise != self._noise:
            self.tell("failure", {"reason": "401", "location": "lla"})
        else:
            self.phone, self.device, self.is_in = phone, device, True
            lid = Id(phone.lid.user, phone.lid.server, device.number)
            self.tell("success", {"t": _now(), "lid": lid, "location": "lla", "creation": "1"})
            return
        self.end()

    # What it is told.

    def end(self) -> None:
        """Close the connection once what was said is out."""
        asyncio.get_running_loop().call_later(0.05, self.frames.close)

    def deliver(self, sender: Person, said: Any, *, group: str = "", id: str = "", at: int = 0, **more: Value) -> str:
        """Let somebody, or the phone itself, write to this device. Return the message's id."""
        assert self.phone is not None
        assert self.device is not None
        id = id or f"3EB0{secrets.token_hex(8).upper()}"
        kind, data = sender.device.write(self._address, said.SerializeToString(), self.device.ready())
        origin: dict[str, Value] = {"from": sender.lid, "sender_pn": sender.phone, "addressing_mode": "lid"}
        if sender is self.phone:
            origin = {"from": sender.phone}
        elif group:
            origin = {"from": Id(group, GROUP), "participant": sender.lid, "participant_pn": sender.phone}
            origin |= {"addressing_mode": "lid"}
        about = {"id": id, "t": str(at or _now()), "type": "text", "notify": sender.name, **origin, **more}
        self.tell("message", about, Node("enc", {"v": "2", "type": kind}, data))
        return id

    def tell_history(self, part: Any) -> None:
        """Tell a part of the past: its file is fetched, its address comes as a message of the phone's."""
        assert self.phone is not None
        said = protos.e2e().Message()
        said.protocolMessage.type = said.protocolMessage.HISTORY_SYNC_NOTIFICATION
        notice = said.protocolMessage.historySyncNotification
        notice.syncType, notice.chunkOrder, notice.progress = part.syncType, part.chunkOrder, part.progress
        self.edge.media.keep(zlib.compress(part.SerializeToString()), media.PAST).tell(notice)
        self.deliver(self.phone, said, category="peer")

    @property
    def _address(self) -> str:
        assert self.phone is not None
        assert self.device is not None
        return f"{self.phone.phone}:{self.device.number}"

    def read(self, reader: Person, kind: str, data: bytes) -> Any:
        """Return what this device wrote to somebody."""
        return protos.e2e().Message.FromString(reader.device.read(self._address, kind, data))

    def drop(self) -> None:
        """Lose the connection."""
        with contextlib.suppress(ConnectionError):
            self.frames.close()


def _now() -> str:
    return str(int(time.time()))
