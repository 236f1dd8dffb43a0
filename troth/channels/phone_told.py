"""How far a phone app is with what it hands over, and what of it is missing, in words for people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.base.clock import now
from troth.channels.models import Channel, PhoneSync, SyncKind, SyncState
from troth.channels.phone_holes import Hole, hole_of, missing_pieces
from troth.channels.phone_sync import OPEN
from troth.channels.phone_wanted import is_late


@dataclass(frozen=True)
class Line:
    """One of the two as its number's page says it. `look` is that of a badge; `may_ask` whether asking again makes sense."""

    kind: str
    title: str
    state: str
    look: str
    says: str
    advice: str
    progress: int | None
    may_ask: bool


@dataclass(frozen=True)
class Told:
    """What the page of a number says of its phone app."""

    lines: list[Line]
    goes_on: bool


def told(channel: Channel) -> Told | None:
    """Return how far the phone app's contacts and messages are, None for a number that lives in no phone app."""
    if not channel.on_phone_app or not channel.is_bound:
        return None
    rows = {row.kind: row for row in PhoneSync.objects.filter(channel=channel)}
    lines = [_line(SyncKind(kind), rows.get(kind)) for kind in SyncKind.values]
    goes_on = any(row.state in (SyncState.WANTED, *OPEN) for row in rows.values() if not _rests(row))
    return Told(lines, goes_on)


def _rests(row: PhoneSync) -> bool:
    """Return whether nothing more is expected soon: contacts come whenever they change on the phone."""
    return row.kind == SyncKind.CONTACTS and row.state == SyncState.RUNNING


def _line(kind: SyncKind, row: PhoneSync | None) -> Line:
    state = SyncState(row.state) if row is not None else None
    late = row is not None and is_late(row, at=now())
    if row is not None and late and state in (SyncState.WANTED, SyncState.ASKED) and row.heard_at is None:
        state = SyncState.LATE
    says, advice = _words(kind, state, row.count if row else 0)
    if row is not None and hole_of(row) in (Hole.STOPPED, Hole.PIECES):
        says, advice = f"{says} {hole_text(row)}", again()
    looks = {SyncState.DONE: "ok", SyncState.RUNNING: "info", SyncState.FAILED: "danger"}
    looks |= {SyncState.DECLINED: "warn", SyncState.LATE: "warn"}
    shows = row is not None and kind == SyncKind.HISTORY and state in OPEN
    return Line(
        kind=kind.value,
        title=str(kind.label),
        state=str(state.label) if state else _("Not asked for"),
        look=looks.get(state, "") if state else "",
        says=says,
        advice=advice,
        progress=row.progress if row is not None and shows else None,
        may_ask=state in (None, SyncState.FAILED) or (state == SyncState.ASKED and not late),
    )


def again() -> str:
    """Return what brings a history that did not come."""
    return _(
        "To get it all the same: in the WhatsApp Business app, open Settings › Account › Business platform and disconnect"
        " this number, then connect it here again. The conversations stay."
    )


def hole_text(row: PhoneSync) -> str:
    """Return what of a history is missing, in words."""
    texts = {
        Hole.DECLINED: _("Old messages of the phone app were not shared."),
        Hole.LATE: _("Old messages of the phone app were asked for too late."),
        Hole.REFUSED: _("Meta refused to hand over the old messages of the phone app."),
        Hole.STOPPED: _("They stopped coming a day ago or longer, at %(percent)s %%.") % {"percent": row.progress},
    }
    hole = hole_of(row)
    if hole in texts:
        return texts[hole]
    count = missing_pieces(row)
    text = ngettext("%(count)s piece of them never came.", "%(count)s pieces of them never came.", count)
    return text % {"count": count}


@dataclass(frozen=True)
class HistoryGap:
    """What of a number's old messages is missing, and what to do."""

    at: datetime
    channel_id: UUID
    text: str
    remedy: str


def history_gaps(channels: Collection[UUID]) -> list[HistoryGap]:
    """Return the holes in the histories of these numbers, of each at most one."""
    rows = PhoneSync.objects.filter(channel_id__in=channels, kind=SyncKind.HISTORY)
    return [_gap(row) for row in rows if hole_of(row) is not None]


def _gap(row: PhoneSync) -> HistoryGap:
    about = (
        "" if hole_of(row) in (Hole.DECLINED, Hole.LATE, Hole.REFUSED) else _("Old messages of the phone app:") + " "
    )
    at = row.heard_at or row.asked_at or row.begun_at
    return HistoryGap(at, row.channel_id, f"{about}{hole_text(row)}", again())


def _words(kind: SyncKind, state: SyncState | None, count: int) -> tuple[str, str]:
    """Return what happened and, where it is not as it should be, what to do."""
    words: dict[Any, tuple[str, str]] = {
        None: (_("Meta hands it over within a day of connecting, when it is asked."), ""),
        SyncState.WANTED: (_("Meta is about to be asked."), ""),
        SyncState.ASKED: (
            _("Meta was asked. The phone has to be on and connected for anything to come."),
            "",
        ),
        SyncState.DECLINED: (
            _("Whoever connected the number chose in the app not to share its old messages."),
            again(),
        ),
        SyncState.LATE: (_("Meta hands this over for a day after connecting, and that is over."), again()),
        SyncState.FAILED: (_("Meta refused to hand it over."), _("Ask again in a while.")),
    }
    if state in words:
        return words[state]
    if kind == SyncKind.CONTACTS:
        came = ngettext("%(count)s contact came.", "%(count)s contacts came.", count) % {"count": count}
        return f"{came} {_('What changes in the phone comes by itself.')}", ""
    came = ngettext("%(count)s old message came.", "%(count)s old messages came.", count) % {"count": count}
    quiet = _("They open no window, count as read, and nothing answers them.")
    return f"{came} {quiet}", ""
