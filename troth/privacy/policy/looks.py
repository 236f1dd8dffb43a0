"""Looks at the running installation from above: walls, keys, chains, headers, and what should be gone by now."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from troth.accounts.models import QueuedMail, Session
from troth.audit.chain import START, link
from troth.audit.models import Entry
from troth.base.clock import now
from troth.base.keystore import KeysDamaged, KeysMissing
from troth.base.probes import Seen, register_probe
from troth.base.registry import REGISTRY
from troth.base.sealing import INSTALLATION, store
from troth.ingest.models import Delivery
from troth.privacy.models import PolicyNotice
from troth.privacy.policy.force import standings
from troth.workspaces.models import Workspace, WorkspaceModel
from troth.workspaces.scope import scope

BODY_LIVES = timedelta(hours=1)
MAIL_WAITS = timedelta(hours=2)
ADDRESS_LIVES = timedelta(days=30)
NOTICE_WAITS = timedelta(days=1)
LINKS_EACH = 100
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORBIDS = ("default-src 'none'", "frame-ancestors 'none'", "connect-src 'self'", "form-action 'self'")


def register() -> None:
    """Have these looks taken with the others."""
    register_probe("headers", headers, asks=_("Do our pages tell browsers to guard them and to ask nobody else?"))
    register_probe("walls", walls, asks=_("Does every table of workspaces stand behind its wall?"))
    register_probe("registry", registry, asks=_("Is every field on the list of what we keep?"))
    register_probe("deliveries", deliveries, asks=_("Is the content of a notice from Meta kept longer than an hour?"))
    register_probe("mail", mail, asks=_("Does a mail wait longer than two hours?"))
    register_probe("addresses", addresses, asks=_("Is the address of a browser kept longer than thirty days?"))
    register_probe("chains", chains, asks=_("Do the newest entries of who did what follow from one another?"))
    register_probe("keys", keys, asks=_("Do all keys open, which are kept apart from the database?"))
    register_probe("notices", notices, asks=_("Was every change that matters announced to all owners?"))


def headers() -> Seen:
    """Ask for two pages of ours as a browser would, without the network."""
    wrong = 0
    for path in ("/account/login/", "/privacy/"):
        from django.test import Client  # noqa: PLC0415  # what it brings is needed by tests and by this look

        answer = Client(headers={"host": settings.ALLOWED_HOSTS[0]}).get(path, secure=settings.SESSION_COOKIE_SECURE)
        policy = answer.headers.get("Content-Security-Policy", "")
        wrong += answer.status_code != 200
        wrong += sum(value not in answer.headers.get(name, "") for name, value in HEADERS.items())
        wrong += sum(rule not in policy for rule in FORBIDS)
        if settings.SESSION_COOKIE_SECURE:
            wrong += "max-age=31536000" not in answer.headers.get("Strict-Transport-Security", "")
    return Seen(wrong == 0, f"{wrong} headers missing or wrong on two pages", {"wrong": wrong})


def walls() -> Seen:
    """Compare the tables of workspaces with the database's own list of walls, and look at who we are in it."""
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, WorkspaceModel)]
    tables.append(Workspace._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)"
            " AND relrowsecurity AND relforcerowsecurity AND EXISTS"
            " (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'workspace_wall')",
            [tables],
        )
        standing = cursor.fetchone()[0]
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        mighty = cursor.fetchone()[0]
    holes = len(tables) - standing
    words = f"{standing} of {len(tables)} tables walled" + (", but our role is above the walls" if mighty else "")
    return Seen(holes == 0 and not mighty, words, {"tables": len(tables), "holes": holes})


def registry() -> Seen:
    """Count fields that no declaration names."""
    missing = 0
    for model in apps.get_models(include_auto_created=True):
        declared = REGISTRY.get(model._meta.label)
        fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
        missing += sum(declared is None or field.name not in declared.classes for field in fields)
    return Seen(missing == 0, f"{missing} fields undeclared in {len(REGISTRY)} tables", {"undeclared": missing})


def deliveries() -> Seen:
    """Look for the oldest notice whose content is still here."""
    oldest = Delivery.objects.filter(body__isnull=False, parked_at=None).aggregate(oldest=Min("received_at"))["oldest"]
    return _age(oldest, most=BODY_LIVES, what="content of a notice")


def mail() -> Seen:
    """Look for the oldest mail that waits for its first try or its next one."""
    waiting = QueuedMail.objects.filter(delivered_at=None, given_up_at=None)
    return _age(waiting.aggregate(oldest=Min("created_at"))["oldest"], most=MAIL_WAITS, what="waiting mail")


def addresses() -> Seen:
    """Count sessions that still hold the address of a browser after thirty days."""
    count = Session.objects.filter(ip__isnull=False, created_at__lt=now() - ADDRESS_LIVES).count()
    return Seen(count == 0, f"{count} kept longer", {"older": count})


def chains() -> Seen:
    """Follow the newest entries of each chain, the installation's and every workspace's."""
    seen, broken = _follow()
    names = [name for name in store().rings() if name != INSTALLATION]
    for name in names:
        with scope(UUID(name)):
            more, holes = _follow()
        seen, broken = seen + more, broken + holes
    return Seen(broken == 0, f"{broken} breaks in {seen} entries of {len(names) + 1} chains", {"breaks": broken})


def keys() -> Seen:
    """Open every ring, and see that keys lie outside the database's folder, closed to others."""
    folder = Path(settings.HOME) / "keys"
    within = (Path(settings.HOME) / "postgresql").resolve() in folder.resolve().parents
    is_open = folder.exists() and bool(folder.stat().st_mode & 0o077)
    shut = 0
    for name in store().rings():
        try:
            store().load(name)
        except (KeysMissing, KeysDamaged, OSError, ValueError):
            shut += 1
    ok = not (within or is_open or shut)
    return Seen(ok, f"{shut} rings do not open" + (", the folder is open to others" if is_open else ""), {"shut": shut})


def notices() -> Seen:
    """Look for a version that matters and was not announced within a day, or not to every owner."""
    late = sum(
        one.version.significant and one.effective_at is None and now().date() - one.version.published > NOTICE_WAITS
        for one in standings()
    )
    short = sum(notice.mails < notice.owners for notice in PolicyNotice.objects.all())
    return Seen(late + short == 0, f"{late} not announced, {short} not to everybody", {"late": late, "short": short})


def _age(oldest: datetime | None, *, most: timedelta, what: str) -> Seen:
    if oldest is None:
        return Seen(True, f"no {what}", {"oldest_s": 0})
    age_s = int((now() - oldest).total_seconds())
    return Seen(age_s <= most.total_seconds(), f"the oldest {what} is {_told(age_s)} old", {"oldest_s": age_s})


def _told(seconds: int) -> str:
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _follow() -> tuple[int, int]:
    """Return how many of the newest entries of the chain in scope were followed, and how many do not follow."""
    newest = list(Entry.objects.order_by("-number")[: LINKS_EACH + 1])
    newest.reverse()
    # The first of a cut-off row has its predecessor out of sight.
    begins = bool(newest) and newest[0].number == 1
    breaks = 0
    previous = START if begins else bytes(newest[0].hash) if newest else START
    for entry in newest if begins else newest[1:]:
        breaks += bytes(entry.hash) != link(entry, previous=previous)
        previous = bytes(entry.hash)
    return len(newest), breaks
