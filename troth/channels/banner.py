"""What stands above every page of owners and admins while a number needs them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from troth.channels.trouble import LOST, RESTRICTED, TROUBLES
from troth.ui.slots import Banner
from troth.workspaces.banners import Question
from troth.workspaces.models import Role

_NEEDY = """
    SELECT count(*) FROM channels_channel c
    LEFT JOIN channels_channelhealth h ON h.workspace_id = c.workspace_id AND h.channel_id = c.id
    WHERE c.workspace_id = %(workspace)s AND c.number_id <> '' AND (
      (c.removed_at IS NOT NULL AND c.removed_by_id IS NULL AND c.token IS NULL AND c.status = ANY(%(lost)s::text[]))
      OR c.removed_at IS NULL AND (c.problem_code IS NOT NULL OR c.status = ANY(%(lasting)s::text[]) OR h.overall = 'BLOCKED'
           OR h.answer IN ('token_invalid', 'token_expired') OR h.token_expires_at < %(now)s))
"""
# A restriction goes by itself, and says so where it counts: on the number, and at each message that waits.
_LASTING = sorted(set(TROUBLES) - {RESTRICTED})
QUESTION = Question(sql=_NEEDY, facts={"lost": sorted(LOST), "lasting": _LASTING})


def banners(request: HttpRequest, count: int) -> list[Banner]:
    """Return a banner where numbers need whoever is looking, but for the pages that say it all anyway."""
    member: Any = request.member  # type: ignore[attr-defined]
    if not member.may(Role.ADMIN) or "/channels/" in request.path:
        return []
    url = reverse("channels:health", args=[request.workspace.handle])  # type: ignore[attr-defined]
    return [Banner("channels/_needy.html", {"count": count, "url": url})]
