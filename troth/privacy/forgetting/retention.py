"""Rules of retention: what they are, what one would delete, and deleting it.

A rule deletes what is older, and nothing else. Whatever a legal hold lists stays.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min, Q

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.logs import COUNT, ID, declare, event
from troth.base.sealing import INSTALLATION, store
from troth.inbox.latest import tell_latest
from troth.inbox.models import Activity, Attachment, Conversation, Draft, Gap, Message, ScheduledMessage
from troth.inbox.spent import keep_spending
from troth.media.clearing import clear
from troth.privacy.forgetting.classes import CLASSES, Aged
from troth.privacy.forgetting.deadlines import RETENTION_SLIP
from troth.privacy.forgetting.holds_in_force import held_anywhere
from troth.privacy.models import RetentionRule
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

ROWS = 500  # in one transaction

log = logging.getLogger(__name__)
declare("retention.failed", level=logging.ERROR, workspace_id=ID)
declare("retention.purged", level=logging.INFO, workspace_id=ID, count=COUNT)


@dataclass(frozen=True)
class Preview:
    """What a rule would delete if it acted now: messages (or what the class is about), from when, in how many threads."""

    rows: int
    oldest_at: datetime | None
    conversations: int


def days_of(key: str, *, at: datetime | None = None) -> int | None:
    """Return after how many days a class goes in the workspace in scope, None for never."""
    rule = RetentionRule.objects.filter(kept=key).first()
    return in_effect(rule, at=at or now()) if rule else None


def in_effect(rule: RetentionRule, *, at: datetime) -> int | None:
    """Return the days of a rule that count at this instant: a changed one acts only after its undo time."""
    days: int | None = rule.days if at >= rule.acts_from else rule.days_before
    return days


def change(key: str, *, days: int | None, by: Membership) -> RetentionRule:
    """Keep a class so many days from now on, or for ever. A rule that deletes more acts after a day, so that it can be
    taken back; one that deletes less acts at once."""
    at = now()
    before = days_of(key, at=at)
    deletes_more = days is not None and (before is None or days < before)
    rule, _ = RetentionRule.objects.update_or_create(
        kept=key,
        defaults={
            "days": days,
            "days_before": before,
            "changed_at": at,
            "changed_by": by,
            "acts_from": at + RETENTION_SLIP if deletes_more else at,
        },
    )
    record(
        "retention.changed", by=Actor.member(by.id), target=("retention", rule.id), detail={"days": days, "kept": key}
    )
    return rule


def take_back(rule: RetentionRule, *, by: Membership) -> bool:
    """Go back to the rule before, where the changed one has not acted yet; return whether that was in time."""
    locked = RetentionRule.objects.select_for_update().get(id=rule.id)
    if now() >= locked.acts_from:
        return False
    change(locked.kept, days=locked.days_before, by=by)
    return True


def preview(key: str, *, days: int | None) -> Preview:
    """Return what a rule would delete."""
    if days is None:
        return Preview(0, None, 0)
    aged = CLASSES[key].rows()[0]
    rows = _old(aged, _cutoff(days))
    seen = rows.aggregate(oldest=Min(aged.at))
    return Preview(rows.count(), seen["oldest"], rows.values(aged.thread).distinct().count())


def sweep(timestamp: int = 0) -> int:
    """Delete in every workspace what its rules say; return how many rows went.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    return sum(_attempt(UUID(name)) for name in store().rings() if name != INSTALLATION)


def purge(workspace_id: UUID) -> int:
    """Delete in one workspace what its rules say, in bounded transactions; return how many rows went."""
    gone = 0
    with scope(workspace_id):
        rules = {rule.kept: in_effect(rule, at=now()) for rule in RetentionRule.objects.all()}
    for key, days in sorted(rules.items()):
        if days is not None and key in CLASSES:
            gone += _purge_class(workspace_id, key, _cutoff(days))
    return gone


def _attempt(workspace_id: UUID) -> int:
    try:
        gone = purge(workspace_id)
    except Exception as failure:  # noqa: BLE001  # one workspace's trouble is not the others'
        event(log, "retention.failed", workspace_id=workspace_id, exc_info=failure)
        return 0
    if gone:
        event(log, "retention.purged", workspace_id=workspace_id, count=gone)
    return gone


def _purge_class(workspace_id: UUID, key: str, cutoff: datetime) -> int:
    gone = 0
    for aged in CLASSES[key].rows():
        while True:
            with scope(workspace_id):
                count = _close_away(cutoff) if aged.model is Conversation else _purge_rows(aged, cutoff)
            gone += count
            if count < ROWS:
                break
    if key == "talk":
        gone += _purge_empty(workspace_id, cutoff)
    clear(workspace_id)
    if gone:
        with scope(workspace_id):
            record("retention.purged", by=Actor.system(), detail={"kept": key, "rows": gone})
    return gone


def _cutoff(days: int) -> datetime:
    return now() - timedelta(days=days)


def _old(aged: Aged, cutoff: datetime) -> Any:
    rows: Any = aged.model._default_manager.filter(aged.older_than(cutoff))
    held = held_anywhere()
    if held.everything:
        return rows.none()
    if not aged.thread:
        return rows
    path = "" if aged.thread == "id" else f"{aged.thread}__"
    held_rows = Q(**{f"{path}id__in": held.conversations}) | Q(**{f"{path}contact_id__in": held.contacts})
    return rows.exclude(held_rows) if held.conversations or held.contacts else rows


def _purge_rows(aged: Aged, cutoff: datetime) -> int:
    """Delete one batch of old rows and let the list follow."""
    columns = ["pk", f"{aged.thread}_id"] if aged.thread else ["pk", "pk"]
    found = list(_old(aged, cutoff).order_by(aged.at, "pk").values_list(*columns)[:ROWS])
    _delete(aged.model, [id for id, _ in found])
    if aged.model is Message:
        tell_latest({thread for _, thread in found})
    return len(found)


def _close_away(cutoff: datetime) -> int:
    """Delete one batch of conversations that were closed long ago, with all that is in them."""
    aged = CLASSES["closed"].rows()[0]
    old = _old(aged, cutoff).filter(folded_into=None)
    heads = list(old.order_by("closed_at", "pk").values_list("pk", flat=True)[: ROWS // 10])
    ids = [*heads, *Conversation.objects.filter(folded_into__in=heads).values_list("pk", flat=True)]
    for model in (Message, Activity, Draft, ScheduledMessage, Gap):
        while batch := list(model.objects.filter(conversation_id__in=ids).values_list("pk", flat=True)[:ROWS]):
            _delete(model, batch)
    _delete(Conversation, ids)
    return len(heads) if len(heads) < ROWS // 10 else ROWS


def _purge_empty(workspace_id: UUID, cutoff: datetime) -> int:
    """Delete conversations that nothing is left in, a batch at a time."""
    gone = 0
    while True:
        with scope(workspace_id):
            empty = _old(Aged(Conversation, "last_message_at", thread="id"), cutoff).filter(
                messages=None, activities=None, gaps=None, scheduled=None
            )
            heads = Conversation.objects.filter(folded_into__isnull=False).values("folded_into")
            empty = empty.exclude(pk__in=heads)
            ids = list(empty.values_list("pk", flat=True)[:ROWS])
            _delete(Draft, Draft.objects.filter(conversation_id__in=ids).values_list("pk", flat=True))
            _delete(Conversation, ids)
        gone += len(ids)
        if len(ids) < ROWS:
            return gone


def _delete(model: Any, ids: Iterable[UUID]) -> None:
    if model is Message:
        keep_spending(ids := list(ids))
        Attachment.objects.filter(message_id__in=ids)._raw_delete("default")
    if model is Conversation:  # files that were chosen and not sent, or not yet
        Attachment.objects.filter(conversation_id__in=(ids := list(ids)))._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = ANY(%s)', [list(ids)])  # noqa: S608  # our own
