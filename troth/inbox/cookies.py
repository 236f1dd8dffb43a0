"""What working in the inbox leaves in browsers: what was written and is not with the server yet."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from troth.base.cookies import Cookie, Place, Until, declare_cookie

YEAR = timedelta(days=365)


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for name, purpose in (
        ("troth:draft:*", _("Holds an answer that you have begun, until it is sent or you log out.")),
        ("troth:outbox:*", _("Holds what you sent while there was no connection, until it is on its way.")),
        ("troth:fold:*", _("Remembers which parts of the details panel you folded.")),
        ("troth:speed", _("Remembers how fast you like to listen.")),
    ):
        declare_cookie(Cookie(name, Place.LOCAL, purpose, Until.LOGOUT))
    places = _("Remembers where you stopped listening, until you close the tab or log out.")
    declare_cookie(Cookie("troth:places", Place.SESSION, places, Until.TAB))
    said = _("Holds what you filled in for the latest messages, so that it stands there again when you take one back.")
    declare_cookie(Cookie("troth:said", Place.SESSION, said, Until.TAB))
    undo = _("Remembers that your messages leave at once, without the seconds in which they can be taken back.")
    declare_cookie(Cookie("troth_hold", Place.COOKIE, undo, YEAR, scripts=True))
