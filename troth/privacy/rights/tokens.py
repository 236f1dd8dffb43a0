"""The secrets in links: 256 bits, kept as a keyed hash only, found without a scope."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from troth.base.sealing import INSTALLATION, ring
from troth.privacy.models import OperatorCase

TOKEN_BYTES = 32
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_DIGITS = "23456789"


@dataclass(frozen=True)
class Found:
    """Whose case or export a secret stands for; `workspace_id` None is the operator's."""

    workspace_id: UUID | None
    id: UUID


def new_token() -> tuple[str, bytes]:
    """Return a new secret and what the database keeps of it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hashed(token)


def hashed(token: str) -> bytes:
    """Return what the database keeps of a secret. With the installation's key: whose it is, is to be found out."""
    return ring(INSTALLATION).index(token, place="privacy.token")


def case_of(token: str) -> Found | None:
    """Return the case that a secret opens, None where there is none. It takes the same steps either way."""
    mark = hashed(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, case_id FROM case_by_token(%s)", [mark])
        row = cursor.fetchone()
    own = OperatorCase.objects.filter(token_hash=mark).values_list("id", flat=True).first()
    if row is not None:
        return Found(row[0], row[1])
    return Found(None, own) if own is not None else None


def export_of(token: str) -> Found | None:
    """Return the export that a single-use link opens, whatever became of it since; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, export_id FROM export_by_link(%s)", [hashed(token)])
        row = cursor.fetchone()
    return Found(row[0], row[1]) if row is not None else None


def new_code() -> tuple[str, bytes]:
    """Return a word that a person types into WhatsApp ("KHLM-4827"), and its keyed hash, in the scope of a workspace."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(4))
    digits = "".join(secrets.choice(_CODE_DIGITS) for _ in range(4))
    code = f"{letters}-{digits}"
    return code, code_hash(code)


def code_hash(code: str) -> bytes:
    """Return the keyed hash of a typed word, in the scope of a workspace."""
    return ring().index(code, place="privacy_case.code_hash")
