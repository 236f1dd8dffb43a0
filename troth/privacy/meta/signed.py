"""Meta's `signed_request`: two parts in base64url, a signature and what it signs. Pure.

Source: Meta, data deletion callback (read 2026-11-28): HMAC-SHA256 with the app's secret over the second part as it stands.
"""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

CHARS_MAX = 4096
ALGORITHM = "HMAC-SHA256"
FRESH_FOR = timedelta(hours=1)
AHEAD_MAX = timedelta(minutes=5)
_PART = re.compile(r"[A-Za-z0-9_-]+={0,2}")
_PERSON = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Malformed(Exception):
    """It does not have the shape that Meta gives it."""


class Forged(Exception):
    """Nobody who holds a secret of ours signed this, or not just now."""


@dataclass(frozen=True)
class Claim:
    """What was signed: whom it is about (an id within one app) and when. `text` is all of it, as it was signed."""

    person: str
    issued_at: datetime
    text: str


def read(signed_request: str, *, secrets: Iterable[str], at: datetime) -> Claim:
    """Return what somebody signed who holds one of these secrets. Without secrets nothing is believed.

    Raises: Malformed, Forged.
    """
    given, text = _parts(signed_request)
    wanted = [hmac.digest(secret.encode(), text.encode(), "sha256") for secret in secrets if secret]
    if not any(hmac.compare_digest(given, one) for one in wanted):
        raise Forged
    claim = _claim(text)
    if not at - FRESH_FOR <= claim.issued_at <= at + AHEAD_MAX:
        raise Forged
    return claim


def _parts(signed_request: str) -> tuple[bytes, str]:
    if len(signed_request) > CHARS_MAX:
        raise Malformed
    parts = signed_request.split(".")
    if len(parts) != 2 or not all(_PART.fullmatch(part) for part in parts):
        raise Malformed
    return _decoded(parts[0]), parts[1]


def _claim(text: str) -> Claim:
    try:
        said: Any = json.loads(_decoded(text))
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(said, dict):
        raise Malformed
    if said.get("algorithm") != ALGORITHM:
        raise Forged
    person, issued_at = said.get("user_id"), said.get("issued_at")
    if not isinstance(person, str) or not _PERSON.fullmatch(person):
        raise Malformed
    if not isinstance(issued_at, int) or isinstance(issued_at, bool) or not 0 < issued_at < 10**11:
        raise Malformed
    return Claim(person, datetime.fromtimestamp(issued_at, UTC), text)


def _decoded(part: str) -> bytes:
    bare = part.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Malformed from None
