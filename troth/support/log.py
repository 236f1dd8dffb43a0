"""The access log: the audit chain of a workspace in plain words, for its owners and admins."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.audit.models import Entry
from troth.audit.models.entry import ActorKind
from troth.audit.record import open_detail
from troth.audit.words import actions_of, known_actions, said_of, value_of
from troth.base.sealing import Unreadable
from troth.inbox.models import Conversation
from troth.support.models import Ground, HeldKind, HelpRequest, Kind
from troth.support.people import staff_names
from troth.workspaces.models import Membership, Role

PAGE = 50
# What of a detail is told, and how it is called. What is not here is not shown.
TOLD = {
    "reason": gettext_lazy("Reason"),
    "ground": gettext_lazy("Ground"),
    "authority": gettext_lazy("Authority"),
    "basis": gettext_lazy("Legal basis"),
    "what": gettext_lazy("What"),
    "kind": gettext_lazy("What"),
    "names": gettext_lazy("Names and numbers"),
    "bodies": gettext_lazy("Text of messages"),
    "until": gettext_lazy("Until"),
    "review_on": gettext_lazy("Review day"),
    "looks": gettext_lazy("Looks"),
    "from": gettext_lazy("From"),
    "role": gettext_lazy("Role"),
    "format": gettext_lazy("Format"),
    "count": gettext_lazy("How many"),
}
WHAT = {
    **{kind.value: kind.label for kind in Kind},
    HeldKind.CONTACT.value: HeldKind.CONTACT.label,
    HeldKind.WORKSPACE.value: HeldKind.WORKSPACE.label,
    "conversation": gettext_lazy("a conversation"),
}
BEGINS_A_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # also in full width, which spreadsheets read


@dataclass(frozen=True)
class Line:
    """One entry as it is told. `target_kind` and `target_id` name what it was about, where that still is there."""

    number: int
    at: datetime
    who: str
    who_kind: str
    words: str
    kind: str
    facts: list[tuple[str, str]]
    target_kind: str
    target_id: UUID | None
    help_id: UUID | None


def page_of_log(kind: str, *, before: int | None) -> tuple[list[Line], int | None]:
    """Return the newest lines of a kind ("" is all), those before a number where one is given, and where to go on."""
    entries = of_kind(kind).order_by("-number")
    if before is not None:
        entries = entries.filter(number__lt=before)
    found = list(entries[: PAGE + 1])
    return lines_of(found[:PAGE]), found[PAGE - 1].number if len(found) > PAGE else None


def of_kind(kind: str) -> QuerySet[Entry]:
    """Return the entries of a kind, in the workspace in scope."""
    if kind == "other":
        return Entry.objects.exclude(action__in=set(known_actions()) - set(actions_of("other")))
    return Entry.objects.filter(action__in=actions_of(kind)) if kind else Entry.objects.all()


def as_csv(kind: str) -> bytes:
    """Return all lines of a kind, the oldest first, as a table for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("Number"), _("Time (UTC)"), _("Who"), _("As"), _("Did"), _("Details"), _("About"), _("Id")])
    for line in lines_of(list(of_kind(kind).order_by("number"))):
        facts = "; ".join(f"{name}: {value}" for name, value in line.facts)
        cells = [line.who, line.who_kind, line.words, facts, line.target_kind, str(line.target_id or "")]
        table.writerow([line.number, line.at.isoformat(), *map(_cell, cells)])
    return ("\ufeff" + out.getvalue()).encode()


def lines_of(entries: list[Entry]) -> list[Line]:
    """Tell entries in plain words."""
    members, staff = _members(entries), staff_names(_actors(entries, ActorKind.STAFF))
    there = _still_there(entries)
    return [_line(entry, members, staff, there) for entry in entries]


def _line(entry: Entry, members: dict[UUID, Membership], staff: dict[UUID, str], there: set[UUID]) -> Line:
    said, detail = said_of(entry.action), _detail(entry)
    target = entry.target_id if entry.target_id in there else None
    request = detail.get("request") if entry.action.startswith(("grant.", "help.")) else None
    help_id = entry.target_id if entry.target_kind == "help" else UUID(request) if request else None
    return Line(
        number=entry.number,
        at=entry.at,
        who=_who(entry, members, staff),
        who_kind=_kind_of_actor(entry, members),
        words=str(said.words),
        kind=said.kind,
        facts=[*_whom(entry, members), *_facts(detail)],
        target_kind=entry.target_kind,
        target_id=target,
        help_id=help_id,
    )


def _who(entry: Entry, members: dict[UUID, Membership], staff: dict[UUID, str]) -> str:
    if entry.actor_kind == ActorKind.SYSTEM or entry.actor_id is None:
        return _("Troth") if entry.actor_kind == ActorKind.SYSTEM else _("A contact")
    if entry.actor_kind == ActorKind.STAFF:
        return staff.get(entry.actor_id) or _("Somebody of staff")
    if entry.actor_kind == ActorKind.CONTACT:
        return _("A contact")
    member = members.get(entry.actor_id)
    return member.name if member else _("Somebody who is not here any more")


def _kind_of_actor(entry: Entry, members: dict[UUID, Membership]) -> str:
    if entry.actor_kind == ActorKind.STAFF:
        return _("Staff")
    if entry.actor_kind == ActorKind.SYSTEM:
        return _("By itself")
    member = members.get(entry.actor_id) if entry.actor_id else None
    return member.role_label if member else ""


def _whom(entry: Entry, members: dict[UUID, Membership]) -> list[tuple[str, str]]:
    whom = members.get(entry.target_id) if entry.target_kind == "member" and entry.target_id else None
    return [(_("Whom"), whom.name)] if whom and entry.target_id != entry.actor_id else []


def _detail(entry: Entry) -> dict[str, Any]:
    try:
        return open_detail(entry) or {}
    except Unreadable:
        return {}


def _facts(detail: dict[str, Any]) -> list[tuple[str, str]]:
    told = {key: value for key, value in detail.items() if key in TOLD and value is not None and value is not False}
    return [(str(TOLD[key]), _value(key, value)) for key, value in told.items()]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes")
    if key in ("what", "kind"):
        return str(WHAT.get(str(value)) or value_of(str(value)))
    if key == "ground":
        return str(dict(Ground.choices).get(str(value), value))
    if key == "role":
        return str(dict(Role.choices).get(str(value), value))
    if key == "review_on":
        return date_format(date.fromisoformat(str(value)))
    instant = parse_datetime(str(value)) if key in ("until", "from") else None
    return date_format(localtime(instant), "DATETIME_FORMAT") if instant else str(value)


def _actors(entries: Iterable[Entry], kind: ActorKind) -> set[UUID]:
    return {entry.actor_id for entry in entries if entry.actor_kind == kind and entry.actor_id}


def _members(entries: list[Entry]) -> dict[UUID, Membership]:
    """Return the members that entries name, by membership and by user."""
    ids = _actors(entries, ActorKind.MEMBER)
    ids |= {entry.target_id for entry in entries if entry.target_kind == "member" and entry.target_id}
    by_id = {one.pk: one for one in Membership.objects.filter(pk__in=ids).select_related("user")}
    people = _actors(entries, ActorKind.PERSON)
    by_user = {one.user_id: one for one in Membership.objects.filter(user_id__in=people).select_related("user")}
    return by_id | by_user


def _still_there(entries: list[Entry]) -> set[UUID]:
    """Return which of the targets can be opened."""
    threads = {entry.target_id for entry in entries if entry.target_kind == "conversation" and entry.target_id}
    helps = {entry.target_id for entry in entries if entry.target_kind == "help" and entry.target_id}
    found = set(Conversation.objects.filter(pk__in=threads).values_list("pk", flat=True))
    return found | set(HelpRequest.objects.filter(pk__in=helps).values_list("pk", flat=True))


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
