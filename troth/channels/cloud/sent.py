"""Which keys a call to Meta may carry, and no others: what the page of sub-processors says is sent, key by key.

`**` stands for whatever the provider's own object holds that a member chose: the values of a template, the buttons of a
catalogue. Nothing about a contact is added to either by us.
"""

from collections.abc import Iterator
from typing import Any

from troth.channels.cloud.refusal import Refusal

MESSAGE = frozenset(
    {
        "messaging_product",
        "recipient_type",
        "to",
        "recipient",
        "type",
        "biz_opaque_callback_data",
        "recipient_identity_key_hash",
        "context.message_id",
        "text.body",
        "text.preview_url",
        *(f"{kind}.{key}" for kind in ("image", "video", "audio", "document", "sticker") for key in ("id", "link")),
        *(f"{kind}.caption" for kind in ("image", "video", "document")),
        "audio.voice",
        "document.filename",
        "location.latitude",
        "location.longitude",
        "location.name",
        "location.address",
        "contacts.name.formatted_name",
        "contacts.name.first_name",
        "contacts.phones.phone",
        "contacts.phones.type",
        "contacts.phones.wa_id",
        "contacts.emails.email",
        "contacts.org.company",
        "contacts.org.department",
        "contacts.org.title",
        "contacts.urls.url",
        "contacts.addresses.street",
        "contacts.addresses.city",
        "contacts.addresses.state",
        "contacts.addresses.zip",
        "contacts.addresses.country",
        "contacts.addresses.country_code",
        "contacts.addresses.type",
        "contacts.birthday",
        "reaction.message_id",
        "reaction.emoji",
        "pin.type",
        "pin.message_id",
        "pin.expiration_days",
        "interactive.type",
        "interactive.header.type",
        "interactive.header.text",
        *(f"interactive.header.{kind}.{key}" for kind in ("image", "video", "document") for key in ("id", "link")),
        "interactive.header.document.filename",
        "interactive.body.text",
        "interactive.footer.text",
        "interactive.action.**",
        "template.name",
        "template.language.code",
        "template.components.**",
    }
)
# Connecting a number: where Meta shall call us, and which kinds of news.
CONNECTING = frozenset(
    {"override_callback_uri", "verify_token", "object", "callback_url", "fields", "include_values"},
)
# Registering a number with the platform, and asking its phone app to hand over what it has.
REGISTERING = frozenset({"messaging_product", "pin"})
HANDING_OVER = frozenset({"messaging_product", "sync_type"})
# Telling somebody that what they wrote was read, and that an answer is being written.
READING = frozenset({"messaging_product", "status", "message_id", "typing_indicator.type"})
# Submitting a template: its name and what stands in it, all of it written by a member.
TEMPLATE = frozenset({"name", "language", "category", "parameter_format", "components.**"})
# Putting a template into the archive, and taking it out.
ARCHIVING = frozenset({"hsm_ids"})
# What people see of a number: what its team writes about the business.
FACE = frozenset(
    {
        "messaging_product",
        "about",
        "address",
        "description",
        "email",
        "websites",
        "vertical",
        "profile_picture_handle",
        "username",
        "transfer_action",
        "prefilled_message",
        "code",
        "pin",
    }
)

# Blocking and unblocking a person, and whether Meta tells of changed security codes.
BLOCKING = frozenset({"messaging_product", "block_users.user", "block_users.user_id"})
SETTINGS = frozenset({"user_identity_change.enable_identity_key_check"})


class NotDeclared(Refusal):
    """A call would carry a key that is not declared, so it does not leave."""

    def __init__(self) -> None:
        super().__init__("incomplete")


def checked(body: dict[str, Any], declared: frozenset[str]) -> dict[str, Any]:
    """Return the body, if it carries declared keys only. Raises: NotDeclared."""
    if any(not _covered(path, declared) for path in paths(body)):
        raise NotDeclared
    return body


def paths(value: Any, within: str = "") -> Iterator[str]:
    """Yield the path of every value in a body; what stands in a list has the path of the list."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from paths(inner, f"{within}.{key}" if within else str(key))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from paths(inner, within)
    else:
        yield within


def _covered(path: str, declared: frozenset[str]) -> bool:
    if path in declared:
        return True
    parts = path.split(".")
    return any(".".join([*parts[:size], "**"]) in declared for size in range(1, len(parts) + 1))
