"""After a restore: every browser is signed out, and no mail of that time leaves a second time."""

from django.db import connection

from troth.accounts.models import QueuedMail, Session, User
from troth.base.clock import now
from troth.base.fields import SealedField
from troth.base.restoring import check_on_restore, settle_on_restore
from troth.base.sealing import Unreadable


def connect() -> None:
    """Register. Called once, when the app is ready."""
    settle_on_restore("sessions ended", end_all_sessions)
    settle_on_restore("mails given up", give_up_mail)
    check_on_restore("people", unreadable_people)


def end_all_sessions() -> int:
    """Sign everybody out: who ended a session since would find it open again."""
    ended, _ = Session.objects.all().delete()
    return ended


def give_up_mail() -> int:
    """Give up every mail that waits: it was most likely delivered since, and whoever needs one asks for another."""
    waiting = QueuedMail.objects.filter(delivered_at=None, given_up_at=None)
    return waiting.update(message=None, given_up_at=now())


def unreadable_people() -> int:
    """Count the people whose name the keys at hand do not open."""
    field = User._meta.get_field("name")
    assert isinstance(field, SealedField)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user")
        return sum(not _opens(field, row[0]) for row in cursor.fetchall())


def _opens(field: SealedField, stored: object) -> bool:
    try:
        field.unseal(stored)
    except Unreadable:
        return False
    return True
