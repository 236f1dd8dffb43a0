"""What WhatsApp's codes mean: a page to look things up in."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from troth.channels.registry import Meaning, meanings
from troth.channels.views.found import page
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

QUERY_CHARS_MAX = 80


@member_view(role=Role.ADMIN)
@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Show all codes, or those whose number or words hold what is looked for."""
    query = " ".join(request.GET.get("q", "")[:QUERY_CHARS_MAX].split())
    lines = [_line(one) for one in meanings()]
    found = [line for line in lines if _fits(line, query)] if query else lines
    shown = {"lines": found, "query": query, "count": len(lines)}
    part = request.headers.get("HX-Target") == "codes"
    return page(request, "channels/_codes.html" if part else "channels/codes.html", shown)


def _line(meaning: Meaning) -> dict[str, Any]:
    return {
        "code": meaning.shown,
        "first": meaning.first,
        "last": meaning.last,
        "admin": _(meaning.admin),
        "agent": _(meaning.agent),
        "by_itself": _(meaning.by_itself),
        "advice": _(meaning.advice),
    }


def _fits(line: dict[str, Any], query: str) -> bool:
    if query.isascii() and query.isdigit():
        return query in line["code"] or line["first"] <= int(query) <= line["last"]
    text = " ".join(str(line[key]) for key in ("code", "admin", "agent", "by_itself", "advice")).casefold()
    return all(word in text for word in query.casefold().split())
