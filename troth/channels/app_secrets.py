"""The secrets of the installation's own app at Meta, if it has one, and how any app's secret is found again.

Whoever runs an installation may have an app of their own, by which members connect numbers on Meta's page instead of
entering keys. Its secret stands in the settings, and may be two while it is replaced: each number that came by it knows the
secret of its day, and all of them stand for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from troth.base.sealing import INSTALLATION, ring

SECRET_PLACE = "channels_channel.app_secret_hash"  # noqa: S105  # a column, by which deliveries find their channel
CALLBACK_PATH = "/hooks/cloud/"
OWN_DOOR = "app"  # the last word of the address at which the app's own news come
OWN_DOOR_ID = UUID(int=0)  # that address in the table of deliveries, where all others are those of channels


@dataclass(frozen=True)
class OwnApp:
    """The installation's app. The first of its secrets is the one that is in use."""

    app_id: str
    config_id: str
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def secret(self) -> str:
        return self.secrets[0]

    @property
    def callback_url(self) -> str:
        """The address at which Meta is to tell what is about no number: decisions on templates, ended access."""
        return f"{settings.BASE_URL}{CALLBACK_PATH}{OWN_DOOR}"

    @property
    def verify_token(self) -> str:
        """The word by which that address proves to be ours."""
        return salted_hmac("troth.channels.own_app", self.app_id, algorithm="sha256").hexdigest()[:48]

    @property
    def signs_up(self) -> bool:
        """Whether members can connect numbers on Meta's own page."""
        return bool(self.config_id)


def own_app() -> OwnApp | None:
    """Return the installation's app, None where it has none."""
    secrets = tuple(secret for secret in settings.META_APP_SECRETS if secret)
    if not settings.META_APP_ID or not secrets:
        return None
    return OwnApp(settings.META_APP_ID, settings.META_SIGNUP_CONFIG_ID, secrets)


def hash_of(app_secret: str) -> bytes:
    """Return the keyed hash by which deliveries signed with this secret find their channel."""
    return ring(INSTALLATION).index(app_secret, place=SECRET_PLACE)


def in_use(app_secret: str) -> str:
    """Return the secret that is in use where this one is, or was, our own app's; else this one."""
    app = own_app()
    return app.secret if app is not None and app_secret in app.secrets else app_secret


def own_marks() -> dict[bytes, str]:
    """Return the keyed hashes of our own app's secrets, with the secrets."""
    app = own_app()
    return {hash_of(secret): secret for secret in app.secrets} if app is not None else {}


def standing_together(marks: Sequence[bytes]) -> list[bytes]:
    """Return these keyed hashes of secrets, with all of our own app's where one of them is."""
    ours = own_marks()
    further = [mark for mark in ours if mark not in marks] if any(mark in ours for mark in marks) else []
    return [*marks, *further]
