"""The clocks of cases: acknowledged within 24 hours, alarms ten and three days before the end, late said to be late.

For a request with the usual thirty days that is at day 20 and day 27. A request that came to the operator and is a
workspace's to answer has two working days to be handed on.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.privacy.models import Case, OperatorCase
from troth.privacy.models.case import AnyCase
from troth.privacy.rights.telling import tell_operator_of_alarm, tell_owners_of_alarm
from troth.ui.slots import Alarm
from troth.workspaces.scope import scope

# The field that keeps when an alarm was raised, and how long before the end it is. The most urgent comes first.
HEARD_WITHIN = timedelta(hours=20)  # of the 24; by then somebody has to be told that nobody was
ALARMS = (
    ("alarmed_late_at", timedelta(0)),
    ("alarmed_27_at", timedelta(days=3)),
    ("alarmed_20_at", timedelta(days=10)),
)


def wind(timestamp: int = 0) -> None:
    """Raise the alarms that are due. Safe to run twice: each is raised once."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, case_id FROM cases_due(%s)", [at])
        due = cursor.fetchall()
    for workspace_id, case_id in due:
        with scope(workspace_id):
            _look(Case.objects.select_for_update(skip_locked=True).filter(pk=case_id).first(), at)
    soon = Q(due_at__lte=at + ALARMS[-1][1]) | Q(acknowledged_at=None, opened_at__lte=at - HEARD_WITHIN)
    soon |= late_to_hand_on(at)
    for case_id in OperatorCase.objects.filter(soon, closed_at=None).values_list("id", flat=True):
        with transaction.atomic():
            _look(_operators(case_id), at)


def alarms_due(case: AnyCase, at: datetime) -> list[str]:
    """Return the fields of the alarms that are due and were not raised, the most urgent first."""
    due = [field for field, before in ALARMS if at >= case.due_at - before]
    if case.acknowledged_at is None and at >= case.opened_at + HEARD_WITHIN:
        due.append("alarmed_heard_at")
    if isinstance(case, OperatorCase) and case.is_late_to_hand_on(at=at):
        due.append("alarmed_forward_at")
    return [field for field in due if getattr(case, field) is None]


def to_hand_on() -> Alarm | None:
    """Return what staff see while requests are late to be handed on."""
    count = OperatorCase.objects.filter(late_to_hand_on(now())).count()
    if not count:
        return None
    words = ngettext(
        "A request about data should have been handed on to its workspace by now.",
        "Requests about data should have been handed on to their workspaces by now.",
        count,
    )
    return Alarm(count, words, _("List them on the server with:"), "python -m django privacy_cases")


def late_to_hand_on(at: datetime) -> Q:
    """Return which of the operator's requests a workspace should have got by now."""
    return Q(forward_by__lt=at, forwarded_at=None, verified_at=None, closed_at=None)


def _operators(case_id: UUID) -> OperatorCase | None:
    return OperatorCase.objects.select_for_update(skip_locked=True).filter(pk=case_id).first()


def _look(case: AnyCase | None, at: datetime) -> None:
    if case is None or not case.is_open or not (due := alarms_due(case, at)):
        return
    # One mail: a milder alarm that was missed is not raised any more.
    for field in due:
        setattr(case, field, at)
    case.save(update_fields=due)
    if isinstance(case, Case):
        tell_owners_of_alarm(case, days_left=case.days_left(at=at))
    else:
        tell_operator_of_alarm(case, days_left=case.days_left(at=at), to_hand_on=due[0] == "alarmed_forward_at")
    kind = "case" if isinstance(case, Case) else "operator_case"
    record("case.alarm", by=Actor.system(), target=(kind, case.pk), detail={"alarm": due[0]})
