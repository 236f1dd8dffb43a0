"""A phone: whose it is, what it holds, and which devices are linked to it."""

from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.web.behaviour import Behaviour
from sandbox.web.chats import Bubble, Chat, Kept, Somebody
from sandbox.web.device import Device, Told
from sandbox.web.refusal import No

ACTS_MAX = 10_000


class WebPhone:
    """One phone."""

    def __init__(self, id: str, *, owner: str, digits: str, behaviour: Behaviour) -> None:
        self.id, self.owner, self.digits, self.behaviour = id, owner, digits, behaviour
        self.people: list[Somebody] = []
        self.chats: list[Chat] = []
        self.files: dict[str, Kept] = {}
        self.devices: list[Device] = []
        self.acts: deque[Told] = deque(maxlen=ACTS_MAX)  # what its devices did
        self.sent: dict[str, Bubble] = {}  # by the device's own id for the request
        self.locked_until = 0  # until then nobody is written to first
        self.refuses_next = 0  # so many sends, whoever they are for

    def chat(self, wanted: Any) -> Chat:
        """Return the conversation meant. Raises: No."""
        for one in self.chats:
            if one.is_meant(str(wanted)):
                return one
        raise No("no_such_chat", f"{self.owner}'s phone has no conversation {wanted}.", status=404)

    def bubble(self, chat: Chat, id: Any) -> Bubble:
        """Return the message meant. Raises: No."""
        if (found := chat.find(str(id))) is None:
            raise No("no_such_message", f"There is no message {id} in {chat.shown}.", status=404)
        return found

    def tell(self, make: Callable[[Device], Told], *, but: Device | None = None) -> None:
        """Tell every linked device, each in the ids that it knows."""
        for device in self.devices:
            if device is not but:
                device.tell(make(device))

    def note(self, what: str, **facts: Any) -> None:
        """Remember what a device did, for those who want to know what reached the phone."""
        self.acts.append({"do": what, **facts})
