from datetime import timedelta

from django.apps import AppConfig

from troth.base.cookies import Cookie, Place, declare_cookie

TALLY = Cookie("tally", Place.COOKIE, "Counts how often this browser comes.", timedelta(days=30), essential=False)


class OptionalConfig(AppConfig):
    name = "tests.optional"
    label = "optional"

    def ready(self) -> None:
        declare_cookie(TALLY)
