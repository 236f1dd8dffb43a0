"""Pages of long work: the part that moves answers alone, and the whole page comes again once it stands still."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def watched(
    request: HttpRequest, page: str, shown: dict[str, Any], *, part: str, target: str, moves: bool, status: int = 200
) -> HttpResponse:
    """Return the page, or the template `part` of it where htmx asks for its element `target` while the work goes on."""
    if request.headers.get("HX-Target") != target:
        return render(request, page, shown, status=status)
    if not moves:
        return HttpResponse(headers={"HX-Refresh": "true"})  # what can be done now stands elsewhere on the page
    return render(request, part, shown)
