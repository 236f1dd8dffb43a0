"""`python -m django settle_restored`: put to rest what was under way in a database that came from a backup."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from troth.base.restoring import settle_all, unreadable


class Command(BaseCommand):
    help = "Ends sessions, gives up mail, and marks as uncertain what was being sent; prints what it did as JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := _unknown_steps():
            raise CommandError(
                f"This database was made by a newer Troth: it knows the step {min(unknown)}, and this one does not. "
                "Bring Troth up to date, then restore again."
            )
        self.stdout.write(json.dumps({"settled": settle_all(), "unreadable": unreadable()}))


def _unknown_steps() -> set[str]:
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    known = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    applied = set(loader.applied_migrations) - set(loader.disk_migrations) - known
    return {f"{app}.{name}" for app, name in applied if app in ours}
