"""What a phone app hands over: asking for it, hearing how far it is, and saying so in words for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.base.clock import now
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.models import Channel, PhoneSync, SyncKind, SyncState
from troth.channels.phone_wanted import ask_by_job, is_late
from troth.channels.registry import Check
from troth.realtime.pokes import poke
from troth.workspaces.scope import scope

DECLINED = 2593109
TRY_AGAIN_S = 300
# What may pass by itself: the question is asked again.
PASSING = frozenset({"unreachable", "meta_down", "throttled", "address_refused"})
OPEN = (SyncState.ASKED, SyncState.RUNNING)


def ask(workspace_id: str, channel_id: str) -> None:
    """Ask Meta for whatever is wanted of a number's phone app. Safe to run twice: what was asked for is not wanted."""
    workspace = UUID(workspace_id)
    with scope(workspace):
        channel = Channel.objects.filter(pk=UUID(channel_id)).first()
        if channel is None or not channel.is_bound or not channel.token:
            return
        link = link_of(channel)
        wanted = list(PhoneSync.objects.filter(channel=channel, state=SyncState.WANTED).values_list("kind", flat=True))
    for kind in wanted:
        check = registry.ask_phone(link, kind)
        with scope(workspace):
            _asked(link.channel_id, kind, check)


def _asked(channel_id: UUID, kind: str, check: Check) -> None:
    """Write down what Meta said to the question."""
    row = PhoneSync.objects.select_for_update(no_key=True).filter(channel=channel_id, kind=kind).first()
    if row is None or row.state != SyncState.WANTED:
        return
    row.asked_at = now()
    if check.ok or check.code in ("asked_before", "no_answer"):
        row.state = SyncState.ASKED
    elif check.code == "too_late" or is_late(row, at=now()):
        row.state = SyncState.LATE
    elif check.code in PASSING:
        ask_by_job(row.channel, delay_s=TRY_AGAIN_S)
    else:
        row.state, row.code = SyncState.FAILED, check.facts.get("graph_code")
    row.save(update_fields=["state", "code", "asked_at"])
    _tell(row)


@dataclass(slots=True)
class Heard:
    """What one batch brought of one kind for one number. `code` is why Meta hands over nothing."""

    count: int = 0
    progress: int = 0
    phase: int | None = None
    code: int | None = None


def keep(heard: Iterable[tuple[UUID, str, Heard]]) -> None:
    """Write down how far it is. What comes late or twice never sets it back."""
    for channel_id, kind, news in heard:
        row = PhoneSync.objects.select_for_update(no_key=True).filter(channel=channel_id, kind=kind).first()
        if row is None:
            continue
        row.count += news.count
        row.progress = max(row.progress, min(news.progress, 100))
        row.phase = max((one for one in (row.phase, news.phase) if one is not None), default=None)
        row.heard_at = now()
        if news.code is not None and not row.count:
            row.state, row.code = (SyncState.DECLINED if news.code == DECLINED else SyncState.FAILED), news.code
        elif news.count or news.progress:
            row.state, row.code = (SyncState.DONE if row.progress >= 100 else SyncState.RUNNING), None
        row.save()
        _tell(row)


def _tell(row: PhoneSync) -> None:
    poke("channel", row.channel_id, workspace_id=row.workspace_id, about=row.channel_id)


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


def _words(kind: SyncKind, state: SyncState | None, count: int) -> tuple[str, str]:
    """Return what happened and, where it is not as it should be, what to do."""
    again = _(
        "To get it all the same: in the WhatsApp Business app, open Settings › Account › Business platform and disconnect"
        " this number, then connect it here again. The conversations stay."
    )
    words: dict[Any, tuple[str, str]] = {
        None: (_("Meta hands it over within a day of connecting, when it is asked."), ""),
        SyncState.WANTED: (_("Meta is about to be asked."), ""),
        SyncState.ASKED: (
            _("Meta was asked. The phone has to be on and connected for anything to come."),
            "",
        ),
        SyncState.DECLINED: (
            _("Whoever connected the number chose in the app not to share its old messages."),
            again,
        ),
        SyncState.LATE: (_("Meta hands this over for a day after connecting, and that is over."), again),
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
