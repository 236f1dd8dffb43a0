"""Second factors: their secrets are sealed, and a QR code is drawn here rather than by a server elsewhere."""

import io
from base64 import b64decode, b64encode
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from troth.base.sealing import INSTALLATION, ring

PLACE = "mfa_authenticator.data"
# What of an authenticator's data is sealed: the app's secret, the seed of recovery codes, the name of a passkey.
SEALED_IN_DATA = ("secret", "seed", "name")


def seal_text(text: str) -> str:
    """Return the sealed form of something that stands in an authenticator's data, as text for JSON."""
    return b64encode(ring(INSTALLATION).seal(text.encode(), place=PLACE)).decode()


def unseal_text(sealed: str) -> str:
    """Return what was sealed. Raises: Unreadable."""
    return ring(INSTALLATION).unseal(b64decode(sealed), place=PLACE).decode()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's second factors over our keys."""

    def encrypt(self, text: str) -> str:
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_text(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        import segno  # noqa: PLC0415  # for a page that each person opens once

        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=3, xmldecl=False, light="#fff")
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        made = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey") if not made else _("Passkey %(number)d") % {"number": made + 1}

    def get_totp_issuer(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


def reseal_second_factors() -> int:
    """Seal again what older keys sealed inside authenticators; return how many were changed. Safe to repeat.

    Part of a key rotation: the library keeps these texts in JSON, where the walk over sealed columns does not find them.
    """
    changed = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            authenticator = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if authenticator is not None and _reseal(authenticator.data):
                authenticator.save(update_fields=["data"])
                changed += 1
    return changed


def _reseal(data: dict[str, Any]) -> bool:
    stale = [name for name in SEALED_IN_DATA if name in data and not _is_current(data[name])]
    for name in stale:
        data[name] = seal_text(unseal_text(data[name]))
    return bool(stale)


def _is_current(sealed: str) -> bool:
    return ring(INSTALLATION).is_current(b64decode(sealed))
