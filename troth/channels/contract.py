"""What every kind of channel can say to us and we to it, in words that belong to no provider.

Adapters translate a provider's wire into these events and these outgoing messages into the wire; they never
decide anything. This file is pure: no Django, no network, no clock.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct

Raw = dict[str, Any]

MessageKind = Literal[
    "text",
    "image",
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "button",  # the answer to a template's quick reply
    "interactive",  # a button, list, form (Flow) or permission answer
    "order",
    "system",
    "unsupported",
    "template",
    "reaction",  # outgoing only: what comes in is a ReactionChanged
    "pin",  # outgoing only, in groups
]

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


class Who(Struct, frozen=True, kw_only=True):
    """A person as one wire message names them. Every way of naming may be absent; none is ever parsed for meaning.

    `phone` is digits without a plus sign, as the wire gives it; `bsuid` and `parent_bsuid` are Meta's
    business-scoped user ids, verbatim and case-sensitive; `username` is for display only and never identifies.
    """

    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    username: str | None = None
    name: str | None = None
    identity_hash: str | None = None  # changes when the person's security code changes


class Media(Struct, frozen=True, kw_only=True):
    """A file that the provider holds. `sha256` is base64 of the digest in real traffic; `size_bytes` may be unknown."""

    id: str | None = None
    mime: str | None = None
    sha256: str | None = None
    name: str | None = None
    url: str | None = None
    size_bytes: int | None = None
    animated: bool = False


class Problem(Struct, frozen=True, kw_only=True):
    """An error as the provider words it. `details` may be empty and is never shown unexplained."""

    code: int
    title: str = ""
    details: str = ""


# The parts of an address on a contact card.
ADDRESS_PARTS = ("street", "city", "state", "zip", "country", "country_code", "type")


class Content(Struct, frozen=True, kw_only=True):
    """What a bubble says. `text` is the body or caption; `data` holds the structured rest, JSON-shaped.

    `occasion` is what somebody had before their eyes when they wrote: ad {kind: "ad" | "post", id?, title?, text?,
    greeting? (what the ad let us say first), url?, ref?} and product {id, catalog_id?}.

    The shapes of `data` by kind are the contract's own:
    location {latitude, longitude, name?, address?, url?}; contacts {cards: [{name, phones: [{phone, wa_id?, type?}],
    emails: [str], org?, department?, title?, urls?: [str], addresses?: [{street?, city?, state?, zip?, country?,
    country_code?, type?}], birthday?, origin?}]}; button {payload}; interactive {type, id?, title?, description?, answer?};
    order {catalog_id, items: [{retailer_id, quantity, price, currency}]}; unsupported {type?};
    system {type, ...}.

    Outgoing only: reaction {target_id, emoji}, where no emoji takes the reaction away; pin {target_id, days?, unpin?};
    template {name, language, components?, shown? (what it reads like, kept here and never sent)}; interactive {type,
    header?, footer?} with, by type, button {buttons: [{id, title}]}, list {label, sections: [{title?, rows: [{id, title,
    description?}]}]}, cta_url {label, url}, flow {label, flow_id | flow_name, token?, mode?, action?, screen?, values?},
    and for every other type {action}, the provider's own object. A header is {type: "text", text} or {type: "image" | "video" | "document", id | url}.
    """

    kind: MessageKind
    text: str | None = None
    media: Media | None = None
    data: Raw | None = None
    occasion: Raw | None = None
    problems: tuple[Problem, ...] = ()


class Quote(Struct, frozen=True, kw_only=True):
    """What a message refers to: the message it answers, a forward. `external_id` may be unknown to us."""

    external_id: str | None = None
    author: str | None = None
    forwarded: bool = False
    frequently_forwarded: bool = False


class EventBase(Struct, frozen=True, kw_only=True):
    """The facts that all events share.

    `change` counts the body's changes from 0 in order, `field` is the provider's name for the kind of change,
    `number_id` and `account_id` route it, `at` is the instant the provider gives (UTC) or None where it gives none,
    `external_id` is the provider's id of the thing, `raw` is the piece of the body it came from.
    """

    change: int
    field: str
    number_id: str | None = None
    account_id: str | None = None
    at: datetime | None = None
    external_id: str | None = None
    raw: Raw = {}


class MessageReceived(EventBase, frozen=True, kw_only=True, tag=True):
    """Somebody wrote to us. `observed` marks traffic that another responder owns (Meta's standby)."""

    who: Who
    content: Content
    quote: Quote | None = None
    group_id: str | None = None
    observed: bool = False


class MessageEchoed(EventBase, frozen=True, kw_only=True, tag=True):
    """We wrote from somewhere else: the phone app of a shared number. `who` is the addressee.

    `status` is the provider's word in lower case, given for old messages only (a history).
    """

    who: Who
    content: Content
    quote: Quote | None = None
    group_id: str | None = None
    status: str | None = None


class StatusChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """What became of a message of ours. `status` is the wire's word, which may be one that we do not know.

    `our_id` is the id that we sent along, whatever it holds. `pricing` is the provider's object, unread.
    """

    status: str
    who: Who
    our_id: str | None = None
    problems: tuple[Problem, ...] = ()
    pricing: Raw | None = None
    conversation: Raw | None = None
    group_id: str | None = None


class ReactionChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """A reaction was set, or taken away (`emoji` is None). `target_id` is the message that it sits on."""

    who: Who
    target_id: str
    emoji: str | None
    from_us: bool = False
    group_id: str | None = None


class MessageEdited(EventBase, frozen=True, kw_only=True, tag=True):
    """A message got another text. `target_id` is the original."""

    who: Who
    target_id: str
    content: Content
    from_us: bool = False


class MessageRevoked(EventBase, frozen=True, kw_only=True, tag=True):
    """A message was deleted for everyone. `target_id` is the original."""

    who: Who
    target_id: str
    from_us: bool = False


class IdentityChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """A person is now known in another way. `before` and `after` hold only what the wire said of each.

    kind: "number" (new phone), "user_id" (new business-scoped id), "security_code" (same person, new keys),
    "address_book" (the phone app's own contact list says so; `removed` for a deletion there).
    """

    kind: Literal["number", "user_id", "security_code", "address_book"]
    before: Who
    after: Who
    text: str | None = None
    removed: bool = False


class PreferenceChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """A person stopped, resumed or signed up for marketing in WhatsApp's own screen."""

    who: Who
    category: str
    value: str
    signup_id: str | None = None


class CallChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """A call started, ended or changed. A call by the person opens the service window as a message does."""

    who: Who
    event: str
    from_us: bool = False
    duration_s: int | None = None


class TemplateChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """A template's status, quality, category or text changed. `aspect` says which.

    A change of category may be announced: `effective_at` is then the instant from which `value` will hold, and
    `reason` is "announced". `category` is the category that a change of status mentions.
    """

    aspect: Literal["status", "quality", "category", "components"]
    template_id: str | None
    name: str | None
    language: str | None
    value: str | None
    previous: str | None = None
    reason: str | None = None
    category: str | None = None
    effective_at: datetime | None = None


class ChannelChanged(EventBase, frozen=True, kw_only=True, tag=True):
    """Something about our number or account changed: quality, name, limits, restriction, alert, hand-over.

    `aspect` is a short word of ours (account, alert, review, capability, quality, name, security, username, settings,
    payment, partner, flow, group, handover, problem, ...); `value` is the provider's event or decision word and
    `detail` its further word (a restriction, a reason, a severity, the role that answers from now on). `who` is set
    where a single person is concerned. Where `number_id` is None, `display_number` (digits) may tell the number;
    `named_account_id` is the account that the event names, which can differ from the one that it was sent to.
    """

    aspect: str
    value: str | None = None
    detail: str | None = None
    who: Who | None = None
    display_number: str | None = None
    named_account_id: str | None = None
    group_id: str | None = None
    problems: tuple[Problem, ...] = ()


class HistoryChunk(EventBase, frozen=True, kw_only=True, tag=True):
    """Old messages handed over when a phone app's number was connected. They open no window and count as read."""

    phase: int | None = None
    order: int | None = None
    progress: int | None = None
    received: tuple[MessageReceived, ...] = ()
    echoed: tuple[MessageEchoed, ...] = ()
    problems: tuple[Problem, ...] = ()


class Unrecognised(EventBase, frozen=True, kw_only=True, tag=True):
    """Something that we could not read. `why` is a short code of ours, never content."""

    why: str


Event = (
    MessageReceived
    | MessageEchoed
    | StatusChanged
    | ReactionChanged
    | MessageEdited
    | MessageRevoked
    | IdentityChanged
    | PreferenceChanged
    | CallChanged
    | TemplateChanged
    | ChannelChanged
    | HistoryChunk
    | Unrecognised
)


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
