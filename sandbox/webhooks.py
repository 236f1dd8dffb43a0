"""The bytes of a webhook: Meta's escaping, its envelope, its signature."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

AGENT = "facebookexternalua"


@dataclass(frozen=True, slots=True)
class Change:
    """One change on its way out: the account it belongs to and its JSON, already escaped."""

    account_id: str
    json: bytes
    at: int | None = None

    @property
    def entry(self) -> tuple[str, int | None]:
        return self.account_id, self.at


def change(account_id: str, field: str, value: object, *, at: int | None = None) -> Change:
    """Return a change ready to be sent; `at` (unix seconds) only on fields whose entries carry a time."""
    return Change(account_id, escaped({"value": value, "field": field}), at)


def escaped(value: object) -> bytes:
    r"""Return JSON the way Meta writes it: non-ASCII as lower-case \uXXXX, and every slash as \/."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def body_of(changes: Iterable[Change]) -> bytes:
    """Return one webhook body; neighbours of the same account share an entry."""
    entries = []
    for (account_id, at), group in groupby(changes, key=lambda item: item.entry):
        time = b"" if at is None else b'"time":%d,' % at
        inner = b",".join(item.json for item in group)
        entries.append(b'{"id":"%s",%s"changes":[%s]}' % (account_id.encode(), time, inner))
    return b'{"object":"whatsapp_business_account","entry":[%s]}' % b",".join(entries)


def signature(secret: str, body: bytes) -> str:
    """Return the value of `X-Hub-Signature-256` for exactly these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(secret: str, body: bytes) -> dict[str, str]:
    """Return the headers of a signed webhook."""
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Accept": "*/*",
        "X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": signature(secret, body),
    }
