"""What leaves, what becomes of it, and what an adapter has to be able to do."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from troth.channels.contract.content import Content, Who
from troth.channels.contract.events import Event

Status = Literal["sent", "delivered", "read", "played", "failed"]

# Our own codes, for what a provider has no number for.
UNADDRESSED = -1  # nobody to send to
NOT_SUPPORTED = -2  # the channel cannot say this
UNREACHED = -3  # nothing left this machine
ADDRESS_REFUSED = -4  # we may not call the provider's address from here
NO_REASON = -5  # refused without a number
NO_ANSWER = -6  # it may or may not have been taken
NOT_ARRIVED = -7  # a person found out that it did not arrive
FILE_LOST = -9  # the file of the message is not here any more
FILE_REFUSED = -10  # the file is not what it seemed to be
NOT_WANTED = -8  # before it left, whom it was for asked to be forgotten or left alone, or the workspace was closed

# What refusals tell of a person, in whatever number a provider has for it.
PersonFact = Literal["code_changed", "no_marketing", "blocked"]


class Outbound(Struct, frozen=True, kw_only=True):
    """One message that is to leave. Exactly one of `phone` (E.164 with plus), `bsuid` and `group_id` is set.

    `our_id` travels with the message and comes back in its statuses. With an `identity_hash`, the provider delivers only
    while the person's security code is still that one. `content.data` holds the wire-free shapes above.
    """

    our_id: UUID
    content: Content
    phone: str | None = None
    bsuid: str | None = None
    group_id: str | None = None
    quoted_id: str | None = None
    preview_links: bool = False
    identity_hash: str | None = None


class Accepted(Struct, frozen=True, kw_only=True):
    """The provider took the message: accepted, not delivered. `held` when it waits for a quality check."""

    external_id: str
    who: Who
    held: bool = False


class Forged(Exception):
    """The delivery was not signed by a secret that we know."""


class Unsupported(Exception):
    """This channel cannot say that."""


class SendError(Exception):
    """A message was not taken.

    `code` is the provider's number, or one of ours where it gave none; `retryable` whether the same message may be offered again
    by itself; `retry_after_s` how long to wait at least; `scope` what has to wait: this message, everything to this
    person, everything from this number, or everything of this account; `uncertain` whether it may have left after all;
    `user_text` what happened and what to do, in words for a person (translatable, without personal data);
    `window_closed` whether it was refused because the service window has closed.
    Of several tries in a row, the n-th waits `retry_after_s` times `retry_growth` to the power of n - 1.
    """

    def __init__(
        self,
        code: int,
        *,
        retryable: bool,
        user_text: str,
        retry_after_s: float | None = None,
        retry_growth: float = 1.0,
        attempts_max: int = 1,
        scope: Literal["message", "pair", "number", "account"] = "message",
        uncertain: bool = False,
        window_closed: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.user_text = user_text
        self.retry_after_s = retry_after_s
        self.retry_growth = retry_growth
        self.attempts_max = attempts_max
        self.scope = scope
        self.uncertain = uncertain
        self.window_closed = window_closed


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a kind of channel can do. `window_s` is the service window in seconds, None where there is none."""

    stored: bool
    window_s: int | None
    kinds: frozenset[str]
    text_max: int
    templates: bool


class Adapter(Protocol):
    """A kind of channel's translator. Everything but `send` is pure."""

    capabilities: Capabilities

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes]) -> int:
        """Return which of the secrets signed these raw bytes. Raises: Forged."""
        ...

    def parse(self, body: bytes) -> list[Event]:
        """Return all that the body says, in its order. Never raises: what it cannot read becomes Unrecognised."""
        ...

    async def send(self, message: Outbound) -> Accepted:
        """Offer one message to the provider once. Raises: SendError, Unsupported."""
        ...
