"""Who signed a delivery: the check that comes before anything is read."""

import hmac
from collections.abc import Mapping, Sequence

from troth.channels.contract import Forged

HEADER = "x-hub-signature-256"
PREFIX = "sha256="
HEX_CHARS = 64


def verify(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes]) -> int:
    """Return the index of the secret that signed these raw bytes.

    Several secrets are known while an app secret is being replaced. An empty secret counts as none, since
    anybody can sign with it.
    Raises: Forged.
    Source: Meta, "Webhooks from Meta: validating payloads" (read 2026-11-22).
    """
    given = _digest_in(headers)
    for index, secret in enumerate(secrets):
        if secret and hmac.compare_digest(hmac.digest(secret, body, "sha256"), given):
            return index
    raise Forged("no known secret signed this")


def _digest_in(headers: Mapping[str, str]) -> bytes:
    value = headers.get(HEADER)
    if value is None:
        # Servers differ in how they spell header names; HTTP does not.
        value = next((text for name, text in headers.items() if name.lower() == HEADER), "")
    if len(value) != len(PREFIX) + HEX_CHARS or not value.startswith(PREFIX):
        raise Forged("no signature header of the right form")
    try:
        return bytes.fromhex(value[len(PREFIX) :])
    except ValueError:
        raise Forged("the signature is not hexadecimal") from None
