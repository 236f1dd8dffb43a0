"""Where data of a workspace goes: the companies that work on it, and every time that somebody took some out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from troth.audit.models import Entry
from troth.audit.models.entry import ActorKind
from troth.base.clock import now
from troth.channels.models import Channel, ChannelKind
from troth.privacy.datamap.subprocessors import Processor, in_force, own
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id

SHOWN = 50
# What somebody did that made data leave, by the action in the audit chain.
LEFT = {
    "export.made": gettext_noop("An export was made"),
    "export.downloaded": gettext_noop("An export was downloaded"),
    "record.downloaded": gettext_noop("The record of processing was downloaded"),
    "disclosure.made": gettext_noop("Something was disclosed because the law asked for it"),
    "audit.downloaded": gettext_noop("The access log was downloaded"),
}


@dataclass(frozen=True)
class Used:
    """A company that gets data of this workspace, since when."""

    processor: Processor
    since: date | None


@dataclass(frozen=True)
class Left:
    """One time that data left by somebody's own act."""

    at: datetime
    what: str
    who: str


def used() -> list[Used]:
    """Return the sub-processors that this workspace makes use of: who delivers its messages, and its members' mails;
    and where the operator keeps its files, if that is elsewhere."""
    first = Channel.objects.filter(kind=ChannelKind.CLOUD).order_by("created_at").values_list("created_at", flat=True)
    connected = first.first()
    found = []
    for processor in in_force(on=now().date()).processors:
        if "graph.facebook.com" in processor["hosts"]:
            if connected is not None:
                found.append(Used(processor, connected.date()))
        elif _sends_mail_by(processor):
            found.append(Used(processor, None))
    return [*found, *(Used(processor, None) for processor in own())]


def _sends_mail_by(processor: Processor) -> bool:
    """Return whether this installation's mails leave by this company: by its service, or by its mail server."""
    told = f"{settings.SMTP_URL} {settings.EMAIL_BACKEND} {' '.join(getattr(settings, 'ANYMAIL', {}))}".lower()
    return any(host.split(".")[-2] in told for host in processor["hosts"])


def left() -> list[Left]:
    """Return the newest times that data left, the last one first."""
    rows = Entry.objects.filter(workspace_id=current_workspace_id(), action__in=LEFT).order_by("-number")[:SHOWN]
    entries = list(rows)
    names = _names(entry.actor_id for entry in entries if entry.actor_kind == ActorKind.MEMBER)
    return [Left(entry.at, _(LEFT[entry.action]), _who(entry, names)) for entry in entries]


def _who(entry: Entry, names: dict[UUID, str]) -> str:
    if entry.actor_kind == ActorKind.MEMBER and entry.actor_id:
        return names.get(entry.actor_id, _("Former member"))
    return {ActorKind.STAFF: _("Staff of the operator"), ActorKind.CONTACT: _("The person concerned")}.get(
        ActorKind(entry.actor_kind), "Troth"
    )


def _names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    members = Membership.objects.filter(id__in=[id for id in ids if id]).select_related("user")
    return {member.id: member.name for member in members}
