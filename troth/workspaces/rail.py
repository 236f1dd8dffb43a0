"""The place of this app in the rail."""

from django.http import HttpRequest
from django.urls import reverse

from troth.workspaces.access import handle_of


def settings_url(request: HttpRequest) -> str | None:
    """Return the address of the settings of the workspace at hand, if there is one."""
    handle = handle_of(request)
    return reverse("workspaces:settings", args=[handle]) if handle else None
