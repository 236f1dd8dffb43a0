"""What a message says, whoever says it."""

from typing import Any, Literal

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
    template {name, language, components?, shown? (what it reads like), category? (both kept here and never sent)}; interactive {type,
    header?, footer?} with, by type, button {buttons: [{id, title}]}, list {label, sections: [{title?, rows: [{id, title,
    description?}]}]}, cta_url {label, url}, flow {label, flow_id | flow_name, token?, mode?, action?, screen?, values?},
    and for every other type {action}, the provider's own object. A header is {type: "text", text} or {type: "image" | "video"
    | "document", id | url, name?}. What is out of a catalogue may have names {id: name}, kept here and never sent.
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
