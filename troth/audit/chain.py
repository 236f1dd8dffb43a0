"""How one entry leads to the next: each hash covers the one before and all of the entry but its detail, of which it
covers the salted hash. Whoever changes, removes or inserts an entry breaks every hash after it; a detail can be erased,
or sealed under another key, and nothing breaks."""

import hashlib
import json
from datetime import UTC
from typing import Any

from troth.audit.models import Entry

START = b"\0" * 32


def canonical(entry: Entry) -> bytes:
    """Return what the hash covers, as JSON with sorted keys."""
    return json.dumps(facts_of(entry), sort_keys=True, separators=(",", ":")).encode()


def facts_of(entry: Entry) -> dict[str, Any]:
    """Return what the hash covers: instants in UTC with microseconds, ids and hashes as text."""
    return {
        "workspace": str(entry.workspace_id) if entry.workspace_id else None,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": [entry.actor_kind, str(entry.actor_id) if entry.actor_id else None],
        "action": entry.action,
        "target": [entry.target_kind, str(entry.target_id) if entry.target_id else None],
        "detail": bytes(entry.detail_hash).hex() if entry.detail_hash is not None else None,
    }


def link(entry: Entry, *, previous: bytes) -> bytes:
    """Return the entry's hash (SHA-256, 32 bytes), given the hash of the entry before it (START for the first)."""
    return hashlib.sha256(previous + canonical(entry)).digest()
