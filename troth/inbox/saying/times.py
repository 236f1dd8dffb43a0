"""When something may be said later: at a time to come, within the next three months, and while what it offers is on offer."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.ui.zone import zone_named

AHEAD_MAX = timedelta(days=90)


def instant_of(at: str, zone: str, content: Content) -> datetime:
    """Return the instant of a time on the wall (ISO, without offset) in a time zone, at which this can be said.

    Raises: CannotSend.
    """
    found = zone_named(zone)
    try:
        local = datetime.fromisoformat(at)
    except ValueError:
        found = None
    if found is None or local.tzinfo is not None:
        raise CannotSend(_("Choose a day and a time."))
    instant = local.replace(tzinfo=found)
    if instant <= now():
        raise CannotSend(_("This time has passed. Choose a later one."))
    if instant > now() + AHEAD_MAX:
        raise CannotSend(_("Choose a time within the next 90 days."))
    ends = offer_ends(content)
    if ends is not None and instant >= ends:
        raise CannotSend(_("The offer will have ended by then. Choose an earlier time, or let it end later."))
    return instant


def offer_ends(content: Content) -> datetime | None:
    """Return when the limited offer of a template ends, None for one without, or without an end."""
    components = (content.data or {}).get("components") if content.kind == "template" else None
    for component in components if isinstance(components, list) else []:
        if component.get("type") == "limited_time_offer":
            for parameter in component.get("parameters") or []:
                end = (parameter.get("limited_time_offer") or {}).get("expiration_time_ms")
                return datetime.fromtimestamp(int(end) / 1000, UTC) if end else None
    return None
