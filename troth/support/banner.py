"""What stands above every page of a workspace while staff may look at it, or while its sending is stopped."""

from typing import Any

from django.db import connection
from django.http import HttpRequest

from troth.base.clock import now
from troth.channels.models import SendingStop
from troth.support import grants
from troth.support.models import Grant
from troth.ui.slots import Banner
from troth.workspaces.scope import NoScope, current_workspace_id

# One question for all pages, most of which have nothing to tell.
_ANYTHING = """
    SELECT 1 FROM support_grant WHERE workspace_id = %s AND ended_at IS NULL AND expires_at > %s
    UNION ALL SELECT 1 FROM channels_sendingstop WHERE workspace_id = %s AND lifted_at IS NULL LIMIT 1
"""


def banners(request: HttpRequest) -> list[Banner]:
    """Return what is to be told on this page: who may look until when, who waits for a yes, whether sending is stopped."""
    member = getattr(request, "member", None)
    if member is None or not _is_there_anything():
        return []
    told = [Banner("support/_alive.html", _of(grant, member)) for grant in _requests(grants.alive())]
    if grants.may_start(member):
        told += [Banner("support/_awaiting.html", _of(grant, member)) for grant in _requests(grants.awaiting())]
    stop = SendingStop.objects.filter(lifted_at=None).first()
    return [*told, Banner("support/_stopped.html", {"stop": stop})] if stop else told


def _is_there_anything() -> bool:
    try:
        workspace_id = current_workspace_id()
    except NoScope:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING, [workspace_id, now(), workspace_id])
        return cursor.fetchone() is not None


def _requests(found: Any) -> list[Grant]:
    return list(found.select_related("request"))


def _of(grant: Grant, member: Any) -> dict[str, Any]:
    may_read = grants.may_stop(grant, member)
    return {"grant": grant, "may_stop": may_read, "may_read": may_read}
