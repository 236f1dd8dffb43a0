"""Whose secrets prove a callback: the installation's own apps, or the app of the one channel that the address names."""

from uuid import UUID

from django.conf import settings
from django.db import connection

from troth.base.keystore import KeysMissing
from troth.base.sealing import Unreadable, reload_ring, ring

_COLUMNS = ("app_secret", "previous_app_secret")


def of_installation() -> list[str]:
    """Return the secrets of the operator's own apps."""
    return list(settings.META_APP_SECRETS)


def of_channel(channel_id: UUID) -> list[str]:
    """Return the secrets of a channel's app, two while one is being replaced; none where there is no such channel."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, app_secret, previous_app_secret FROM channel_door(%s)", [channel_id])
        row = cursor.fetchone()
    if row is None:
        return []
    workspace, *sealed = row
    try:
        return [_opened(str(workspace), kept, column) for kept, column in zip(sealed, _COLUMNS, strict=True) if kept]
    except KeysMissing:
        return []


def _opened(workspace: str, sealed: bytes, column: str) -> str:
    place = f"channels_channel.{column}"
    try:
        return ring(workspace).unseal(bytes(sealed), place=place).decode()
    except Unreadable:
        return reload_ring(workspace).unseal(bytes(sealed), place=place).decode()
