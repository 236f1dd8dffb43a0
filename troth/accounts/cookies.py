"""What signing in leaves in browsers."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from troth.base.consent import COOKIE, LASTS
from troth.base.cookies import Cookie, Place, declare_cookie
from troth.ui.cookies import YEAR


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    session = _("Keeps you signed in, and holds what a sign-up or a log-in needs until it is done.")
    declare_cookie(Cookie("session", Place.COOKIE, session, settings.SESSION_LIFE))
    declare_cookie(Cookie("csrf", Place.COOKIE, _("Protects forms from being sent by other sites."), YEAR))
    declare_cookie(
        Cookie(COOKIE, Place.COOKIE, _("Remembers what you chose about cookies that you may refuse."), LASTS)
    )
