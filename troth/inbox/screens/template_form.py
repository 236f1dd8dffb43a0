"""The form that fills a template: its fields in words, and what they begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from troth.channels.definition.reading import MEDIA, VARIABLE, Need, part_of, text_of
from troth.channels.models import MessageTemplate
from troth.contacts.masking import Veil, eyes_of, numbers_of
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.inbox.say_template import needs_for
from troth.inbox.screens.file_place import Place
from troth.workspaces.models import Membership

PREFIX = "value-"
FILE_PREFIX = "file-"  # before the key of a header whose file was chosen here
GREETING_CHARS_MAX = 24  # a variable that stands so near the beginning of a text is whom it greets
_NAMES = {"name", "first_name", "firstname", "customer_name", "customer", "client_name", "nombre", "nome", "nama"}
_PHONES = {"phone", "phone_number", "mobile", "telefono", "telefone"}


@dataclass(frozen=True)
class Field:
    """One field of the form."""

    key: str
    name: str
    label: str
    value: str
    hint: str
    kind: str
    error: str = ""
    place: Place | None = None
    file_name: str = ""


@dataclass(frozen=True)
class Known:
    """What may be put in of the person: empty where it is not known, or not for this member to see."""

    name: str
    phone: str

    @property
    def first_name(self) -> str:
        return self.name.split(" ", maxsplit=1)[0]

    @property
    def suggestions(self) -> list[str]:
        return list(dict.fromkeys(one for one in (self.name, self.first_name, self.phone) if one))


def known_of(conversation: Conversation, member: Membership) -> Known:
    """Return what the member may put in of the person."""
    contact, eyes = conversation.contact, eyes_of(member)
    numbers = () if eyes.sees_all else numbers_of([contact.pk]).get(contact.pk, ())
    veil: Veil = eyes.veil(contact.pk, numbers=numbers)
    name = str(contact.name or contact.profile_name or "")
    phone = ""
    if veil.is_open:
        rows = Identity.objects.filter(contact_id=contact.pk, kind=IdentityKind.PHONE, valid_to=None)
        phone = rows.values_list("value", flat=True).first() or ""
    return Known(name=name if veil.any(name) == name else "", phone=phone)


def fields_of(
    template: MessageTemplate,
    *,
    known: Known,
    place: Callable[[str, str], Place],
    given: dict[str, str] | None = None,
    error: tuple[str, str] = ("", ""),
) -> list[Field]:
    """Return the fields: as they were filled in, else with what is known of the person. `place` gives, by its key and kind,
    where a file is chosen."""
    body = text_of(part_of(template.components, "BODY"))
    made = []
    for need in needs_for(template):
        value = given.get(need.key, "") if given is not None else _begun(need, body, known)
        made.append(
            Field(
                key=need.key,
                name=f"{PREFIX}{need.key}",
                label=_label(need),
                value=value,
                hint=_hint(need),
                kind=need.kind,
                error=error[1] if need.key == error[0] else "",
                place=place(need.key, need.kind) if need.kind.upper() in MEDIA else None,
                file_name=f"{FILE_PREFIX}{need.key}",
            )
        )
    return made


def values_in(post: Any) -> dict[str, str]:
    """Return what was filled in, by key."""
    return {key.removeprefix(PREFIX): str(value) for key, value in post.items() if key.startswith(PREFIX)}


def chosen_in(post: Any) -> dict[str, UUID]:
    """Return the ids of the files that were chosen, by key."""
    found = {key.removeprefix(FILE_PREFIX): uuid_or_none(str(value)) for key, value in post.items()}
    return {key: id for key, id in found.items() if id is not None and f"{FILE_PREFIX}{key}" in post}


def uuid_or_none(text: str) -> UUID | None:
    """Return an id, None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _begun(need: Need, body: str, known: Known) -> str:
    name = need.name.casefold()
    if need.kind != "text":
        return ""
    if name in _NAMES:
        return known.first_name if name in {"first_name", "firstname"} else known.name
    if name in _PHONES:
        return known.phone
    first = VARIABLE.search(body)
    greets = first is not None and first[1] == need.name and first.start() <= GREETING_CHARS_MAX
    if need.key.startswith("body:") and need.name.isdecimal() and greets and _is_name(need.example):
        return known.first_name
    return ""


def _is_name(example: str) -> bool:
    return bool(example) and all(word.isalpha() and word[:1].upper() == word[:1] for word in example.split())


def _label(need: Need) -> str:
    words = {
        "text": _("Text %(name)s") if need.name.isdecimal() else "%(name)s",
        "image": _("Picture"),
        "video": _("Video"),
        "document": _("Document"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "name": _("Name of the place"),
        "address": _("Street address"),
        "suffix": _("End of the link"),
        "coupon": _("Code to copy"),
        "code": _("One-time code"),
        "expires": _("The offer ends"),
        "product": _("Product ID"),
        "products": _("Product IDs, with commas between"),
    }
    label = words[need.kind] % {"name": need.name.replace("_", " ").capitalize()}
    if need.key.startswith("header:") and need.kind == "text":
        label = _("Header: %(label)s") % {"label": label}
    if need.card is not None:
        label = _("Card %(number)s: %(label)s") % {"number": need.card + 1, "label": label}
    return label


def _hint(need: Need) -> str:
    if need.kind in ("image", "video", "document"):
        return _("WhatsApp fetches the file from there, so everybody must be able to open it. It begins with https://")
    if need.kind in ("product", "products"):
        return _("The content id that the product has in your catalogue.")
    return _("For example: %(example)s") % {"example": need.example} if need.example else ""
