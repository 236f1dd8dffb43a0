"""Which id somebody goes by: the LID once that is known, else the phone's. Devices of one person are one person.

Pure. An id is `user@server`; the library gives them as such text, or in parts.
"""

from typing import Any

PHONE, LID, GROUP = "s.whatsapp.net", "lid", "g.us"
_SAME = {"c.us": PHONE, "hosted": PHONE, "hosted.lid": LID}


class Ids:
    """What is known of who is who."""

    def __init__(self) -> None:
        self.mine: set[str] = set()
        self._lid_of: dict[str, str] = {}
        self._phone_of: dict[str, str] = {}
        self._called: set[str] = set()  # phones' ids that were told as somebody's id

    def id_of(self, jid: Any) -> str:
        """Return the id that is told for a text or for a JID in parts; empty where there is none."""
        plain = plain_id(jid)
        known = self._lid_of.get(plain, plain)
        if known.endswith(f"@{PHONE}"):
            self._called.add(known)
        return known

    def learn(self, one: Any, other: Any) -> str | None:
        """Take that two ids are one person's. Return the phone's id where somebody was told by it so far."""
        first, second = plain_id(one), plain_id(other)
        if first.endswith(f"@{PHONE}"):
            first, second = second, first
        if not first.endswith(f"@{LID}") or not second.endswith(f"@{PHONE}") or self._lid_of.get(second) == first:
            return None
        self._lid_of[second], self._phone_of[first] = first, second
        if self.mine & {first, second}:
            self.mine |= {first, second}
        if second not in self._called:
            return None
        self._called.discard(second)
        return second

    def phone_of(self, id: str) -> str:
        """Return the phone of an id as +digits, empty where it is hidden."""
        user, _at, server = self._phone_of.get(id, id).partition("@")
        return f"+{user}" if server == PHONE and user.isdigit() else ""

    def is_mine(self, id: str) -> bool:
        """Return whether an id is the linked phone's own."""
        return id in self.mine


def plain_id(jid: Any) -> str:
    """Return `user@server` without the device; empty where there is no user."""
    if isinstance(jid, str):
        user, _at, server = jid.partition("@")
    else:
        user, server = jid.User, jid.Server
    user = user.partition(":")[0].partition(".")[0] if server != GROUP else user
    return f"{user}@{_SAME.get(server, server)}" if user and server else ""


def is_group(id: str) -> bool:
    """Return whether an id is a group's."""
    return id.endswith(f"@{GROUP}")


def is_conversation(id: str) -> bool:
    """Return whether an id is a person's or a group's: no status, no channel, no broadcast list, not WhatsApp's own."""
    user, _at, server = id.partition("@")
    return server in (PHONE, LID, GROUP) and user not in ("", "0")
