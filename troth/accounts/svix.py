"""Signatures of webhooks as Svix makes them, which is how Resend signs. Pure.

Source: docs.svix.com, verifying payloads manually (read 2026-11-28): HMAC-SHA256 over "id.seconds.body" with the secret
after "whsec_" in base64; the header lists signatures as "v1,base64", separated by spaces.
"""

import base64
import binascii
import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"


class Forged(Exception):
    """Not signed with a secret of ours, or signed at another time."""


def verify(body: bytes, headers: Mapping[str, str], *, secrets: Collection[str], at: datetime) -> None:
    """Return if the body was signed with one of these secrets just now. Raises: Forged; also where there is no secret."""
    id, seconds = headers.get("svix-id", ""), headers.get("svix-timestamp", "")
    if not id or not seconds.isdecimal() or len(seconds) > 11:
        raise Forged
    if abs(at.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise Forged
    given = [part.partition(",") for part in headers.get("svix-signature", "").split(" ")]
    signed = f"{id}.{seconds}.".encode() + body
    wanted = [signature(signed, secret=secret) for secret in secrets if secret]
    matches = [
        hmac.compare_digest(mine.encode(), theirs.encode())
        for mine in wanted
        for version, _, theirs in given
        if version == "v1"
    ]
    if not any(matches):
        raise Forged


def signature(signed: bytes, *, secret: str) -> str:
    """Return the signature in base64. Raises: Forged, for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise Forged from None
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
