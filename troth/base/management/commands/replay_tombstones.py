"""`python -m django replay_tombstones`: forget again, in this database, everybody who was ever forgotten."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from troth.base import tombstones
from troth.base.sealing import forget_ring, store
from troth.base.tombstones import Kind


class Command(BaseCommand):
    help = "Forgets again all whom the journal of tombstones names, after a database came from somewhere else."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--merge", nargs="*", default=[], metavar="JOURNAL", help="take these journals over first")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["merge"]:
            tombstones.merge(Path(path))
        forgotten = tombstones.read()
        if forgotten and not tombstones.replayers():
            raise CommandError(
                f"{len(forgotten)} people or workspaces were forgotten, and nothing in this Troth can forget them again: "
                "use the version of Troth that forgot them, or a newer one."
            )
        # A key store that came from a backup may hold keys that were destroyed since.
        for tombstone in forgotten:
            if tombstone.kind == Kind.WORKSPACE:
                store().destroy(str(tombstone.subject_id))
                forget_ring(str(tombstone.subject_id))
        again = sum(replay() for replay in tombstones.replayers())
        self.stdout.write(f"{len(forgotten)} tombstones; {again} found here and forgotten again.")
