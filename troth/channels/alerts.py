"""Telling owners and admins by mail what Meta has changed: collected for some minutes, what is urgent at once."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.jobs import defer
from troth.channels.mails import mail_changes
from troth.channels.models import About, DueAlert, MessageTemplate
from troth.channels.trouble import LIFTED
from troth.workspaces.scope import current_workspace_id, scope

COLLECTED_S = 600
AT_ONCE = frozenset({About.PIN})
# What a change of this kind is told as: those of Meta's answers, and those of its news.
_OF_ANSWERS = {
    "limit": About.LIMIT,
    "throughput": About.SPEED,
    "number_quality": About.QUALITY,
    "display_name": About.NAME,
}
_LIFTED = ("standing", LIFTED)
_OF_NEWS = {
    "alert": About.NOTICE,
    "history": About.HISTORY,
    "name": About.NAME,
    "quality": About.QUALITY,
    "review": About.REVIEW,
    "security": About.PIN,
}
# One kind of news tells of three things. Source: Cloud API reference, phone_number_quality_update (read 2026-11-22).
_OF_EVENTS: dict[str, About | None] = {
    "FLAGGED": None,  # trouble, of which a mail of its own tells at once
    "THROUGHPUT_UPGRADE": About.SPEED,
    "UPGRADE": About.LIMIT,
    "DOWNGRADE": About.LIMIT,
    "ONBOARDING": About.LIMIT,
}
_BAD_STATUSES = frozenset(
    {"REJECTED", "PAUSED", "DISABLED", "FLAGGED", "LIMIT_EXCEEDED", "LOCKED", "PENDING_DELETION"}
)  # fmt: skip
_GOOD_STATUSES = frozenset({"APPROVED", "REINSTATED"})
Standing = tuple[str, str, str, str]  # of a template: status, quality, category, the category that is announced


def tell_of_answers(changes: Iterable[tuple[str, str]]) -> None:
    """Tell what was new when Meta was asked about a number: pairs of what changed, and to which word."""
    abouts = [About.OVER if change == _LIFTED else _OF_ANSWERS.get(change[0]) for change in changes]
    tell([about for about in abouts if about is not None])


def tell_of_news(aspect: str, value: str) -> None:
    """Tell what Meta said by itself about a number or an account."""
    is_event = aspect == "quality" and value in _OF_EVENTS
    about = _OF_EVENTS[value] if is_event else _OF_NEWS.get(aspect)
    tell([about] if about is not None else [])


def standing_of(template: MessageTemplate) -> Standing:
    """Return what of a template is told when it changes."""
    return template.status, template.quality, template.category, template.correct_category


def tell_of_template(before: Standing, template: MessageTemplate) -> None:
    """Tell what is new about a template that stood like this before. Words that were empty are no news."""
    status, quality, category, announced = standing_of(template)
    abouts = []
    if status != before[0] and status in _GOOD_STATUSES and before[0]:
        abouts.append(About.APPROVED)
    if (status != before[0] and status in _BAD_STATUSES) or (quality != before[1] and quality == "RED"):
        abouts.append(About.TEMPLATE)
    if (category != before[2] and before[2]) or (announced != before[3] and announced):
        abouts.append(About.CATEGORY)
    tell(abouts)


def tell(abouts: Iterable[About]) -> None:
    """Let a mail tell of these soon, in the workspace in scope and in the caller's transaction."""
    wanted = sorted(set(abouts))
    if not wanted:
        return
    # Waits for one that is being told just now, and comes after it: what is new since is never taken for what was told.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_duealert (id, workspace_id, about, created_at)"
            " SELECT id, %s, about, %s FROM unnest(%s::uuid[], %s::text[]) AS new (id, about)"
            " ON CONFLICT DO NOTHING RETURNING about",
            [current_workspace_id(), now(), [new_id() for _ in wanted], [one.value for one in wanted]],
        )
        new = {row[0] for row in cursor.fetchall()}
    if new:
        delay_s = 0 if new & AT_ONCE else COLLECTED_S
        defer("channels.tell_changes", delay_s=delay_s, workspace_id=str(current_workspace_id()))


def tell_changes(workspace_id: str) -> None:
    """Mail what is due in a workspace. Safe to run twice: what was told is no longer due."""
    with scope(UUID(workspace_id)):
        due = list(DueAlert.objects.select_for_update().order_by("about"))
        DueAlert.objects.filter(pk__in=[one.pk for one in due]).delete()
        if due:
            mail_changes([About(one.about) for one in due])
