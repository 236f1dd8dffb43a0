"""The list of conversations: one query for a page, whatever its filter."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth.base.clock import now
from troth.channels.models import Channel
from troth.contacts.masking import Eyes, Veil, eyes_of, numbers_of
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.models import Conversation, Direction, Draft, MessageStatus
from troth.inbox.screens.names import ICONS, Person, contact_name, kind_label
from troth.workspaces.models import Membership

PAGE = 30
CLOSING_S = 4 * 60 * 60  # from then on a row says how long one may still write freely
FILTERS = ("mine", "unassigned", "all", "closed")


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: a filter and, for further pages, the row to go on after."""

    show: str
    after: tuple[datetime, UUID] | None = None

    @classmethod
    def asked(cls, show: str, after: str) -> "Page":
        """Read a page from an address. What does not fit falls back to the first page of all."""
        stamp, _dot, id = after.partition("_")
        try:
            place = (datetime.fromisoformat(stamp), UUID(id)) if after else None
        except ValueError:
            place = None
        return cls(show if show in FILTERS else "all", place)


def listing(
    member: Membership,
    page: Page,
    *,
    handle: str,
    channels: dict[UUID, Channel],
    people: dict[UUID, Person],
    current: UUID | None = None,
) -> dict[str, Any]:
    """Return what the list's templates show."""
    found = list(_query(member, page, list(channels))[: PAGE + 1])
    address = reverse("inbox", args=[handle])
    today = timezone.localdate()
    _lend_phones(found[:PAGE])
    veils = _veils(eyes_of(member), found[:PAGE])
    rows = [
        _row(
            one,
            veil=veils[one.contact_id],
            address=address,
            show=page.show,
            today=today,
            channels=channels,
            people=people,
            current=current,
        )
        for one in found[:PAGE]
    ]
    last = found[PAGE - 1] if len(found) > PAGE else None
    after = f"{last.last_message_at.isoformat()}_{last.id}" if last else ""
    return {
        "filters": _filters(page, address),
        "rows": rows,
        "next_url": f"{address}?{urlencode({'show': page.show, 'after': after})}" if last else None,
    }


def _lend_phones(rows: list[Any]) -> None:
    """Let whoever has no number of their own be called by that of somebody merged into them."""
    without = [row for row in rows if row.phone is None]
    if without:
        wanted = [row.contact_id for row in without]
        theirs = Identity.objects.filter(contact__merged_into__in=wanted, kind=IdentityKind.PHONE, valid_to=None)
        phones = dict(theirs.order_by("valid_from").values_list("contact__merged_into_id", "value"))
        for row in without:
            row.phone = phones.get(row.contact_id)


def _veils(eyes: Eyes, rows: list[Any]) -> dict[UUID, Veil]:
    """Return what the member sees of the numbers of each row's contact."""
    contacts = [row.contact_id for row in rows]
    numbers = {} if eyes.sees_all else numbers_of(contacts)
    return {contact: eyes.veil(contact, numbers=numbers.get(contact, ())) for contact in contacts}


def _query(member: Membership, page: Page, channels: list[UUID]) -> Any:
    rows = Conversation.objects.not_restricted(member).heads().filter(channel_id__in=channels)
    rows = rows.filter(closed_at__isnull=page.show != "closed")
    if page.show == "mine":
        rows = rows.filter(assignee=member)
    elif page.show == "unassigned":
        rows = rows.filter(assignee=None)
    if page.after:
        at, id = page.after
        rows = rows.filter(Q(last_message_at__lte=at) & (Q(last_message_at__lt=at) | Q(id__lt=id)))
    phone = Identity.objects.filter(contact=OuterRef("contact"), kind=IdentityKind.PHONE, valid_to=None)
    draft = Draft.objects.filter(conversation=OuterRef("pk"), member=member)
    return (
        rows.select_related("contact")
        .annotate(phone=Subquery(phone.values("value")[:1]), has_draft=Exists(draft))
        .order_by("-last_message_at", "-id")
    )


def _filters(page: Page, address: str) -> list[dict[str, Any]]:
    labels = {
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "all": _("All"),
        "closed": pgettext("several", "Closed"),
    }
    return [
        {"key": key, "label": labels[key], "url": f"{address}?show={key}", "count": None, "current": key == page.show}
        for key in FILTERS
    ]


def _row(
    one: Any,
    *,
    veil: Veil,
    address: str,
    show: str,
    today: date,
    channels: dict[UUID, Channel],
    people: dict[UUID, Person],
    current: UUID | None,
) -> dict[str, Any]:
    channel = channels[one.channel_id]
    outgoing = one.preview_direction in (Direction.OUT, Direction.ECHO)
    at = timezone.localtime(one.last_message_at)
    left = (one.window_expires_at - now()).total_seconds() if one.window_expires_at else 0
    icon = ICONS.get(one.preview_kind)
    return {
        "id": one.id,
        "url": f"{address}{one.id}/?show={show}",
        "name": contact_name(one.contact, one.phone, veil=veil),
        "seed": str(one.contact_id),
        "channel_name": channel.name,
        "stored": channel.stored,
        "preview": _preview(one, veil)
        or kind_label(one.preview_kind)
        or ("" if one.last_message_id else _("Nothing was said yet")),
        "preview_prefix": _("You:") if outgoing else "",
        "preview_icon": icon,
        "at_iso": at.isoformat(),
        # What stands until the browser tells it in the person's own way; a thousand of them must cost nothing.
        "at_shown": f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d}",
        "unread": one.unread,
        "assignee": people.get(one.assignee_id),
        "window_iso": one.window_expires_at.isoformat() if one.window_expires_at else "",
        "is_closing": 0 < left < CLOSING_S,
        "failed": one.preview_status in (MessageStatus.FAILED, MessageStatus.UNCERTAIN),
        "current": one.id == current,
        "closed": one.closed_at is not None,
        "draft": one.has_draft,
    }


def _preview(one: Any, veil: Veil) -> str:
    # What WhatsApp itself says, and cards, speak of numbers; whatever people write may hold their own.
    text = str(one.preview or "")
    return veil.any(text) if one.preview_kind in ("system", "contacts") else veil.said(text)
