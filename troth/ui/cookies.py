"""What the pages themselves leave in browsers: how a person likes them to look."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from troth.base.cookies import Cookie, Place, Until, declare_cookie

YEAR = timedelta(days=365)


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for name, purpose in (
        ("troth_theme", _("Remembers that you chose a light or dark look.")),
        ("troth_density", _("Remembers that you chose a compact look.")),
        ("troth_details", _("Remembers that you folded the details panel.")),
        ("troth_keys", _("Remembers that you switched single-key shortcuts off.")),
        ("troth_zone", _("Tells us your time zone once you are signed in, so that days begin when yours do.")),
    ):
        declare_cookie(Cookie(name, Place.COOKIE, purpose, YEAR, scripts=True))
    declare_cookie(
        Cookie(
            "htmx-current-path-for-history",
            Place.SESSION,
            _("Holds the address of the open page, so that the back button works."),
            Until.TAB,
        )
    )
    declare_cookie(
        Cookie(
            "/static/*",
            Place.CACHE,
            _("Style sheets, scripts and icons, so that they are not fetched again. Nothing of yours is in them."),
            YEAR,
        )
    )
