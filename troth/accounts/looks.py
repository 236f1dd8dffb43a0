"""A person's choices of looks travel in cookies, so that the first paint of any page is right."""

from django.http import HttpResponseBase

from troth.accounts.models import User
from troth.base.consent import drop_cookie, set_cookie
from troth.ui.cookies import YEAR


def show_looks(response: HttpResponseBase, user: User) -> None:
    """Set the cookies that `ui` reads (theme, single keys) to what the person chose."""
    chosen = {
        "troth_theme": "" if user.theme == "system" else user.theme,
        "troth_keys": "" if user.single_keys else "off",
    }
    for name, value in chosen.items():
        if value:
            set_cookie(response, name, value, life=YEAR, scripts=True)
        else:
            drop_cookie(response, name)
