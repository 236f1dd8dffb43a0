"""Tickets: who may talk to which port, for a minute. The product signs them, the gateway reads them.

Pure: the clock is given. A ticket is `payload.signature`, both base64url without padding, so that it may stand where a
browser names the protocol that it wants to speak.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

import msgspec

LASTS_S = 60
AHEAD_S = 5  # how far the clock of whoever signs may be ahead
BYTES_MAX = 1_024
CONTROL = "control"


class BadTicket(Exception):
    """A ticket is forged, too old, used before, or for something else. Nobody is told which."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member` may talk to `port` until `until` (seconds since 1970), and may write there where `writes` says so. `nonce`
    makes it good for one opening."""

    port: str
    until: int
    nonce: str
    workspace: str = ""
    member: str = ""
    writes: bool = False
    owns: bool = False  # may choose conversations, save, release: whoever linked it, or an admin it was opened to


def issue(key: bytes, *, port: UUID, workspace: UUID, member: UUID, at: float, writes: bool, owns: bool) -> str:
    """Return a ticket that is good from `at` (seconds since 1970) for a minute."""
    ticket = Ticket(
        port=str(port),
        workspace=str(workspace),
        member=str(member),
        until=int(at) + LASTS_S,
        nonce=secrets.token_urlsafe(12),
        writes=writes,
        owns=owns,
    )
    return _sealed(key_of(key, ticket.port), ticket)


def issue_control(key: bytes, *, at: float) -> str:
    """Return a ticket with which the product itself speaks to the gateway."""
    ticket = Ticket(port=CONTROL, until=int(at) + LASTS_S, nonce=secrets.token_urlsafe(12))
    return _sealed(key_of(key, CONTROL), ticket)


def key_of(key: bytes, port: str) -> bytes:
    """Return the key for the tickets of one port, which is all that its process is given."""
    return hmac.digest(key, f"troth port {port}".encode(), hashlib.sha256)


def read(key: bytes, text: str, *, port: str, at: float) -> Ticket:
    """Return what a ticket says. `key` is the port's own. Raises: BadTicket."""
    if len(text) > BYTES_MAX:
        raise BadTicket
    payload, dot, signature = text.partition(".")
    try:
        body, given = _bytes(payload), _bytes(signature)
        if not dot or not hmac.compare_digest(given, hmac.digest(key, body, hashlib.sha256)):
            raise BadTicket
        ticket = msgspec.json.decode(body, type=Ticket)
    except (ValueError, msgspec.MsgspecError):
        raise BadTicket from None
    if ticket.port != port or not at <= ticket.until <= at + LASTS_S + AHEAD_S:
        raise BadTicket
    return ticket


class Used:
    """The tickets that opened something already, for as long as they would be good."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}

    def take(self, ticket: Ticket, *, at: float) -> None:
        """Use it. Raises: BadTicket, where it was used before."""
        for nonce in [nonce for nonce, until in self._until.items() if until < at]:
            del self._until[nonce]
        if ticket.nonce in self._until:
            raise BadTicket
        self._until[ticket.nonce] = ticket.until


def _sealed(key: bytes, ticket: Ticket) -> str:
    body = msgspec.json.encode(ticket)
    return f"{_text(body)}.{_text(hmac.digest(key, body, hashlib.sha256))}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
