"""Saying something with a template: which may be said to somebody, what it would read like, and writing it into the outbox.

A template may be sent after the window has closed. What is kept with the message is what was really sent, values and all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.contract import Content
from troth.channels.definition import BadValue, components_for, edition, needs_of, obstacle_of, shown
from troth.channels.definition.reading import MEDIA, Need, shows_products
from troth.channels.definition.sending import UPLOADED, is_named
from troth.channels.markets import country_of
from troth.channels.models import MessageTemplate
from troth.channels.models.template import SENDABLE
from troth.contacts.consents import refuses_marketing
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.files import drafting
from troth.inbox.files.preparing import CannotTake
from troth.inbox.folding import answers_in
from troth.inbox.heads import head_of
from troth.inbox.models import Attachment, Conversation, Message
from troth.inbox.outbox import CannotSend, carry, must_reach, queue, said_before
from troth.workspaces.models import Membership

READ_MAX = 1_000  # templates of one account that are searched
SHOWN_MAX = 60


@dataclass(frozen=True)
class Choice:
    """A template that may be chosen. `why_not` says what keeps it from being sent, empty where nothing does."""

    template: MessageTemplate
    look: dict[str, Any]
    why_not: str


@dataclass(frozen=True)
class Reach:
    """What may be sent to somebody: `no_marketing` is what keeps marketing from them in words, empty where nothing does."""

    no_marketing: str
    has_phone: bool
    has_catalog: bool


class BadTemplateValue(CannotSend):
    """A value is missing or not as WhatsApp takes it; `key` says which."""

    def __init__(self, key: str, user_text: str) -> None:
        super().__init__(user_text)
        self.key = key


def must_be_possible(conversation: Conversation) -> None:
    """Raises: CannotSend, where no template at all may be sent here."""
    must_reach(conversation)
    if conversation.contact.is_group:
        raise CannotSend(_("WhatsApp takes no templates in groups."))


def choices(conversation: Conversation, *, words: str = "") -> tuple[list[Choice], bool]:
    """Return the approved templates in which all these words stand, by name; and whether there are more."""
    return offered(conversation.channel.account_id, reach_of(conversation), words=words)


def offered(account_id: str, reach: Reach, *, words: str = "") -> tuple[list[Choice], bool]:
    """Return what `choices` does, of an account and for whoever can be reached so."""
    wanted = words.casefold().split()
    found: list[Choice] = []
    for template in _approved(account_id)[:READ_MAX]:
        look = shown(template.components, {}, category=template.category)
        text = f"{template.name} {template.language} {look.get('body', '')}".casefold()
        if all(word in text or word.replace(" ", "_") in text for word in wanted):
            found.append(Choice(template, look, why_not(template, reach)))
    return found[:SHOWN_MAX], len(found) > SHOWN_MAX


def choice(conversation: Conversation, template_id: UUID) -> Choice | None:
    """Return one approved template of the conversation's account, None where it is not one."""
    template = _approved(conversation.channel.account_id).filter(pk=template_id).first()
    if template is None:
        return None
    look = shown(template.components, {}, category=template.category)
    return Choice(template, look, why_not(template, reach_of(conversation)))


def why_not(template: MessageTemplate, person: Reach) -> str:
    """Return what keeps an approved template from being sent to somebody, in words."""
    if not isinstance(template.components, list):
        return _("Its text has not been read from WhatsApp yet. Try again in a minute.")
    if not person.has_phone and template.category == "AUTHENTICATION":
        return _("Codes for signing in go to phone numbers only, and WhatsApp does not tell this person's.")
    if person.no_marketing and template.category == "MARKETING":
        return person.no_marketing
    if shows_products(template.components) and not person.has_catalog:
        return _("No catalogue is linked to this number. An admin can do that on the number's page.")
    texts = {
        "order": _("It asks for a payment, which cannot be filled in here yet."),
        "gif": _("It has an animation, which WhatsApp takes for marketing campaigns only."),
    }
    return texts.get(obstacle_of(template.components), "")


def reach_of(conversation: Conversation) -> Reach:
    """Return what may be sent to the person of a conversation."""
    contact = answers_in(head_of(conversation)).contact_id
    rows = Identity.objects.filter(contact_id=contact, valid_to=None, kind__in=[IdentityKind.PHONE, IdentityKind.BSUID])
    known = dict(rows.order_by("valid_from").values_list("kind", "value"))
    phone, bsuid = known.get(IdentityKind.PHONE), known.get(IdentityKind.BSUID)
    country = country_of(phone.removeprefix("+") if phone else None, bsuid)
    return Reach(
        no_marketing=_no_marketing(conversation, country),
        has_phone=phone is not None,
        has_catalog=bool(conversation.channel.catalog_id),
    )


def _no_marketing(conversation: Conversation, country: str | None) -> str:
    """Return why this person gets no marketing, in words, empty where they may.

    Source: Meta delivers none to numbers of the United States since 2025-04-01 and refuses with 131049 (read 2026-11-22).
    """
    if refuses_marketing(conversation.contact_id):
        return _("This person wants no marketing messages.")
    if country == "US":
        return _(
            "WhatsApp delivers no marketing to numbers of the United States. Send a utility template, or write when they do."
        )
    return ""


def read_like(template: MessageTemplate, values: Mapping[str, str]) -> dict[str, Any]:
    """Return what the template reads like with these values."""
    given = {key: value.strip() for key, value in values.items()}
    return shown(template.components, given, category=template.category)


def needs_for(template: MessageTemplate) -> list[Need]:
    """Return what has to be filled in."""
    return needs_of(template.components, category=template.category)


def say_template(
    conversation: Conversation,
    template_id: UUID,
    values: Mapping[str, str],
    *,
    by: Membership | None,
    client_id: UUID,
    chosen: Mapping[str, UUID] | None = None,
    hold: timedelta | None = None,
) -> Message:
    """Write a template with these values into the outbox. The same `client_id` again returns the same row. `chosen` are the
    ids of files that this member has chosen for its headers, by the headers' keys. It stays there for `hold` at least.

    Raises: CannotSend, BadTemplateValue.
    """
    if (before := said_before(conversation, client_id)) is not None:
        return before
    content, files = filled(conversation, template_id, values, by=by, chosen=chosen or {})
    try:
        with transaction.atomic():
            message = queue(conversation, content, by=by, client_id=client_id, hold=hold)
            if files:
                carry(message, files, hold=hold)
            return message
    except IntegrityError:
        # The same request came twice at once, and the other was faster.
        if (before := said_before(conversation, client_id)) is not None:
            return before
        raise


def filled(
    conversation: Conversation,
    template_id: UUID,
    values: Mapping[str, str],
    *,
    by: Membership | None,
    chosen: Mapping[str, UUID],
) -> tuple[Content, dict[str, Attachment]]:
    """Return what a template says with these values, and the files for its headers. Raises: CannotSend, BadTemplateValue."""
    must_be_possible(conversation)
    found = choice(conversation, template_id)
    if found is None:
        raise CannotSend(_("This template is no longer approved, or was put away. Choose another one."))
    if found.why_not:
        raise CannotSend(found.why_not)
    files = _files(conversation, found.template, chosen, by=by)
    return content_of(found.template, values, files, catalog_id=conversation.channel.catalog_id), files


def is_sendable(conversation: Conversation, content: Content) -> bool:
    """Return whether a template that was filled in before may still be sent."""
    try:
        must_be_sendable(conversation, content)
    except CannotSend:
        return False
    return True


def must_be_sendable(conversation: Conversation, content: Content) -> None:
    """Raises: CannotSend, where a template that was filled in before may not be sent any more."""
    must_be_possible(conversation)
    data = content.data or {}
    named = _approved(conversation.channel.account_id).filter(name=data.get("name"), language=data.get("language"))
    template = named.first()
    if template is None:
        raise CannotSend(_("This template is no longer approved, or was put away. Choose another one."))
    if why := why_not(template, reach_of(conversation)):
        raise CannotSend(why)
    if data.get("edition", "") not in ("", edition(template.components, category=template.category)):
        raise CannotSend(
            _("The words of this template have changed since it was chosen. Look at it and choose it again.")
        )


def _files(
    conversation: Conversation, template: MessageTemplate, chosen: Mapping[str, UUID], *, by: Membership | None
) -> dict[str, Attachment]:
    """Return the files that were chosen for the headers of a template. Raises: BadTemplateValue."""
    kinds = {need.key: need.kind for need in needs_for(template) if need.kind.upper() in MEDIA}
    found = {}
    for key, id in chosen.items():
        if key not in kinds or by is None:
            continue
        try:
            found[key] = drafting.chosen(id, conversation, by=by, kind=kinds[key])
        except CannotTake as refusal:
            raise BadTemplateValue(key, refusal.user_text) from None
    return found


def content_of(
    template: MessageTemplate,
    values: Mapping[str, str],
    files: Mapping[str, Attachment] | None = None,
    *,
    catalog_id: str = "",
) -> Content:
    """Return a message that says this template with these values. Raises: BadTemplateValue."""
    given = {key: " ".join(value.split(" ")).strip() for key, value in values.items()}
    given |= {key: f"{UPLOADED}{' '.join((file.name or '').split())}" for key, file in (files or {}).items()}
    wire = dict(given)
    if expires := given.get("offer:expires"):
        wire["offer:expires"] = _milliseconds(expires)
    named = is_named(template.components, template.parameter_format)
    try:
        components = components_for(
            template.components, wire, category=template.category, named=named, catalog_id=catalog_id
        )
    except BadValue as bad:
        raise BadTemplateValue(bad.key, _explained(bad.why)) from None
    look = shown(template.components, given, category=template.category)
    data: dict[str, Any] = {"name": template.name, "language": template.language, "shown": look}
    data |= {"category": template.category, "edition": edition(template.components, category=template.category)}
    if components:
        data["components"] = components
    return Content(kind="template", text=look["body"], data=data)


def _approved(account_id: str) -> Any:
    rows = MessageTemplate.objects.filter(account_id=account_id, status__in=SENDABLE, put_away_at=None)
    return rows.order_by("name", "language")


def _milliseconds(written: str) -> str:
    """Return an instant as the browser's own field writes it (in the reader's time zone) in milliseconds since 1970."""
    try:
        at = timezone.make_aware(datetime.fromisoformat(written))
    except ValueError:
        raise BadTemplateValue("offer:expires", _explained("instant")) from None
    if at <= now():
        raise BadTemplateValue("offer:expires", _("The offer has to end in the future."))
    return str(int(at.timestamp() * 1000))


def _explained(why: str) -> str:
    texts = {
        "missing": _("Fill this in."),
        "breaks": _("WhatsApp takes no line breaks and no tabs here, and at most four spaces in a row."),
        "long": _("This is too long."),
        "link": _("This has to be a whole address that begins with https://"),
        "products": _("Name between 1 and 30 products, with commas between."),
        "number": _("This has to be a number, as a map gives it: 3.1390"),
        "instant": _("Enter a day and a time."),
    }
    return texts[why]
