"""What stands above every page of owners and admins while a number needs them. One question, and only for those."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from troth.base.clock import now
from troth.channels.trouble import LOST, RESTRICTED, TROUBLES
from troth.ui.slots import Banner
from troth.workspaces.models import Role
from troth.workspaces.scope import NoScope, current_workspace_id

_NEEDY = """
    SELECT count(*) FROM channels_channel c
    LEFT JOIN channels_channelhealth h ON h.workspace_id = c.workspace_id AND h.channel_id = c.id
    WHERE c.workspace_id = %s AND c.number_id <> '' AND (
      (c.removed_at IS NOT NULL AND c.removed_by_id IS NULL AND c.token IS NULL AND c.status = ANY(%s::text[]))
      OR c.removed_at IS NULL AND (c.problem_code IS NOT NULL OR c.status = ANY(%s::text[]) OR h.overall = 'BLOCKED'
           OR h.answer IN ('token_invalid', 'token_expired') OR h.token_expires_at < %s))
"""
# A restriction goes by itself, and says so where it counts: on the number, and at each message that waits.
_LASTING = sorted(set(TROUBLES) - {RESTRICTED})


def banners(request: HttpRequest) -> list[Banner]:
    """Return a banner where numbers need whoever is looking, but for the pages that say it all anyway."""
    member: Any = getattr(request, "member", None)
    if member is None or not member.may(Role.ADMIN) or "/channels/" in request.path:
        return []
    count = _needy()
    if not count:
        return []
    url = reverse("channels:health", args=[request.workspace.handle])  # type: ignore[attr-defined]
    return [Banner("channels/_needy.html", {"count": count, "url": url})]


def _needy() -> int:
    try:
        workspace_id = current_workspace_id()
    except NoScope:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NEEDY, [workspace_id, sorted(LOST), _LASTING, now()])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
