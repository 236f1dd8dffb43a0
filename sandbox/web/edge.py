"""All phones, and the devices that are linked to one or wait for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.ids import Mint
from sandbox.web.behaviour import Behaviour, Codes
from sandbox.web.cast import DEMO_PHONES
from sandbox.web.device import ENDED, Device
from sandbox.web.furnish import furnish
from sandbox.web.phone import WebPhone

if TYPE_CHECKING:
    from sandbox.world import World

FORGOTTEN_AFTER_MS = 10 * 60_000  # a device that nobody has heard of for so long


class Edge:
    """WhatsApp, as far as linked devices go."""

    def __init__(self, world: "World", *, epoch: int = 0) -> None:
        self._world = world
        self.mint = Mint(f"{world.settings.seed}/web", epoch=epoch)
        self.codes = Codes()
        self.outdated = False  # whether new devices are too old for it
        self.devices: dict[str, Device] = {}
        self._phones: dict[str, WebPhone] = {}

    @property
    def phones(self) -> dict[str, WebPhone]:
        """All phones; those of the demo are made when somebody first asks."""
        if not self._phones:
            for id, owner, digits, chats in DEMO_PHONES:
                self._phones[id] = WebPhone(id, owner=owner, digits=digits, behaviour=Behaviour())
                furnish(self, self._phones[id], chats)
        return self._phones

    @property
    def are_lively(self) -> bool:
        """Whether people write unless told not to."""
        return self._world.settings.customers

    @property
    def closed(self) -> bool:
        return self._world.closed

    def now_ms(self) -> int:
        return int(self._world.clock() * 1000)

    def in_ms(self, pause_ms: float) -> int:
        """Return the instant after a pause, stretched by the tempo."""
        return self.now_ms() + int(pause_ms * self._world.settings.tempo)

    def later(self, pause_ms: float, action: Callable[..., object], *arguments: object) -> None:
        """Do something after a pause, stretched by the tempo."""
        self._world.later(pause_ms / 1000, action, *arguments)

    def changed(self) -> None:
        """Let open pages look again."""
        self._world.threads.version += 1

    def message_id(self, *, by_device: bool = False) -> str:
        """Return a new id of a message."""
        return ("3EB0" if by_device else "3A") + self.mint.hexadecimal(18).upper()

    def new_lid(self) -> str:
        return str(self.mint.chance.randrange(10**14, 9 * 10**14))

    def forget_silent_devices(self) -> None:
        """Let go of devices that ended long ago, or of which nobody has heard for long."""
        before = self.now_ms() - FORGOTTEN_AFTER_MS
        for device in [one for one in self.devices.values() if one.heard_at < before]:
            del self.devices[device.id]
            device.state = ENDED
            if device.phone is not None and device in device.phone.devices:
                device.phone.devices.remove(device)

    def close(self) -> None:
        """Let nobody wait any longer."""
        for device in self.devices.values():
            device.wake()
