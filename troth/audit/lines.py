"""A chain as lines of JSON, for whoever wants to keep it and prove it by themselves (static/audit/verify_chain.py)."""

import json
from typing import Any

from troth.audit.chain import facts_of
from troth.audit.models import Entry
from troth.audit.record import SALT_BYTES, open_salted
from troth.base.sealing import Unreadable


def line_of(entry: Entry) -> str:
    """Return an entry as one line: what the hash covers, the hash, and the detail with its salt where it is still there."""
    line: dict[str, Any] = {**facts_of(entry), "hash": bytes(entry.hash).hex(), "said": _said(entry)}
    return json.dumps(line, sort_keys=True) + "\n"


def _said(entry: Entry) -> dict[str, str] | None:
    try:
        salted = open_salted(entry)
    except Unreadable:
        return None
    if salted is None:
        return None
    return {"salt": salted[:SALT_BYTES].hex(), "text": salted[SALT_BYTES:].decode()}
