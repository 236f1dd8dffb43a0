"""What a provider tells us: people wrote, statuses changed, something about a number is new."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from troth.channels.contract.content import Content, Problem, Quote, Raw, Who


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
