"""Addresses of files: for one member, one file, an hour or two. Whoever else opens one finds nothing."""

import base64
import hmac
from uuid import UUID

from django.urls import reverse

from troth.base.clock import now
from troth.base.sealing import ring

LASTS_S = 3600  # the same address for so long, and as long again until it no longer opens
_BYTES = 18


def address_of(attachment_id: UUID, part: str, *, conversation_id: UUID, member_id: UUID, handle: str) -> str:
    """Return where this member finds a file now."""
    token = _token(attachment_id, member_id, _hour())
    return reverse("file", args=[handle, conversation_id, attachment_id, part, token])


def opens(token: str, attachment_id: UUID, *, member_id: UUID) -> bool:
    """Return whether an address was made for this member and file, not long ago."""
    hour = _hour()
    return any(hmac.compare_digest(token, _token(attachment_id, member_id, at)) for at in (hour, hour - 1))


def _hour() -> int:
    return int(now().timestamp()) // LASTS_S


def _token(attachment_id: UUID, member_id: UUID, hour: int) -> str:
    mark = ring().index(f"{attachment_id}|{member_id}|{hour}", place="inbox.file_address")
    return base64.urlsafe_b64encode(mark[:_BYTES]).decode()
