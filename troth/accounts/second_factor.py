"""Second factors: their secrets are sealed, and a QR code is drawn here rather than by a server elsewhere."""

import io
from base64 import b64decode, b64encode

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from troth.base.sealing import INSTALLATION, ring

PLACE = "mfa_authenticator.data"


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
        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=3, xmldecl=False, light="#fff")
        return drawing.getvalue().decode()

    def get_totp_issuer(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)
