"""What a phone app hands over: asking for it, and hearing how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from troth.base.clock import now
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.models import Channel, PhoneSync, SyncState
from troth.channels.phone_holes import WHOLE
from troth.channels.phone_wanted import ask_by_job, is_late
from troth.channels.registry import Check
from troth.channels.spans import with_number
from troth.realtime.pokes import poke
from troth.workspaces.scope import scope

DECLINED = 2593109
TRY_AGAIN_S = 300
# What may pass by itself: the question is asked again.
PASSING = frozenset({"unreachable", "meta_down", "throttled", "address_refused"})
OPEN = (SyncState.ASKED, SyncState.RUNNING)
NUMBER_MAX, SPANS_MAX = 100_000, 500


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
    """What one batch brought of one kind for one number. `code` is why Meta hands over nothing; `pieces` are phase and
    number of each piece of a history."""

    count: int = 0
    progress: int = 0
    phase: int | None = None
    code: int | None = None
    pieces: list[tuple[int, int]] = field(default_factory=list)


def keep(heard: Iterable[tuple[UUID, str, Heard]]) -> None:
    """Write down how far it is. What comes late or twice never sets it back."""
    for channel_id, kind, news in heard:
        row = PhoneSync.objects.select_for_update(no_key=True).filter(channel=channel_id, kind=kind).first()
        if row is None:
            continue
        row.count += news.count
        row.progress = max(row.progress, min(news.progress, WHOLE))
        row.phase = max((one for one in (row.phase, news.phase) if one is not None), default=None)
        for phase, number in news.pieces:
            _note_piece(row, phase, number)
        row.heard_at = now()
        if news.code is not None and not row.count:
            row.state, row.code = (SyncState.DECLINED if news.code == DECLINED else SyncState.FAILED), news.code
        elif news.count or news.progress:
            row.state, row.code = (SyncState.DONE if row.progress >= WHOLE else SyncState.RUNNING), None
        row.save()
        _tell(row)


def _note_piece(row: PhoneSync, phase: int, number: int) -> None:
    spans = row.chunks.get(str(phase), [])
    if 0 <= number <= NUMBER_MAX and len(spans) < SPANS_MAX:
        row.chunks = {**row.chunks, str(phase): with_number(spans, number)}


def _tell(row: PhoneSync) -> None:
    poke("channel", row.channel_id, workspace_id=row.workspace_id, about=row.channel_id)
