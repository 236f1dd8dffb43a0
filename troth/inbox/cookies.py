"""What working in the inbox leaves in browsers: what was written and is not with the server yet."""

from django.utils.translation import gettext_lazy as _

from troth.base.cookies import Cookie, Place, Until, declare_cookie


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for name, purpose in (
        ("troth:draft:*", _("Holds an answer that you have begun, until it is sent or you log out.")),
        ("troth:outbox:*", _("Holds what you sent while there was no connection, until it is on its way.")),
        ("troth:fold:*", _("Remembers which parts of the details panel you folded.")),
    ):
        declare_cookie(Cookie(name, Place.LOCAL, purpose, Until.LOGOUT))
