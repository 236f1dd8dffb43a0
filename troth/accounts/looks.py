"""A person's choices of looks travel in cookies, so that the first paint of any page is right."""

from django.conf import settings
from django.http import HttpResponseBase

from troth.accounts.models import User

YEAR_S = 365 * 24 * 3600


def show_looks(response: HttpResponseBase, user: User) -> None:
    """Set the cookies that `ui` reads (theme, single keys) to what the person chose."""
    chosen = {
        "troth_theme": "" if user.theme == "system" else user.theme,
        "troth_keys": "" if user.single_keys else "off",
    }
    for name, value in chosen.items():
        if value:
            response.set_cookie(
                name, value, max_age=YEAR_S, secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Lax"
            )
        else:
            response.delete_cookie(name, samesite="Lax")
