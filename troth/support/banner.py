"""What stands above every page of a workspace while staff may look at it, or while its sending is stopped."""

from typing import Any

from django.http import HttpRequest

from troth.channels.models import SendingStop
from troth.support import grants
from troth.support.models import Grant
from troth.ui.slots import Banner
from troth.workspaces.banners import Question

QUESTION = Question(
    sql="""
    (SELECT count(*) FROM support_grant WHERE workspace_id = %(workspace)s AND ended_at IS NULL AND expires_at > %(now)s)
    + (SELECT count(*) FROM channels_sendingstop WHERE workspace_id = %(workspace)s AND lifted_at IS NULL)
""",
    facts={},
)


def banners(request: HttpRequest, _count: int) -> list[Banner]:
    """Return what is to be told on this page: who may look until when, who waits for a yes, whether sending is stopped."""
    member: Any = request.member  # type: ignore[attr-defined]
    told = [Banner("support/_alive.html", _of(grant, member)) for grant in _requests(grants.alive())]
    if grants.may_start(member):
        told += [Banner("support/_awaiting.html", _of(grant, member)) for grant in _requests(grants.awaiting())]
    stop = SendingStop.objects.filter(lifted_at=None).first()
    return [*told, Banner("support/_stopped.html", {"stop": stop})] if stop else told


def _requests(found: Any) -> list[Grant]:
    return list(found.select_related("request"))


def _of(grant: Grant, member: Any) -> dict[str, Any]:
    may_read = grants.may_stop(grant, member)
    return {"grant": grant, "may_stop": may_read, "may_read": may_read}
